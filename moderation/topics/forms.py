"""Cleaning what staff typed on the pages of acts on topics."""

from typing import Any

from django import forms

from accounts.models import Rule, User
from core.web.conditional_fields import needed_when
from forum.access.permissions import can_move, can_move_into, can_read, can_read_topic
from forum.models import Section, Topic
from forum.models.limits import REASON_MAX, TITLE_MAX
from forum.web.durations import minutes
from forum.web.form_fields import Line
from moderation.web.form_fields import TOO_LONG, Moment, Numbers, TopicField

DAYS_MAX = 365
SLOW_MINUTES = (0, 1, 5, 10, 30, 60, 240, 1_440)


def _reason(**kwargs: Any) -> Line:
    kwargs.setdefault("required", False)
    return Line(
        label="Reason",
        max_length=REASON_MAX,
        error_messages={**TOO_LONG, "required": "Say why: those who are concerned will ask."},
        **kwargs,
    )


class _BySection(forms.Form):
    section = forms.ModelChoiceField(
        Section.objects.none(),
        label="Section",
        empty_label=None,
        error_messages={"required": "Choose a section.", "invalid_choice": "Choose a section of these."},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = [s for s in Section.objects.in_order() if can_move_into(by, s) and can_read(by, s)]
        self.fields["section"].queryset = Section.objects.filter(  # type: ignore[attr-defined]
            pk__in=[section.pk for section in theirs]
        ).in_order()


class MoveForm(_BySection):
    reason = _reason(help_text="Kept in the log; whoever started the topic is told where it is.")


class _IntoTopic(forms.Form):
    """A topic that they moderate; one that they may not read is as if it were not there."""

    into: TopicField

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_into(self) -> Topic:
        into: Topic = self.cleaned_data["into"]
        if not can_read_topic(self.by, into):
            raise forms.ValidationError(TopicField.default_error_messages["invalid"])
        if not can_move(self.by, into):
            raise forms.ValidationError("You do not moderate that topic, or it is removed.")
        return into


class MergeForm(_IntoTopic):
    into = TopicField(
        label="The topic that it goes into",
        help_text="Its address. The posts become its last ones, in their order; this topic’s address leads there.",
        error_messages={"required": "Give the address of the other topic."},
    )
    reason = _reason()


class SplitForm(_BySection):
    post = Numbers(required=False)
    title = Line(
        label="Title of the new topic",
        max_length=TITLE_MAX,
        error_messages={**TOO_LONG, "required": "Give the new topic a title."},
    )
    reason = _reason()
    field_order = ["post", "title", "section", "reason"]


class MovePostsForm(_IntoTopic):
    post = Numbers(required=False)
    into = TopicField(
        label="The topic that they go to",
        help_text="Its address. They become its last posts, in their order.",
        error_messages={"required": "Give the address of the other topic."},
    )
    reason = _reason()


class RemovePostsForm(forms.Form):
    post = Numbers(required=False)
    reason = _reason(required=True, help_text="Shown in the places where the posts stood.")


class RemoveTopicForm(forms.Form):
    reason = _reason(required=True, help_text="Whoever started the topic is told.")
    rule = forms.ModelChoiceField(
        Rule.objects.all(), label="Rule", required=False, empty_label="No rule in particular"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = Rule.objects.current()  # type: ignore[attr-defined]


class TakeTopicBackForm(forms.Form):
    """Who removes their own topic gives no reason."""


class PinForm(forms.Form):
    until = Moment(
        label="Until",
        required=False,
        help_text="Without a moment it is pinned until somebody takes the pin out.",
    )


class TimerForm(forms.Form):
    at = needed_when(
        Moment(label="Close at this time", required=False), "days", "", words="or give a number of days"
    )
    days = needed_when(
        forms.IntegerField(
            label="Close after this many days without a reply",
            required=False,
            min_value=1,
            max_value=DAYS_MAX,
            help_text="Every reply starts the count again.",
            error_messages={
                "invalid": "Give a number of days.",
                "min_value": "At least one day.",
                "max_value": f"At most {DAYS_MAX} days.",
            },
        ),
        "at",
        "",
        words="or give a time",
    )
    reason = _reason(help_text="Shown when it has closed.")

    def clean(self) -> None:
        if not self.errors and bool(self.cleaned_data["at"]) == bool(self.cleaned_data["days"]):
            self.add_error("at", "Give either a time or a number of days, not both.")


class SlowForm(forms.Form):
    minutes = forms.TypedChoiceField(
        label="A member answers here once in",
        coerce=int,
        choices=[(n, minutes(n) if n else "No time: slow mode is off") for n in SLOW_MINUTES],
        error_messages={"invalid_choice": "Choose one of these."},
    )
    reason = _reason()


class TickedForm(forms.Form):
    """Topics that were ticked in a list."""

    topic = Numbers(required=False)


class TickedReasonForm(forms.Form):
    reason = _reason(required=True, help_text="Everybody who reads the topics sees this.")
