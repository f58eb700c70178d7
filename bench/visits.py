"""The visitors of the forums that are measured, and their requests; and Django in this process on their databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from bench.forums import Forum
from forum.models import Section, Topic
from forum.topic_lists.row_cache import clear_rows
from forum.topic_page.fragment_cache import clear_fragments
from forum.topic_page.render import clear_frames

READER = "member"  # of the sample community
AWAY = timedelta(days=400)  # everything newer is unread for the reader
ENCODING = "gzip, br"  # as browsers ask
PAGES = 20  # measured together, since their posts differ in length
DEEP = 500
TOKEN = "t" * 32  # in the form and in the cookie


@contextmanager
def using(forum: Forum) -> Iterator[None]:
    """Connects Django in this process to this forum's database."""
    connection.close()
    forget()
    before = connection.settings_dict["NAME"], connection.settings_dict["HOST"]
    connection.settings_dict["NAME"], connection.settings_dict["HOST"] = forum.database, forum.host
    try:
        yield
    finally:
        connection.close()
        forget()
        connection.settings_dict["NAME"], connection.settings_dict["HOST"] = before


def forget() -> None:
    clear_fragments()
    clear_frames()
    clear_rows()


def reader() -> User:
    """Returns a member with many unread posts."""
    User.objects.filter(name=READER).update(read_all_until=timezone.now() - AWAY)
    return User.objects.get(name=READER)


def browser(member: User | None = None) -> Client:
    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING=ENCODING)
    if member:
        client.force_login(member)
    return client


def cookies_of(member: User) -> str:
    """Returns the Cookie header of a browser in which this member is signed in."""
    session = browser(member).cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def headers(cookies: str = "") -> dict[str, str]:
    return {"Accept-Encoding": ENCODING, **({"Cookie": cookies} if cookies else {})}


def long_topic() -> Topic:
    return Topic.objects.order_by("-last_position")[0]


def pages_from(topic: Topic, first: int) -> list[str]:
    """Returns the URLs of some consecutive pages of a topic."""
    address = topic.get_absolute_url()
    return [address if n == 1 else f"{address}?page={n}" for n in range(first, first + PAGES)]


def largest_section() -> Section:
    sections = Section.objects.filter(
        read_by=Section.Audience.EVERYONE, reply_by=Section.Audience.MEMBERS, archived_at=None
    )
    return max(sections, key=lambda section: section.topics.count())
