"""The canary crawl: everything that can be fetched, as everybody, and nowhere a token that is not for them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.core import mail
from django.test import Client

from notifications.models import Notification
from tests.site.canaries import ROLES, Canary, Flock, plant, seat
from tests.site.expectations import EXPECTATIONS
from tests.site.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LINK = re.compile(r'(?:href|action|src)="(/[^"#]*)|(?:<id>|href=")http://testserver(/[^"#<]*)')
MORE = [
    *(f"/p/{{bird_{bird}}}/{act}" for bird in ("removed", "held", "old", "reported")
      for act in ("", "history/", "edit/", "report/", "quote/", "remove/", "restore/", "highlight/")),
    "/p/{bird_old}/history/?from=1&to=2", "/p/{bird_old}/history/?from=2&to=1", "/t/{bird_gone}/x/",
    "/t/{bird_gone}/x/feed/", "/t/{bird_gone}/x/record/", "/t/{bird_gone}/x/official/", "/t/{topic}/a/since/?seen=0",
    "/s/room/", "/s/room/feed/",
    "/moderation/cases/{bird_case}/", "/moderation/cases/{bird_case}/settle/", "/reports/{bird_report}/",
    "/appeals/{bird_case}/", "/moderation/members/ada/", "/moderation/members/sue/", "/moderation/?state=all",
    "/moderation/?state=all&q=bird", "/moderation/log/?act=suspend", "/suggest/members/?q=a&topic={topic}",
    "/u/ada/", "/u/sue/", "/inbox/", "/account/standing/", "/account/email/",
]  # fmt: skip
NEVER = ("/static/", "/account/logout/")
# Links are followed, but the same form of many posts only so often: those of the canaries are in MORE.
OFTEN = 4
NUMBER_OR_VALUE = re.compile(r"\d+|=[^&]*")


@pytest.fixture(scope="module")
def crawled(_made_once, django_db_blocker) -> tuple[Flock, dict[str, dict[str, set[str]]], int]:
    """The canaries, and by role and kind the URLs where each was found."""
    with django_db_blocker.unblock(), _made_once.untouched():
        world = seat(_made_once)
        flock = plant(world)
        met: dict[str, dict[str, set[str]]] = {role: defaultdict(set) for role in ROLES}
        spellings = [(bird, spelled(bird)) for bird in flock]
        pages = 0
        for role in ROLES:
            for address, said in fetched(world, role):
                pages += 1
                for bird, tokens in spellings:
                    if any(token in said for token in tokens):
                        met[role][bird.kind].add(address)
        told(world, flock, met)
    print(f"{len(flock.birds)} kinds, {len(ROLES)} roles, {pages:,} pages")
    return flock, met, pages


def spelled(bird: Canary) -> set[str]:
    return {way for token in bird.spelled() for way in (token, escape(token), quote(token))}


def fetched(world: World, role: str) -> Iterator[tuple[str, str]]:
    """Fetches every URL that is declared, those of the canaries, and whatever these pages link to."""
    client = world.clients[role]
    waiting = [world.address(address) for address in (*(e.address for e in EXPECTATIONS), *MORE)]
    known, shapes = set(waiting), Counter[str]()
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode(errors="replace")
        # Requested values are repeated in forms and links: that reveals nothing.
        yield address, f"{sorted(response.headers.items())}{text}".replace(address, "")
        for link in links(response, text):
            shape = NUMBER_OR_VALUE.sub("", link)
            if link not in known and shapes[shape] < OFTEN and not link.startswith(NEVER):
                known.add(link)
                shapes[shape] += 1
                waiting.append(link)


def links(response, text: str) -> set[str]:
    found = {unescape(one or other) for one, other in LINK.findall(text)}
    if location := response.headers.get("Location"):
        parts = urlsplit(urljoin("http://testserver/", location))
        found |= {f"{parts.path}?{parts.query}".rstrip("?")}
    return found


def told(world: World, flock: Flock, met: dict[str, dict[str, set[str]]]) -> None:
    """Mails and inboxes of everybody."""
    by_mail = {world.people[role].email: role for role in ROLES if role in world.people}
    for bird in flock:
        for letter in mail.outbox:
            if bird.token in f"{letter.subject}{letter.body}":
                for to in letter.to:
                    met.get(by_mail.get(to, ""), met["guest"])[bird.kind].add(f"letter to {to}")
        for role in set(ROLES) - {"guest"}:
            if Notification.objects.filter(member=world.people[role], text__contains=bird.token).exists():
                met[role][bird.kind].add("inbox")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_meets_what_is_not_for_them(crawled, role):
    flock, met, _ = crawled
    leaks = {
        bird.kind: met[role][bird.kind] for bird in flock if role not in bird.may_see and met[role][bird.kind]
    }
    if role == "author":
        assert {where.split()[0] for where in leaks.pop("code in a letter")} == {"letter"}
    assert leaks == {}


def test_the_control_each_is_met_by_those_it_is_for(crawled):
    """Except what a suspended member may not request any more, and what no page shows."""
    flock, met, pages = crawled
    missed = {(bird.kind, role) for bird in flock for role in bird.may_see if not met[role][bird.kind]}
    assert missed == {("report's comment", "suspended"), ("talk with a reporter", "suspended")}
    nowhere = {bird.kind for bird in flock if not any(met[role][bird.kind] for role in ROLES)}
    assert nowhere == {"address on the net"}
    assert len(flock.birds) - len(nowhere) >= 16
    assert pages > len(ROLES) * len(EXPECTATIONS)


def test_what_no_page_shows_the_look_up_does(world):
    """The control of the IP address: one POST, with a reason, and only its response contains it."""
    with world.untouched():
        world = seat(world)
        flock = plant(world)
        address = next(bird.token for bird in flock if bird.kind == "address on the net")
        asked = "/moderation/members/ada/look-up/"
        assert address in world.clients["moderator"].post(asked, {"why": "Twins?"}).text
        for role in {*ROLES} - {"admin"}:
            client: Client = world.clients[role]
            assert address not in client.post(asked, {"why": "Twins?"}).text
