"""The limits of a new member, for pages of other apps."""

from typing import Any

from django import template

from accounts.models import Person
from forum.antispam import limits

register = template.Library()


@register.inclusion_tag("forum/antispam/new_member_limits.html")
def new_member_limits(person: Person) -> dict[str, Any]:
    return {"limits": limits.limits_of(person)}
