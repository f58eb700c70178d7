"""The first line of a quote of a post."""

from django import template

from core.text.quotes import attribution
from forum.models import Post

register = template.Library()


@register.filter
def attribution_of(post: Post) -> str:
    return attribution(post.author.name, post.pk, post.version)
