"""The form for another title."""

from forum.models.limits import TITLE_MAX
from forum.web.form_base import Versioned
from forum.web.form_fields import Line


class RetitleForm(Versioned):
    title = Line(label="Title", max_length=TITLE_MAX, error_messages={"required": "Give your topic a title."})
    field_order = ["title", "reason"]
