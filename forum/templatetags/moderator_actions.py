"""`{% doer person sees_names %}`: who of staff did something, by name for staff and by role for everybody else."""

from django import template

from accounts.models import User
from core.web import page_slots as slots
from forum.topic_page.moderator_actions import doer_of

register = template.Library()


@register.simple_tag
def doer(person: User, sees_names: bool = False) -> str:
    """A slot where the page is made for many."""
    if slots.are_open():
        return slots.slot("doer", f"{person.role} {person.name}")
    return doer_of(person.name, person.role, sees_names=sees_names)
