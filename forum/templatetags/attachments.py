"""What can be attached, in words and for the browser."""

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from core.text.attachments import ALT_MAX
from forum.attachments.file_types import accept_attribute, allowed_in_words

register = template.Library()


@register.simple_tag
def attachment_rules() -> str:
    allowed = allowed_in_words()
    return _("%(kinds)s; at most %(size)d MB each.") % {
        "kinds": f"{allowed[:1].upper()}{allowed[1:]}",
        "size": settings.ATTACHMENT_BYTES // 1_000_000,
    }


@register.simple_tag
def attachable_endings() -> str:
    return accept_attribute()


@register.simple_tag
def attachable_bytes() -> int:
    return settings.ATTACHMENT_BYTES


@register.simple_tag
def longest_alt() -> int:
    return ALT_MAX
