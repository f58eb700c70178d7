"""The forms on the page of a case, and those on the pages of its reporters and its author."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Sanction, User
from core.web.conditional_fields import required_when
from forum.attachments.forms import validate_attachment_count
from forum.models.maximum_lengths import BODY_MAX, COMMENT_MAX, REASON_MAX
from forum.web.form_fields import LineField, TextField
from moderation.access.permissions import can_sanction
from moderation.cases.resolve import Resolution
from moderation.models import Appeal, Case
from moderation.web.form_fields import TOO_LONG, RuleField

Outcome = Case.Outcome

OUTCOME_LABELS = {
    Outcome.NO_VIOLATION: _("No violation: keep the post as it is"),
    Outcome.REMOVED: _("Remove the post"),
    Outcome.EDITED: _("Edit the post"),
    Outcome.WARNED: _("Warn the author"),
    Outcome.CLOSED: _("Close the topic"),
    Outcome.SUSPENDED: _("Suspend the author"),
}
OUTCOMES_WITH_ACTION = [outcome for outcome in OUTCOME_LABELS if outcome != Outcome.NO_VIOLATION]
# In days; 0 is permanent.
WARNING_LENGTHS = {"30": _("30 days"), "90": _("90 days"), "365": _("1 year"), "0": _("Permanent")}
SUSPENSION_LENGTHS = {
    "1": _("1 day"),
    "3": _("3 days"),
    "7": _("7 days"),
    "30": _("30 days"),
    "90": _("90 days"),
    "0": _("Permanent"),
}


class ResolveForm(forms.Form):
    """The outcome and its details. Fields of other outcomes are ignored."""

    # Browsers refuse to submit a form with an empty required field that is hidden.
    use_required_attribute = False

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select an outcome.")},
    )
    body = required_when(
        TextField(
            label=_("New text of the post"),
            max_length=BODY_MAX,
            required=False,
            rows=6,
            error_messages=TOO_LONG,
        ),
        "outcome",
        Outcome.EDITED,
        hint=_("required for “Edit the post”"),
    )
    warned_for = forms.ChoiceField(label=_("Warning expires after"), choices=list(WARNING_LENGTHS.items()))
    suspended_for = forms.ChoiceField(
        label=_("Suspension ends after"), choices=list(SUSPENSION_LENGTHS.items())
    )
    removes = forms.BooleanField(label=_("Also remove the post"), required=False)
    rule = RuleField(_("Rule broken"))
    reason = required_when(
        LineField(
            label=_("Reason"),
            max_length=REASON_MAX,
            help_text=_("Shown to the author, and in the topic if something changes there."),
            error_messages={**TOO_LONG, "required": _("Please give a reason.")},
        ),
        "outcome",
        *OUTCOMES_WITH_ACTION,
        hint=_("required if you take action"),
    )
    note = TextField(
        label=_("Staff note"),
        max_length=REASON_MAX,
        required=False,
        rows=2,
        help_text=_("Saved with the case. Only staff can see it."),
        error_messages=TOO_LONG,
    )
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, case: Case, by: User, initial: dict[str, Any] | None = None
    ) -> None:
        post = case.post
        defaults = {"body": post.body, "version": post.version, "warned_for": "90", "suspended_for": "7"}
        super().__init__(data, initial=defaults | (initial or {}))
        self.case = case
        if self.is_bound:
            outcome = self.data.get("outcome")
            self.fields["reason"].required = outcome in OUTCOME_LABELS and outcome != Outcome.NO_VIOLATION
            self.fields["warned_for"].required = outcome == Outcome.WARNED
            self.fields["suspended_for"].required = outcome == Outcome.SUSPENDED
        is_permitted = {
            Outcome.WARNED: can_sanction(by, case.author, Sanction.Kind.WARNING),
            Outcome.SUSPENDED: can_sanction(by, case.author, Sanction.Kind.SUSPENSION),
        }
        choices = [
            (outcome, label) for outcome, label in OUTCOME_LABELS.items() if is_permitted.get(outcome, True)
        ]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        validate_attachment_count(self.cleaned_data["body"])
        return self.cleaned_data["body"]

    def clean(self) -> None:
        if self.cleaned_data.get("outcome") == Outcome.EDITED and "body" in self.cleaned_data:
            self._check_edit()

    def _check_edit(self) -> None:
        post = self.case.post
        was_edited_by_staff = post.version > self.case.revision and post.edited_by_id != post.author_id
        if not self.cleaned_data["body"]:
            self.add_error("body", _("Enter the new text. To remove the post, select that outcome instead."))
        elif self.cleaned_data["body"] == post.body and not was_edited_by_staff:
            self.add_error("body", _("This is the current text of the post. Change it first."))

    @property
    def resolution(self) -> Resolution:
        cleaned = self.cleaned_data
        days_field = {Outcome.WARNED: "warned_for", Outcome.SUSPENDED: "suspended_for"}.get(
            cleaned["outcome"]
        )
        is_violation = cleaned["outcome"] != Outcome.NO_VIOLATION
        return Resolution(
            outcome=cleaned["outcome"],
            rule=cleaned["rule"] if is_violation else None,
            reason=cleaned["reason"] if is_violation else "",
            note=cleaned["note"],
            removes=is_violation and cleaned["removes"],
            body=cleaned["body"],
            version=cleaned["version"] or self.case.post.version,
            until=_in_days(cleaned[days_field]) if days_field else None,
        )


def _in_days(days: str) -> datetime | None:
    return timezone.now() + timedelta(days=int(days)) if int(days) else None


class MessageForm(forms.Form):
    body = TextField(
        label=_("Your message"),
        max_length=COMMENT_MAX,
        rows=3,
        error_messages={**TOO_LONG, "required": _("Enter a message.")},
    )


class NoteForm(forms.Form):
    note = TextField(
        label=_("Note"),
        max_length=COMMENT_MAX,
        rows=2,
        error_messages={**TOO_LONG, "required": _("Enter a note.")},
    )


class ReasonForm(forms.Form):
    """The reason for an action, for the audit log."""

    reason = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
    )


class AppealForm(forms.Form):
    body = TextField(
        label=_("Why is the decision wrong?"),
        max_length=COMMENT_MAX,
        rows=6,
        help_text=_("Moderators will read this. You can appeal once."),
        error_messages={**TOO_LONG, "required": _("Explain why the decision should be reviewed.")},
    )


class DecideAppealForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Appeal.Decision.UPHELD, _("Uphold the decision")),
            (Appeal.Decision.GRANTED, _("Grant the appeal and undo the decision")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select a decision.")},
    )
    reason = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        help_text=_("Shown to the author."),
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
    )
