"""The form to edit a title."""

from django.utils.translation import gettext_lazy as _

from forum.models.maximum_lengths import TITLE_MAX
from forum.web.form_base import VersionedForm
from forum.web.form_fields import LineField


class RenameForm(VersionedForm):
    title = LineField(
        label=_("Title"),
        max_length=TITLE_MAX,
        error_messages={"required": _("Enter a title for your topic.")},
    )
    field_order = ["title", "reason"]
