"""The cast: few people, whose relation to the topic is easy to remember, and assertions in the forum's terms."""

import time
from datetime import datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib import auth
from django.test import Client, TransactionTestCase
from django.utils import timezone

from accounts.auth.sessions import SessionStore
from accounts.models import User
from accounts.rate_limiting import rate_counter
from forum.antispam import limits
from forum.antispam.watched_words import cached_rules
from forum.models import Post, Section, Topic
from forum.posts import create as posts_create
from forum.topic_lists.row_cache import clear_rows
from forum.topic_page.fragment_cache import clear_fragments
from forum.topic_page.render import clear_frames
from tests import environment
from tests.support import clear_database

PASSWORD = "a-bell-in-a-tower"


def make_user(name: str, role: str = "member") -> User:
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, role=role)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request) -> None:
    environment.start_server()
    if not environment.is_migrated():  # on one server, each process needs a database name of its own
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb) -> bool:
    return django_db_keepdb or environment.is_migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: clear_database.clear())
        with django_db_blocker.unblock():
            clear_database.save_initial_rows()
        yield


@pytest.fixture(autouse=True)
def nothing_kept():
    """Earlier tests are rolled back, and their ids may be reused."""
    clear_caches()


def clear_caches() -> None:
    """Empties the caches of this process."""
    clear_fragments()
    clear_frames()
    clear_rows()
    cached_rules.cache_clear()
    limits.cached_limits.cache_clear()


class Clock:
    """The clock of this process, which a test may move on. Waiting would fail on a slow machine."""

    def __init__(self) -> None:
        self._now = timezone.now
        self._moved = timedelta()

    def __call__(self) -> datetime:
        return self._now() + self._moved

    def move_on(self, **by: float) -> None:
        self._moved += timedelta(**by)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def no_rate_limits(monkeypatch):
    """Everyone may act as often as the test wants."""
    monkeypatch.setattr(rate_counter, "count_action", lambda *args, **kwargs: None)


@pytest.fixture
def in_one_slot(monkeypatch):
    """No minute, hour or day ends between two acts of a test that counts them."""
    began = time.time()
    monkeypatch.setattr(rate_counter, "window_of", lambda seconds, limit: int(began // limit.seconds))


@pytest.fixture
def totp_clock(monkeypatch):
    """Stops the clock of one-time codes in the middle of a half minute."""
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: 1_700_000_025.0))


@pytest.fixture
def ada(db) -> User:
    """A member; started the topic."""
    return make_user("ada")


@pytest.fixture
def ben(db) -> User:
    """A member; replied in the topic."""
    return make_user("ben")


@pytest.fixture
def cleo(db) -> User:
    """A member who has nothing to do with the topic."""
    return make_user("cleo")


@pytest.fixture
def nora(db) -> User:
    """Has just signed up; for everybody else in the cast the new-member limits have ended."""
    nora = make_user("nora")
    User.objects.filter(pk=nora.pk).update(is_new=True)
    nora.refresh_from_db()
    return nora


@pytest.fixture
def mia(db) -> User:
    return make_user("mia", "moderator")


@pytest.fixture
def noor(db) -> User:
    return make_user("noor", "admin")


@pytest.fixture
def talk(db) -> Section:
    """The section where members talk."""
    return Section.objects.create(name="Talk", slug="talk", place=2)


@pytest.fixture
def news(db) -> Section:
    """The announcement section: staff start topics, members reply."""
    return Section.objects.create(name="News", slug="news", place=1, start_by=Section.Audience.STAFF)


def start(
    section: Section, by: User, title: str = "Slow search", body: str = "It takes a minute.", **kwargs
) -> Topic:
    return posts_create.start_topic(
        section=section, by=by, title=title, body=body, submission_key=uuid4(), **kwargs
    )


def reply_to(topic: Topic, by: User, body: str = "Here too.", **kwargs) -> Post:
    return posts_create.create_reply(topic=topic, by=by, body=body, submission_key=uuid4(), **kwargs)


@pytest.fixture
def topic(talk, ada, ben) -> Topic:
    """Started by Ada, with one reply by Ben."""
    topic = start(talk, ada)
    reply_to(topic, ben)
    topic.refresh_from_db()
    return topic


@pytest.fixture
def original(topic) -> Post:
    """Ada's original post."""
    return topic.posts.get(position=1)


@pytest.fixture
def bens(topic) -> Post:
    """Ben's reply."""
    return topic.posts.get(position=2)


def browser_of(user: User | None) -> Client:
    """Returns a client signed in as this person, or a guest's without one. It makes the session that `force_login`
    makes, and no more: half of all tests need one, and this takes four queries instead of fifteen."""
    client = Client()
    if user:
        session = SessionStore()
        session[auth.SESSION_KEY] = str(user.pk)
        session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@pytest.fixture
def guest() -> Client:
    return Client()


@pytest.fixture
def sign_in():
    return browser_of


def offers(response, act: str) -> bool:
    return f'data-act="{act}"' in response.text
