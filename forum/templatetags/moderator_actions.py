"""`{% actor person sees_names %}` and `{% action_line action sees_names %}`: who of staff did something, and what."""

from django import template
from django.utils.html import format_html

from accounts.models import User
from core.web import page_slots
from core.web.times import time_element
from forum.topic_page.moderator_actions import ModeratorAction, actor_of

register = template.Library()


@register.simple_tag
def actor(person: User, sees_names: bool = False) -> str:
    """Returns the name for staff, and the role for everyone else; a slot if the page is rendered for many readers."""
    if page_slots.are_slots_open():
        return page_slots.slot("actor", f"{person.role} {person.name}")
    return actor_of(person.name, person.role, sees_names=sees_names)


@register.simple_tag
def action_line(action: ModeratorAction, sees_names: bool = False) -> str:
    """Returns a sentence: what was done, by whom and when."""
    at = (
        page_slots.slot("when", action.at.isoformat())
        if page_slots.are_slots_open()
        else time_element(action.at)
    )
    return format_html(str(action.sentence), who=actor(action.by, sees_names), at=at)
