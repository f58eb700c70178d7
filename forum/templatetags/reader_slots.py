"""Slots for what differs between readers of a topic page; forum/topic_page/render.py fills them."""

from typing import Any

from django import template
from django.template.loader import render_to_string

from core.web import page_slots
from forum.models import Post
from forum.topic_page.reader_marks import NO_MARKS, action_with_state

register = template.Library()


@register.simple_tag
def slot(kind: str, value: object = "") -> str:
    return page_slots.slot(kind, value)


@register.simple_tag
def acts_on(post: Post, acts: frozenset[str], csrf_token: Any) -> str:
    """Returns the actions on a post for a page other than its topic’s, for a reader who has taken none of them."""
    fillers = {
        "thank": lambda _: action_with_state("thank", post, NO_MARKS, csrf_token),
        "save": lambda _: action_with_state("save", post, NO_MARKS, csrf_token),
        "report": lambda _: action_with_state("report", post, NO_MARKS, csrf_token),
        "staff": lambda _: "",
    }
    with page_slots.fill_slots_with(fillers):
        context = {"post": post, "acts": acts, "csrf_token": csrf_token}
        return render_to_string("forum/topic_page/post_actions.html", context)
