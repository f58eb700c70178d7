"""Staff who look at the pages of members."""

import pytest

from accounts.models import User
from tests.conftest import browser_of, make_user


@pytest.fixture
def staff(mia):
    return browser_of(mia)


@pytest.fixture
def talk_moderator(talk) -> User:
    """A moderator of Talk alone."""
    made = make_user("max", "moderator")
    User.objects.filter(pk=made.pk).update(moderates=[talk.pk])
    return User.objects.get(pk=made.pk)
