"""Pages as a guest sees them: the final check that a restored community is the same.

Only guests' pages are reproducible: members' pages contain tokens that are used once. What guests can't see is
compared row by row like everything else.
"""

import hashlib
from collections.abc import Iterator
from random import SystemRandom

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User
from config.backup.manifest import SavedPage
from config.environment.version import version
from forum.models import Post, Revision, Section, Topic

SAMPLE = 200
FEW = 10  # of each kind that is not a topic

_chance = SystemRandom()


def sample(number: int = SAMPLE) -> list[SavedPage]:
    """Returns random pages that a guest can read, as they are now."""
    saved: dict[str, SavedPage] = {}
    guest = Guest()
    for address in _addresses(number):
        if len(saved) < number and address not in saved and (digest := guest.fingerprint(address)):
            saved[address] = SavedPage(address, digest)
    return list(saved.values())


def appearance_hash() -> str:
    """Returns a hash of what pages depend on besides the database. If it differs, pages may differ too."""
    digest = hashlib.sha256()
    for value in (
        version(),
        settings.PRODUCTION,
        settings.COMMUNITY_NAME,
        settings.TIME_ZONE,
        settings.SITE_URL,
    ):
        digest.update(f"{value}\n".encode())
    for folder in ("templates", "static"):
        for path in sorted((settings.ROOT / folder).rglob("*.*")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Guest:
    """Requests pages without a web server and without cookies."""

    def __init__(self) -> None:
        host = settings.ALLOWED_HOSTS[0].lstrip(".")
        self._requests = RequestFactory(SERVER_NAME="localhost" if host == "*" else host)
        self._handler = WSGIHandler()

    def fingerprint(self, address: str) -> str | None:
        """Returns the SHA-256 of a page's HTML, or None if a guest cannot read it."""
        request = self._requests.get(address, secure=settings.PRODUCTION)
        response = self._handler.get_response(request)
        if response.status_code != 200 or not isinstance(response, HttpResponse):
            return None
        return hashlib.sha256(response.content).hexdigest()


def _addresses(number: int) -> Iterator[str]:
    nobody = AnonymousUser()
    yield reverse("forum:home")
    for section in Section.objects.visible_to(nobody).order_by("?")[:FEW]:
        yield section.get_absolute_url()
    for user in User.objects.order_by("?")[:FEW]:
        yield reverse("forum:member", args=[user.name])
    visible = Post.objects.visible_to(nobody).filter(topic__section__history_by="everyone").values("pk")
    for revision in Revision.objects.filter(post__in=visible).order_by("?")[:FEW]:
        yield reverse("forum:history", args=[revision.post_id])
    topics = list(Topic.objects.visible_to(nobody).order_by("?")[:number])
    for topic in topics:
        yield _page(topic, _chance.randint(1, topic.pages))
    # In a forum of few topics, more of their pages.
    yield from (_page(topic, page) for topic in topics for page in range(1, min(topic.pages, number) + 1))


def _page(topic: Topic, number: int) -> str:
    return topic.get_absolute_url() + (f"?page={number}" if number > 1 else "")
