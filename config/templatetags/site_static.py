"""The links to Belfry's stylesheet and script: the joined files, or their parts in debug mode, for those who work on
them."""

from collections.abc import Sequence
from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from config.web.static_files import CSS_PARTS, JS_PARTS, SITE_CSS, SITE_JS

register = template.Library()


@register.simple_tag
def site_styles() -> SafeString:
    """Link the stylesheet."""
    return _links('<link rel="stylesheet" href="{}">', SITE_CSS, CSS_PARTS)


@register.simple_tag
def site_scripts() -> SafeString:
    """Link the script. A module waits for the page, is strict, and keeps its names to itself."""
    return _links('<script type="module" src="{}"></script>', SITE_JS, JS_PARTS)


def _links(link: str, joined: str, parts: Sequence[str]) -> SafeString:
    return _to_parts(link, *parts) if settings.DEBUG else format_html(link, static(joined))


@cache
def _to_parts(link: str, *parts: str) -> SafeString:
    """Seventy on every page, whose addresses stay the same while one works on what they lead to."""
    return format_html_join("\n", link, ((static(part),) for part in parts))
