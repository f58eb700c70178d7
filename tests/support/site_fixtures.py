"""One world for all tests of a module; and Belfry with a page cache of the test's own in front of it."""

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.test import Client

from config.availability import database_monitor
from config.page_cache.disk import Disk
from config.page_cache.memory import Copies
from config.page_cache.store import Store
from config.page_cache.wsgi import Front
from tests.site.world import World, make_world
from tests.support.wsgi_client import Visitor


@pytest.fixture(scope="module")
def _shared_world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(_shared_world, db) -> World:
    return _shared_world


@pytest.fixture
def make_front(transactional_db, tmp_path, settings):
    """Makes a front, as each process has one: call it again for another process of the same machine."""
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django = get_wsgi_application()

    def front(memory: int = 10_000_000, disk: int = 50_000_000) -> Front:
        database_monitor.stop()
        made = Front(django, Store(Copies(max_bytes=memory), Disk(tmp_path / "pages", max_bytes=disk)))
        assert database_monitor.poll_now(within=120)  # until this check, nothing is cached
        return made

    yield front
    database_monitor.stop()


@pytest.fixture
def front(make_front) -> Front:
    return make_front()


@pytest.fixture
def visitor(front) -> Visitor:
    """A guest."""
    return Visitor(front)


def cookies_of(user) -> str:
    client = Client()
    client.force_login(user)
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in client.cookies.values())
