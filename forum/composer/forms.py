"""Forms that clean what was typed. Permissions are checked elsewhere."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from core.diffs.merge import has_conflict_markers
from core.web.preserved_input import Preserved
from forum.attachments.forms import FILE_FIELD, validate_attachment_count
from forum.models.maximum_lengths import BODY_MAX, REASON_MAX, TITLE_MAX
from forum.polls.forms import POLL_FIELDS, PollDraftForm, PollFormMixin, poll_draft_fields
from forum.web.form_base import SubmissionForm, VersionedForm
from forum.web.form_fields import DraftField, LineField, TextField


class WithAttachments(forms.Form):
    """A text that can have attachments. Without scripts, they are uploaded by a button of its own."""

    def clean(self) -> dict[str, Any]:
        if file_name := self.data.get(FILE_FIELD):
            message = gettext(
                "You selected %(file)s but didn’t attach it. Select it again and press “Attach”, or send without it."
            )
            self.add_error("body", message % {"file": file_name})
        return super().clean() or self.cleaned_data


class ReplyForm(WithAttachments, SubmissionForm):
    # The template adds these two to a reply: the last position when its writer began, and a checkbox.
    preserved = Preserved(labels={"body": _("Your text")}, unshown=("seen", "look_first"))
    body = TextField(
        label=_("Your reply"),
        max_length=BODY_MAX,
        validators=[validate_attachment_count],
        rows=6,
        mentions=True,
        error_messages={
            "required": _("Enter your reply."),
            "max_length": _("A reply can have at most %(limit_value)d characters; yours has %(show_value)d."),
        },
    )


class TopicForm(WithAttachments, SubmissionForm, PollFormMixin):
    field_order = ["title", "body"]

    title = LineField(
        label=_("Title"),
        max_length=TITLE_MAX,
        error_messages={
            "required": _("Enter a title."),
            "max_length": _("A title can have at most %(limit_value)d characters; yours has %(show_value)d."),
        },
    )
    body = TextField(
        label=_("Text"),
        max_length=BODY_MAX,
        validators=[validate_attachment_count],
        rows=12,
        mentions=True,
        error_messages={
            "required": _("Enter the text of your topic."),
            "max_length": _("A post can have at most %(limit_value)d characters; yours has %(show_value)d."),
        },
    )


class EditForm(WithAttachments, VersionedForm):
    # For drafts and attachments only: an edit that is sent again is recognized by its text.
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    body = TextField(
        label=_("Text"),
        max_length=BODY_MAX,
        validators=[validate_attachment_count],
        rows=12,
        mentions=True,
        error_messages={
            "required": _("A post can’t be empty."),
            "max_length": _("A post can have at most %(limit_value)d characters; yours has %(show_value)d."),
        },
    )
    field_order = ["body", "reason"]

    def restart_from_title(self, title: str, version: int) -> None:
        """Like `set_base_version`, for the title in the form of an original post."""
        self.data = {**dict(self.data.items()), "title_was": title, "title_version": str(version)}

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if has_conflict_markers(body):
            raise forms.ValidationError(
                gettext(
                    "The text still has conflict markers ⟦ ⟧. Keep the text you want and delete the markers."
                )
            )
        return body


class OriginalEditForm(EditForm):
    """Edits an original post and the title of its topic. `title_was`: the title when the editor began."""

    title = LineField(
        label=_("Title"), max_length=TITLE_MAX, error_messages={"required": _("Enter a title.")}
    )
    title_was = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    title_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    field_order = ["title", "body", "reason"]


def _draft_field(max_length: int, too_long: Any) -> DraftField:
    field = DraftField("", max_length)
    field.error_messages["max_length"] = too_long
    return field


class DraftForm(PollDraftForm):
    """What has been typed so far, in any of the forms above."""

    place = forms.RegexField(r"^(reply|topic|edit):[0-9]{1,18}$", max_length=40, widget=forms.HiddenInput)
    draft = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    submission_key = forms.UUIDField(required=False)
    title = _draft_field(
        TITLE_MAX, _("A title can have at most %(limit_value)d characters; yours has %(show_value)d.")
    )
    body = _draft_field(
        BODY_MAX, _("A post can have at most %(limit_value)d characters; yours has %(show_value)d.")
    )
    reason = _draft_field(
        REASON_MAX, _("A reason can have at most %(limit_value)d characters; yours has %(show_value)d.")
    )

    @property
    def terms(self) -> dict[str, Any]:
        fields = dict(self.cleaned_data)
        draft, based_on, draft_key = fields.pop("draft"), fields.pop("version"), fields.pop("place")
        poll = poll_draft_fields({name: fields.pop(name) for name in POLL_FIELDS})
        return {**fields, "draft_key": draft_key, "poll": poll, "version": draft or 0, "based_on": based_on}
