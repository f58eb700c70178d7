"""The reason why a text is not let in."""

from forum.models.limits import REASON_MAX
from forum.web.form_base import Reasoned
from forum.web.form_fields import Line
from moderation.web.form_fields import TOO_LONG


class RefuseWaitingForm(Reasoned):
    reason = Line(
        label="Why is it not let in?",
        max_length=REASON_MAX,
        required=False,
        help_text="Its writer is told this, and nobody else but staff.",
        error_messages={**TOO_LONG, "required": "Say why: its writer will ask."},
    )
