"""Settling in a test's words."""

from typing import Any

from accounts.models import User
from moderation.models import Case
from moderation.settling import Terms, settle_case


def settle(*, case: Case, by: User, outcome: str, reason: str = "It breaks a rule.", **terms: Any) -> Case:
    return settle_case(case=case, by=by, terms=Terms(outcome=outcome, reason=reason, **terms))
