"""Forms for what staff do with a topic, or with several of its posts."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import Rule, User
from core.web.conditional_fields import required_when
from core.web.durations import in_minutes
from core.web.preserved_input import Preserved
from forum.access.permissions import can_move, can_move_into, can_read, can_read_topic
from forum.models import Section, Topic
from forum.models.maximum_lengths import REASON_MAX, TITLE_MAX
from forum.web.form_fields import LineField
from moderation.topics.timers import AUTO_CLOSE_DAYS_MAX
from moderation.web.form_fields import TOO_LONG, FutureDateTimeField, IdsField, TopicField

SLOW_MINUTES = (0, 1, 5, 10, 30, 60, 240, 1_440)


def _reason(**kwargs: Any) -> LineField:
    kwargs.setdefault("required", False)
    return LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
        **kwargs,
    )


class _ToSectionForm(forms.Form):
    preserved = Preserved(unshown=("section",))
    section = forms.ModelChoiceField(
        Section.objects.none(),
        label=_("Section"),
        empty_label=None,
        error_messages={
            "required": _("Choose a section."),
            "invalid_choice": _("Choose a section from the list."),
        },
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = [
            section
            for section in Section.objects.in_order()
            if can_move_into(by, section) and can_read(by, section)
        ]
        self.fields["section"].queryset = Section.objects.filter(  # type: ignore[attr-defined]
            pk__in=[section.pk for section in sections]
        ).in_order()


class MoveForm(_ToSectionForm):
    reason = _reason(
        help_text=_("Shown in the moderation log. The author of the topic is notified of the move.")
    )


class _IntoTopicForm(forms.Form):
    """The target is a topic that the user moderates. One that they cannot read counts as not found."""

    into: TopicField

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_into(self) -> Topic:
        into: Topic = self.cleaned_data["into"]
        if not can_read_topic(self.by, into):
            raise forms.ValidationError(TopicField.default_error_messages["invalid"])
        if not can_move(self.by, into):
            raise forms.ValidationError(gettext("You don’t moderate that topic, or it was removed."))
        return into


class MergeForm(_IntoTopicForm):
    into = TopicField(
        label=_("Target topic"),
        help_text=_(
            "The link of the other topic. The posts are added at its end, and this topic redirects to it."
        ),
        error_messages={"required": _("Enter the link of the other topic.")},
    )
    reason = _reason()


class SplitForm(_ToSectionForm):
    post = IdsField(required=False)
    title = LineField(
        label=_("Title of the new topic"),
        max_length=TITLE_MAX,
        error_messages={**TOO_LONG, "required": _("Enter a title.")},
    )
    reason = _reason()
    field_order = ["post", "title", "section", "reason"]


class MovePostsForm(_IntoTopicForm):
    post = IdsField(required=False)
    into = TopicField(
        label=_("Target topic"),
        help_text=_("The link of the other topic. The posts are added at its end."),
        error_messages={"required": _("Enter the link of the other topic.")},
    )
    reason = _reason()


class RemovePostsForm(forms.Form):
    post = IdsField(required=False)
    reason = _reason(required=True, help_text=_("Shown in the topic in place of the posts."))


class RemoveTopicForm(forms.Form):
    reason = _reason(required=True, help_text=_("Sent to the author of the topic."))
    rule = forms.ModelChoiceField(
        Rule.objects.all(), label=_("Rule"), required=False, empty_label=_("No specific rule")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = Rule.objects.current()  # type: ignore[attr-defined]


class RemoveOwnTopicForm(forms.Form):
    """Authors who remove their own topic give no reason."""


class PinForm(forms.Form):
    until = FutureDateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("Leave empty to pin it until it is unpinned."),
    )


class AutoCloseForm(forms.Form):
    at = required_when(
        FutureDateTimeField(label=_("Close on"), required=False),
        "days",
        "",
        hint=_("or enter a number of days"),
    )
    days = required_when(
        forms.IntegerField(
            label=_("Close after inactivity (days)"),
            required=False,
            min_value=1,
            max_value=AUTO_CLOSE_DAYS_MAX,
            help_text=_("Each reply starts the count again."),
            error_messages={
                "invalid": _("Enter a number of days."),
                "min_value": _("Enter at least %(limit_value)d day."),
                "max_value": _("Enter at most %(limit_value)d days."),
            },
        ),
        "at",
        "",
        hint=_("or enter a date and time"),
    )
    reason = _reason(help_text=_("Shown in the topic once it is closed."))

    def clean(self) -> None:
        if not self.errors and bool(self.cleaned_data["at"]) == bool(self.cleaned_data["days"]):
            self.add_error("at", gettext("Enter either a date and time or a number of days, not both."))


def slow_choices() -> list[tuple[int, str]]:
    return [(n, in_minutes(n) if n else gettext("Off")) for n in SLOW_MINUTES]


class SlowModeForm(forms.Form):
    minutes = forms.TypedChoiceField(
        label=_("Minimum time between a member’s replies"),
        coerce=int,
        choices=slow_choices,
        error_messages={"invalid_choice": _("Choose a time from the list.")},
    )
    reason = _reason()


class SelectedTopicsForm(forms.Form):
    """Topics that were selected in a list."""

    topic = IdsField(required=False)


class CloseTopicsForm(forms.Form):
    reason = _reason(required=True, help_text=_("Shown to everyone who reads the topics."))
