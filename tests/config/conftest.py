"""One world for all tests of a module; every test gets it as it was made."""

import pytest
from django.db import transaction

from tests.config.world import World, make_world


@pytest.fixture(scope="module")
def _made_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(_made_once, db) -> World:
    return _made_once
