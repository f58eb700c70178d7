"""The form for rejecting pending posts."""

from django.utils.translation import gettext_lazy as _

from core.web.preserved_input import Preserved
from forum.models.maximum_lengths import REASON_MAX
from forum.web.form_base import ReasonForm
from forum.web.form_fields import LineField
from moderation.web.form_fields import TOO_LONG


class RejectForm(ReasonForm):
    preserved = Preserved(unshown=("waiting",))  # the selected posts, which the template adds
    reason = LineField(
        label=_("Rejection reason"),
        max_length=REASON_MAX,
        required=False,
        help_text=_("Shown to the author and to staff."),
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
    )
