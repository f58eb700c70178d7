"""Resolving cases in few words."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from moderation.cases.resolve import Resolution, resolve_case
from moderation.models import Case
from tests.conftest import make_user


def resolve(*, case: Case, by: User, outcome: str, reason: str = "It breaks a rule.", **terms: Any) -> Case:
    return resolve_case(case=case, by=by, resolution=Resolution(outcome=outcome, reason=reason, **terms))


def established_members(number: int) -> list[User]:
    """Returns so many established members, whose reports weigh 1."""
    members = [make_user(f"member{one}") for one in range(number)]
    User.objects.filter(pk__in=[member.pk for member in members]).update(
        joined_at=timezone.now() - timedelta(days=99)
    )
    return list(User.objects.filter(pk__in=[member.pk for member in members]).order_by("pk"))
