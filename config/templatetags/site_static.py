"""Links to Belfry's stylesheet and script: the joined files or, in debug mode, their parts."""

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
    return _links('<link rel="stylesheet" href="{}">', SITE_CSS, CSS_PARTS)


@register.simple_tag
def site_scripts() -> SafeString:
    """Links the script as a module: deferred, strict, and with a scope of its own."""
    return _links('<script type="module" src="{}"></script>', SITE_JS, JS_PARTS)


def _links(link: str, joined: str, parts: Sequence[str]) -> SafeString:
    return _to_parts(link, *parts) if settings.DEBUG else format_html(link, static(joined))


@cache
def _to_parts(link: str, *parts: str) -> SafeString:
    """Cached: there are seventy on every page, and their URLs don't change during development."""
    return format_html_join("\n", link, ((static(part),) for part in parts))
