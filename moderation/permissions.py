"""Who may see and settle a case. The list rule, Case.objects.visible_to, stands beside its model."""

from accounts.models import Person
from forum.permissions import is_staff_in
from moderation.models import Case


def can_see_case(person: Person, case: Case) -> bool:
    """Staff of its section, but never a case about their own post: an author does not learn who reported."""
    return is_staff_in(person, case.post.topic.section) and case.post.author_id != person.pk


def can_settle(person: Person, case: Case) -> bool:
    return can_see_case(person, case)
