"""A member reads a page of a topic in a browser without scripts, which fetches the pictures too; what is read then."""

from html import unescape
from re import findall

from django.test import Client
from django.utils import timezone

from core.web.times import to_microseconds
from forum.models import ReadMark, Topic
from forum.read_state.unread_topics import unread_topics

NOW = str(to_microseconds(timezone.now()))
PREFETCH_HEADERS = [
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Sec-Purpose": "prefetch;anonymous-client-ip"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
    {"X-Purpose": "preview"},
]


def read(client: Client, topic: Topic, page: int = 1) -> str:
    shown = client.get(topic.get_absolute_url() + (f"?page={page}" if page > 1 else "")).text
    fetch_marks(client, shown)
    return shown


def fetch_marks(client: Client, shown: str) -> None:
    """Fetches the picture by which a page without scripts reports that it was shown."""
    for address in findall(r'<noscript><img src="([^"]+)"', shown):
        assert client.get(unescape(address)).status_code == 200


def mark_of(member, topic) -> int | None:
    return ReadMark.objects.filter(member=member, topic=topic).values_list("position", flat=True).first()


def is_unread(member, topic) -> bool:
    member.refresh_from_db()
    return unread_topics(member).filter(pk=topic.pk).exists()
