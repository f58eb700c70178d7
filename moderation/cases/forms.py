"""The forms on the page of a case, and those of a reporter and an author on theirs."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Sanction, User
from core.web.conditional_fields import needed_when
from forum.attachments.forms import few_attachments
from forum.models.limits import BODY_MAX, COMMENT_MAX, REASON_MAX
from forum.web.form_fields import Line, Text
from moderation.access.permissions import can_sanction
from moderation.cases.resolve import Terms
from moderation.models import Appeal, Case
from moderation.web.form_fields import TOO_LONG, RuleField

Outcome = Case.Outcome

FINDINGS = {
    Outcome.NO_BREACH: "No breach: keep the post as it is",
    Outcome.REMOVED: "Remove the post",
    Outcome.EDITED: "Edit the post",
    Outcome.WARNED: "Warn the author",
    Outcome.CLOSED: "Close the topic",
    Outcome.SUSPENDED: "Suspend the author",
}
ACTS = [outcome for outcome in FINDINGS if outcome != Outcome.NO_BREACH]
# In days; 0 is without an end.
WARNED_FOR = {"30": "30 days", "90": "90 days", "365": "1 year", "0": "Permanent"}
SUSPENDED_FOR = {
    "1": "1 day",
    "3": "3 days",
    "7": "7 days",
    "30": "30 days",
    "90": "90 days",
    "0": "Permanent",
}


class SettleForm(forms.Form):
    """What was found, and what that takes. Fields of other outcomes are not looked at."""

    use_required_attribute = False  # a browser would not send a form for a field that it does not show

    outcome = forms.ChoiceField(
        label="What did you find?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is to be done."},
    )
    body = needed_when(
        Text(
            label="New text of the post", max_length=BODY_MAX, required=False, rows=6, error_messages=TOO_LONG
        ),
        "outcome",
        Outcome.EDITED,
        words=f"required for “{FINDINGS[Outcome.EDITED]}”",
    )
    warned_for = forms.ChoiceField(label="Length of the warning", choices=list(WARNED_FOR.items()))
    suspended_for = forms.ChoiceField(label="Length of the suspension", choices=list(SUSPENDED_FOR.items()))
    removes = forms.BooleanField(label="Also remove the post", required=False)
    rule = RuleField("Under which rule?")
    reason = needed_when(
        Line(
            label="Why?",
            max_length=REASON_MAX,
            help_text="The author reads this. If something changes in the topic, its readers do too.",
            error_messages={**TOO_LONG, "required": "Say why: its author will ask."},
        ),
        "outcome",
        *ACTS,
        words="required if you act",
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
        if self.is_bound:
            found = self.data.get("outcome")
            self.fields["reason"].required = found in FINDINGS and found != Outcome.NO_BREACH
            self.fields["warned_for"].required = found == Outcome.WARNED
            self.fields["suspended_for"].required = found == Outcome.SUSPENDED
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
        if self.cleaned_data.get("outcome") == Outcome.EDITED and "body" in self.cleaned_data:
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
    return timezone.now() + timedelta(days=int(days)) if int(days) else None


class TalkForm(forms.Form):
    body = Text(
        label="Your message",
        max_length=COMMENT_MAX,
        rows=3,
        error_messages={**TOO_LONG, "required": "Write something."},
    )


class NoteForm(forms.Form):
    note = Text(
        label="Your note",
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
