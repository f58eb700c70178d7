"""How a quote of a post begins."""

from django import template

from forum.models import Post
from forum.rendering.quotes import attribution

register = template.Library()


@register.filter
def attribution_of(post: Post) -> str:
    return attribution(post.author.name, post.pk, post.version)
