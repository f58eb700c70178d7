"""What is typed to make a poll, and what is chosen in one."""

from typing import Any

from django import forms

from core.text import graphemes
from forum.models import Poll
from forum.models.limits import OPTION_MAX, OPTIONS_PER_POLL, TITLE_MAX
from forum.polls.polls import PollTerms
from forum.web.form_fields import AsTyped, Line, Text

TYPED_MAX = 2_000  # of all options together, with the blanks around them
TEXTS = ("poll_question", "poll_options")
POLL_FIELDS = (*TEXTS, "poll_multiple", "poll_secret", "poll_days")
DAYS = [("", "Never"), *((str(days), f"After {days} day{'s' * (days > 1)}") for days in (1, 3, 7, 14, 30))]
_LINE = Line(required=False)


class WithPoll(forms.Form):
    """The fields of a poll, for a form that may make one: `poll` are its terms, or None where nothing was typed. Who
    chooses from a list and types nothing makes none."""

    poll_question = Line(
        label="Question",
        max_length=TITLE_MAX,
        required=False,
        help_text="Leave it empty where the title asks already.",
        error_messages={
            "max_length": "A question has at most %(limit_value)d characters; yours has %(show_value)d."
        },
    )
    poll_options = Text(
        label="Options, one a line",
        max_length=TYPED_MAX,
        required=False,
        rows=3,
        help_text=f"From 2 to {OPTIONS_PER_POLL}. What stands here cannot be changed later.",
        error_messages={"max_length": "All options together have at most %(limit_value)d characters."},
    )
    poll_multiple = forms.ChoiceField(
        label="Members choose", required=False, choices=[("", "One option"), ("several", "Several options")]
    )
    poll_secret = forms.ChoiceField(
        label="Who voted for what",
        required=False,
        choices=[("", "Everybody can see it"), ("secret", "Nobody can see it, staff neither")],
    )
    poll_days = forms.ChoiceField(label="Closes", required=False, choices=DAYS)

    def clean_poll_options(self) -> tuple[str, ...]:
        options = tuple(filter(None, map(_LINE.to_python, self.cleaned_data["poll_options"].split("\n"))))
        problem = _problem_of(options)
        if problem and (options or self.cleaned_data.get("poll_question")):
            raise forms.ValidationError(problem)
        return options

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        question, options, multiple, secret, days = (said.pop(name, "") for name in POLL_FIELDS)
        said["poll"] = None
        if options:
            said["poll"] = PollTerms(
                options, question, bool(multiple), bool(secret), int(days) if days else None
            )
        return said


def _problem_of(options: tuple[str, ...]) -> str:
    if len(options) < 2:
        return "A poll has at least two options: write each on a line of its own."
    if len(options) > OPTIONS_PER_POLL:
        return f"A poll has at most {OPTIONS_PER_POLL} options; yours has {len(options)}."
    if longest := next((option for option in options if len(option) > OPTION_MAX), ""):
        return f"An option has at most {OPTION_MAX} characters; “{graphemes.cut(longest, 20)}…” has {len(longest)}."
    if len({option.casefold() for option in options}) < len(options):
        return "Two of the options are the same."
    return ""


class PollAsTyped(forms.Form):
    """The same while it is still being written."""

    poll_question = AsTyped("A question", TITLE_MAX)
    poll_options = AsTyped("A list of options", TYPED_MAX)
    poll_multiple = AsTyped("A choice", 10)
    poll_secret = AsTyped("A choice", 10)
    poll_days = AsTyped("A choice", 10)


def poll_typed(said: dict[str, Any]) -> dict[str, str]:
    """Of what was typed into a form, what a draft keeps of a poll: nothing where only lists were chosen from."""
    if not any(said.get(name) for name in TEXTS):
        return {}
    return {name: said[name] for name in POLL_FIELDS if said.get(name)}


class VoteForm(forms.Form):
    """One option of a poll or, where it takes several, some."""

    option = forms.TypedMultipleChoiceField(
        label="Your vote",
        coerce=int,
        error_messages={
            "required": "Choose an option first.",
            "invalid_choice": "There is no such option in this poll.",
        },
    )

    def __init__(self, data: Any, *, poll: Poll) -> None:
        super().__init__(data)
        self.is_multiple = poll.is_multiple
        option: Any = self.fields["option"]
        option.label = poll.question or option.label
        option.widget = forms.CheckboxSelectMultiple() if poll.is_multiple else OneOfSome()
        option.choices = list(poll.options.order_by("position").values_list("pk", "text"))

    def clean_option(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["option"]
        if len(set(chosen)) > 1 and not self.is_multiple:
            raise forms.ValidationError("Choose one option only.")
        return chosen


class OneOfSome(forms.CheckboxSelectMultiple):
    """Of these one may be chosen, and if several come all the same, the form is told."""

    input_type = "radio"
