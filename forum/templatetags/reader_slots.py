"""Slots for what differs between readers of a topic page; forum/topic_page/render.py fills them."""

from typing import Any

from django import template
from django.template.loader import render_to_string

from core.web import page_slots
from forum.models import Post
from forum.topic_page.reader_marks import NOTHING, own_act

register = template.Library()


@register.simple_tag
def slot(kind: str, fact: object = "") -> str:
    return page_slots.slot(kind, fact)


@register.simple_tag
def acts_on(post: Post, acts: frozenset[str], csrf_token: Any) -> str:
    """Returns the actions on a post for a page other than its topic’s, for a reader who has taken none of them."""
    fillers = {
        "thank": lambda _: own_act("thank", post, NOTHING, csrf_token),
        "save": lambda _: own_act("save", post, NOTHING, csrf_token),
        "report": lambda _: own_act("report", post, NOTHING, csrf_token),
        "staff": lambda _: "",
    }
    with page_slots.filled_by(fillers):
        shown = {"post": post, "acts": acts, "csrf_token": csrf_token}
        return render_to_string("forum/parts/post_acts.html", shown)
