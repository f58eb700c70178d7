"""A member reads a page of a topic in a browser without scripts, which fetches the pictures too."""

from html import unescape
from re import findall

from django.test import Client

from forum.models import Topic


def read(client: Client, topic: Topic, page: int = 1) -> str:
    shown = client.get(topic.get_absolute_url() + (f"?page={page}" if page > 1 else "")).content.decode()
    fetch_marks(client, shown)
    return shown


def fetch_marks(client: Client, shown: str) -> None:
    """The picture by which a page without scripts tells that it was shown."""
    for address in findall(r'<noscript><img src="([^"]+)"', shown):
        assert client.get(unescape(address)).status_code == 200
