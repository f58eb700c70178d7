"""What may be attached, in words for people and for the browser."""

from django import template
from django.conf import settings

from core.text.attachments import ALT_MAX
from forum.attachments.file_types import accepted, taken

register = template.Library()


@register.simple_tag
def attachable() -> str:
    taken_here = taken()
    return (
        f"{taken_here[:1].upper()}{taken_here[1:]}; at most {settings.ATTACHMENT_BYTES // 1_000_000} MB each."
    )


@register.simple_tag
def attachable_endings() -> str:
    return accepted()


@register.simple_tag
def attachable_bytes() -> int:
    return settings.ATTACHMENT_BYTES


@register.simple_tag
def longest_alt() -> int:
    return ALT_MAX
