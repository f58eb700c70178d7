"""Who may see and settle a case. The list rule, Case.objects.visible_to, stands beside its model."""

from accounts.models import Person
from moderation.models import Case


def can_see_case(person: Person, case: Case) -> bool:
    """Staff, but never a case about their own post: an author does not learn who reported."""
    return person.is_staff and case.post.author_id != person.pk


def can_settle(person: Person, case: Case) -> bool:
    return can_see_case(person, case)
