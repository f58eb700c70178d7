"""Forms to add a poll and to vote."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy, ngettext_lazy

from core.text import graphemes
from core.web.preserved_input import Preserved
from forum.models import Poll
from forum.models.maximum_lengths import TITLE_MAX
from forum.models.poll import OPTION_MAX, OPTIONS_PER_POLL
from forum.polls.polls import PollTerms
from forum.web.form_fields import DraftField, LineField, TextField

OPTIONS_TEXT_MAX = 2_000  # of all options together, with the white space around them
TEXT_FIELDS = ("poll_question", "poll_options")
POLL_FIELDS = (*TEXT_FIELDS, "poll_multiple", "poll_secret", "poll_days")
DAYS = [
    ("", gettext_lazy("Never")),
    *((str(days), ngettext_lazy("After %d day", "After %d days", days) % days) for days in (1, 3, 7, 14, 30)),
]
_LINE = LineField(required=False)


class PollFormMixin(forms.Form):
    """The fields of a poll, for a form that can add one. Cleaned, `poll` is its terms, or None if no text was entered:
    choosing from the lists alone adds no poll."""

    preserved = Preserved(unshown=("poll_multiple", "poll_secret", "poll_days"))
    poll_question = LineField(
        label=gettext_lazy("Question"),
        max_length=TITLE_MAX,
        required=False,
        help_text=gettext_lazy("Leave empty if the title already asks the question."),
        error_messages={
            "max_length": gettext_lazy(
                "A question can have at most %(limit_value)d characters; yours has %(show_value)d."
            )
        },
    )
    poll_options = TextField(
        label=gettext_lazy("Options, one per line"),
        max_length=OPTIONS_TEXT_MAX,
        required=False,
        rows=3,
        help_text=format_lazy(
            gettext_lazy("2 to {most} options. They can’t be edited later."), most=OPTIONS_PER_POLL
        ),
        error_messages={
            "max_length": gettext_lazy("All options together can have at most %(limit_value)d characters.")
        },
    )
    poll_multiple = forms.ChoiceField(
        label=gettext_lazy("Members can choose"),
        required=False,
        choices=[("", gettext_lazy("One option")), ("several", gettext_lazy("Several options"))],
    )
    poll_secret = forms.ChoiceField(
        label=gettext_lazy("Votes are"),
        required=False,
        choices=[
            ("", gettext_lazy("Public: everyone sees who voted for what")),
            ("secret", gettext_lazy("Anonymous: nobody sees who voted for what, not even staff")),
        ],
    )
    poll_days = forms.ChoiceField(label=gettext_lazy("Closes"), required=False, choices=DAYS)

    def clean_poll_options(self) -> tuple[str, ...]:
        options = tuple(filter(None, map(_LINE.to_python, self.cleaned_data["poll_options"].split("\n"))))
        message = _problem_of(options)
        if message and (options or self.cleaned_data.get("poll_question")):
            raise forms.ValidationError(message)
        return options

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        question, options, multiple, secret, days = (cleaned_data.pop(name, "") for name in POLL_FIELDS)
        cleaned_data["poll"] = None
        if options:
            cleaned_data["poll"] = PollTerms(
                options, question, bool(multiple), bool(secret), int(days) if days else None
            )
        return cleaned_data


def _problem_of(options: tuple[str, ...]) -> str:
    if len(options) < 2:
        return _("A poll needs at least two options. Write each on its own line.")
    if len(options) > OPTIONS_PER_POLL:
        return _("A poll can have at most %(most)d options; yours has %(count)d.") % {
            "most": OPTIONS_PER_POLL,
            "count": len(options),
        }
    if too_long := next((option for option in options if len(option) > OPTION_MAX), ""):
        return _("An option can have at most %(most)d characters; “%(option)s…” has %(count)d.") % {
            "most": OPTION_MAX,
            "option": graphemes.truncate(too_long, 20),
            "count": len(too_long),
        }
    if len({option.casefold() for option in options}) < len(options):
        return _("Two options are the same.")
    return ""


class PollDraftForm(forms.Form):
    """The fields of a poll in a draft."""

    poll_question = DraftField(gettext_lazy("A question"), TITLE_MAX)
    poll_options = DraftField(gettext_lazy("A list of options"), OPTIONS_TEXT_MAX)
    poll_multiple = DraftField(gettext_lazy("A choice"), 10)
    poll_secret = DraftField(gettext_lazy("A choice"), 10)
    poll_days = DraftField(gettext_lazy("A choice"), 10)


def poll_draft_fields(fields: dict[str, Any]) -> dict[str, str]:
    """Returns the fields that a draft saves of a poll; none if only lists were chosen from."""
    if not any(fields.get(name) for name in TEXT_FIELDS):
        return {}
    return {name: fields[name] for name in POLL_FIELDS if fields.get(name)}


class VoteForm(forms.Form):
    """One option of a poll, or several if the poll allows it."""

    preserved = Preserved(unshown=("option",))
    option = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Your vote"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose an option."),
            "invalid_choice": gettext_lazy("That option isn’t part of this poll."),
        },
    )

    def __init__(self, data: Any, *, poll: Poll) -> None:
        super().__init__(data)
        self.is_multiple = poll.is_multiple
        option: Any = self.fields["option"]
        option.label = poll.question or option.label
        option.widget = forms.CheckboxSelectMultiple() if poll.is_multiple else RadioChoices()
        option.choices = list(poll.options.order_by("position").values_list("pk", "text"))

    def clean_option(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["option"]
        if len(set(chosen)) > 1 and not self.is_multiple:
            raise forms.ValidationError(_("Choose only one option."))
        return chosen


class RadioChoices(forms.CheckboxSelectMultiple):
    """Radio buttons; if several values are sent anyway, the form gets all of them."""

    input_type = "radio"
