"""The only place that marks HTML as safe: output of core.text, and of templates whose slots were filled."""

from html import unescape

from django import template
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def rendered(html: str) -> SafeString:
    """Marks a column with the renderer’s output as safe: post.html, section.description_html, user.about_html,
    rule.html, page.html."""
    return mark_safe(html)  # noqa: S308 - sanitized twice by the renderer


@register.filter
def as_text(html: str) -> str:
    """Returns the text of such a column, for the template to escape."""
    return unescape(strip_tags(html))
