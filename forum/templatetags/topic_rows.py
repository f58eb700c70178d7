"""The rows of lists of topics."""

from django import template
from django.utils.safestring import SafeString

from forum.read_state.unread import TopicRow
from forum.templatetags.rendered import rendered
from forum.topic_lists.row_cache import render_row

register = template.Library()


@register.simple_tag
def topic_row(row: TopicRow, *, in_section: bool = False) -> SafeString:
    """Returns one topic in a list. `in_section`: the page already says which section it is."""
    return rendered(render_row(row, in_section=in_section))
