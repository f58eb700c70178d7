"""The one place that lets HTML through as it is: what core.text made, and nothing else."""

from html import unescape

from django import template
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def rendered(html: str) -> SafeString:
    """For the columns that hold the renderer's output: post.html, section.description_html, user.about_html,
    rule.html, page.html."""
    return mark_safe(html)  # noqa: S308 - the renderer's two sanitisers stand before it


@register.filter
def as_text(html: str) -> str:
    """The words of the same columns, for a template to escape."""
    return unescape(strip_tags(html))
