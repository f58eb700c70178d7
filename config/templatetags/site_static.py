"""The links to Belfry's stylesheet and script: the joined files where they are, else their parts."""

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from config.static import CSS_PARTS, JS_PARTS, SITE_CSS, SITE_JS, JoinedStaticFilesStorage

register = template.Library()


@register.simple_tag
def site_styles() -> SafeString:
    """Link the stylesheet."""
    files = [SITE_CSS] if _are_joined() else CSS_PARTS
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(file),) for file in files))


@register.simple_tag
def site_scripts() -> SafeString:
    """Link the script. A module waits for the page, is strict, and keeps its names to itself."""
    files = [SITE_JS] if _are_joined() else JS_PARTS
    return format_html_join("\n", '<script type="module" src="{}"></script>', ((static(f),) for f in files))


def _are_joined() -> bool:
    """Whether collectstatic has made the joined files. In debug mode even its storage serves the sources."""
    return not settings.DEBUG and isinstance(staticfiles_storage, JoinedStaticFilesStorage)
