"""The forms on the page of a case, and those of a reporter and an author on theirs."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Sanction, User
from forum.bounds import BODY_MAX, COMMENT_MAX, REASON_MAX
from forum.fields import Line, Text, few_attachments
from moderation.forms import TOO_LONG, RuleField
from moderation.models import Appeal, Case
from moderation.permissions import can_sanction
from moderation.settling import Terms

Outcome = Case.Outcome

FINDINGS = {
    Outcome.NO_BREACH: "No breach: the post stands as it is",
    Outcome.REMOVED: "Remove the post",
    Outcome.EDITED: "Edit the post",
    Outcome.WARNED: "Warn its author",
    Outcome.CLOSED: "Close the topic",
    Outcome.SUSPENDED: "Suspend its author",
}
WARNED_FOR = {"30": "30 days", "90": "90 days", "365": "a year", "": "good"}
SUSPENDED_FOR = {"1": "a day", "3": "three days", "7": "a week", "30": "30 days", "90": "90 days", "": "good"}


class SettleForm(forms.Form):
    """What was found, and what that takes. Fields of other outcomes are not looked at."""

    outcome = forms.ChoiceField(
        label="What did you find?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is to be done."},
    )
    body = Text(
        label="What the post shall say", max_length=BODY_MAX, required=False, rows=6, error_messages=TOO_LONG
    )
    warned_for = forms.ChoiceField(
        label="The warning counts for", choices=list(WARNED_FOR.items()), required=False
    )
    suspended_for = forms.ChoiceField(
        label="Suspend for", choices=list(SUSPENDED_FOR.items()), required=False
    )
    removes = forms.BooleanField(label="Remove the post too", required=False)
    rule = RuleField("Under which rule?")
    reason = Line(
        label="Why?",
        max_length=REASON_MAX,
        required=False,
        help_text="Its author reads this, and whoever reads the topic where something is done there.",
        error_messages=TOO_LONG,
    )
    note = Text(
        label="Note for other staff",
        max_length=REASON_MAX,
        required=False,
        rows=2,
        help_text="Kept with the case. Neither the author nor the reporters see it.",
        error_messages=TOO_LONG,
    )
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, case: Case, by: User, initial: dict[str, Any] | None = None
    ) -> None:
        post = case.post
        begin = {"body": post.body, "version": post.version, "warned_for": "90", "suspended_for": "7"}
        super().__init__(data, initial=begin | (initial or {}))
        self.case = case
        may = {
            Outcome.WARNED: can_sanction(by, case.author, Sanction.Kind.WARNING),
            Outcome.SUSPENDED: can_sanction(by, case.author, Sanction.Kind.SUSPENSION),
        }
        choices = [(outcome, words) for outcome, words in FINDINGS.items() if may.get(outcome, True)]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        few_attachments(self.cleaned_data["body"])
        return self.cleaned_data["body"]

    def clean(self) -> None:
        outcome = self.cleaned_data.get("outcome")
        if outcome and outcome != Outcome.NO_BREACH and self.cleaned_data.get("reason") == "":
            self.add_error("reason", "Say why: its author will ask.")
        if outcome == Outcome.EDITED and "body" in self.cleaned_data:
            self._check_edit()

    def _check_edit(self) -> None:
        post = self.case.post
        was_edited_by_staff = post.version > self.case.revision and post.edited_by_id != post.author_id
        if not self.cleaned_data["body"]:
            self.add_error("body", "A post says something. To take it away, choose to remove it.")
        elif self.cleaned_data["body"] == post.body and not was_edited_by_staff:
            self.add_error("body", "This is what the post says already. Change what is wrong with it.")

    @property
    def terms(self) -> Terms:
        said = self.cleaned_data
        days = {Outcome.WARNED: "warned_for", Outcome.SUSPENDED: "suspended_for"}.get(said["outcome"])
        breach = said["outcome"] != Outcome.NO_BREACH
        return Terms(
            outcome=said["outcome"],
            rule=said["rule"] if breach else None,
            reason=said["reason"] if breach else "",
            note=said["note"],
            removes=breach and said["removes"],
            body=said["body"],
            version=said["version"] or self.case.post.version,
            until=_in_days(said[days]) if days else None,
        )


def _in_days(days: str) -> datetime | None:
    return timezone.now() + timedelta(days=int(days)) if days else None


class TalkForm(forms.Form):
    body = Text(
        label="Your message",
        max_length=COMMENT_MAX,
        rows=3,
        error_messages={**TOO_LONG, "required": "Write something."},
    )


class NoteForm(forms.Form):
    note = Text(
        label="A note for other staff",
        max_length=COMMENT_MAX,
        rows=2,
        error_messages={**TOO_LONG, "required": "Write something."},
    )


class WhyForm(forms.Form):
    """Of what must have a reason in the record."""

    reason = Line(label="Why?", max_length=REASON_MAX, error_messages={**TOO_LONG, "required": "Say why."})


class AppealForm(forms.Form):
    body = Text(
        label="Why is the decision wrong?",
        max_length=COMMENT_MAX,
        rows=6,
        help_text="Another moderator reads this. You can appeal once.",
        error_messages={**TOO_LONG, "required": "Say what another moderator should know."},
    )


class DecideForm(forms.Form):
    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[
            (Appeal.Decision.UPHELD, "The outcome stands"),
            (Appeal.Decision.GRANTED, "Grant the appeal: what was done is undone"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Decide one or the other."},
    )
    reason = Line(
        label="Why?",
        max_length=REASON_MAX,
        help_text="The author reads this.",
        error_messages={**TOO_LONG, "required": "Say why: the author will ask."},
    )
