"""`{{ members|member_names }}`: the names of members in a sentence."""

from collections.abc import Iterable

from django import template

from accounts.models import User
from forum.web.name_lists import all_names

register = template.Library()


@register.filter
def member_names(members: Iterable[User]) -> str:
    return all_names(member.name for member in members)
