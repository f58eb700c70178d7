"""The sample community, for the tests of a module."""

import pytest
from django.db import transaction

from config.sample.load import create_community


@pytest.fixture(scope="module")
def community(django_db_setup, django_db_blocker):
    """Created once; each test's changes are undone after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        create_community()
        yield
        transaction.set_rollback(True)
