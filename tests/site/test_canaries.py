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
from tests.site.canaries import ROLES, Canaries, Canary, add_missing_roles, plant_canaries
from tests.site.expectations import EXPECTATIONS
from tests.site.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LINK = re.compile(r'(?:href|action|src)="(/[^"#]*)|(?:<id>|href=")http://testserver(/[^"#<]*)')
SEARCHES = [
    "bird", "bird*", "a", "in:room", "in:staff-room", "by:ada", "by:sue", "is:official", "is:highlighted",
]  # fmt: skip
EXTRA_ADDRESSES = [
    *(f"/p/{{bird_{canary}}}/{act}" for canary in ("removed", "held", "old", "reported")
      for act in ("", "history/", "edit/", "report/", "quote/", "remove/", "restore/", "highlight/")),
    "/p/{bird_old}/history/?from=1&to=2", "/p/{bird_old}/history/?from=2&to=1", "/t/{bird_gone}/x/",
    "/t/{bird_gone}/x/feed/", "/t/{bird_gone}/x/record/", "/t/{bird_gone}/x/official/", "/t/{topic}/a/since/?seen=0",
    "/s/room/", "/s/room/feed/",
    "/moderation/cases/{bird_case}/", "/moderation/cases/{bird_case}/settle/", "/reports/{bird_report}/",
    "/appeals/{bird_case}/", "/moderation/members/ada/", "/moderation/members/sue/", "/moderation/?state=all",
    "/moderation/?state=all&q=bird", "/moderation/log/?act=suspend", "/suggest/members/?q=a&topic={topic}",
    *(f"/search/?q={query}&order={order}" for order in ("", "newest") for query in SEARCHES),
    "/u/ada/", "/u/sue/", "/inbox/", "/account/standing/", "/account/email/",
]  # fmt: skip
EXCLUDED_PREFIXES = ("/static/", "/account/logout/")
# Links are followed, but the same form of many posts only so often: those of the canaries are in MORE.
MAX_PER_SHAPE = 4
NUMBER_OR_VALUE = re.compile(r"\d+|=[^&]*")


@pytest.fixture(scope="module")
def crawled(_shared_world, django_db_blocker) -> tuple[Canaries, dict[str, dict[str, set[str]]], int]:
    """The canaries, and by role and kind the URLs where each was found."""
    with django_db_blocker.unblock(), _shared_world.rolled_back():
        world = add_missing_roles(_shared_world)
        flock = plant_canaries(world)
        found_at: dict[str, dict[str, set[str]]] = {role: defaultdict(set) for role in ROLES}
        spellings = [(canary, all_spellings(canary)) for canary in flock]
        pages = 0
        for role in ROLES:
            for address, said in crawl(world, role):
                pages += 1
                for canary, tokens in spellings:
                    if any(token in said for token in tokens):
                        found_at[role][canary.kind].add(address)
        check_mail_and_inboxes(world, flock, found_at)
    print(f"{len(flock.birds)} kinds, {len(ROLES)} roles, {pages:,} pages")
    return flock, found_at, pages


def all_spellings(canary: Canary) -> set[str]:
    return {way for token in canary.all_spellings() for way in (token, escape(token), quote(token))}


def crawl(world: World, role: str) -> Iterator[tuple[str, str]]:
    """Fetches every URL that is declared, those of the canaries, and whatever these pages link to."""
    client = world.clients[role]
    waiting = [world.address(address) for address in (*(e.address for e in EXPECTATIONS), *EXTRA_ADDRESSES)]
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
            if link not in known and shapes[shape] < MAX_PER_SHAPE and not link.startswith(EXCLUDED_PREFIXES):
                known.add(link)
                shapes[shape] += 1
                waiting.append(link)


def links(response, text: str) -> set[str]:
    found = {unescape(one or other) for one, other in LINK.findall(text)}
    if location := response.headers.get("Location"):
        parts = urlsplit(urljoin("http://testserver/", location))
        found |= {f"{parts.path}?{parts.query}".rstrip("?")}
    return found


def check_mail_and_inboxes(world: World, flock: Canaries, found_at: dict[str, dict[str, set[str]]]) -> None:
    """Mails and inboxes of everybody."""
    by_mail = {world.people[role].email: role for role in ROLES if role in world.people}
    for canary in flock:
        for letter in mail.outbox:
            if canary.token in f"{letter.subject}{letter.body}":
                for to in letter.to:
                    found_at.get(by_mail.get(to, ""), found_at["guest"])[canary.kind].add(f"letter to {to}")
        for role in set(ROLES) - {"guest"}:
            if Notification.objects.filter(member=world.people[role], text__contains=canary.token).exists():
                found_at[role][canary.kind].add("inbox")


@pytest.mark.parametrize("role", ROLES)
def test_role_finds_no_token_of_content_hidden_from_it(crawled, role):
    flock, found_at, _ = crawled
    leaks = {
        canary.kind: found_at[role][canary.kind]
        for canary in flock
        if role not in canary.may_see and found_at[role][canary.kind]
    }
    if role == "author":
        assert {where.split()[0] for where in leaks.pop("code in a letter")} == {"letter"}
    assert leaks == {}


def test_control_every_token_is_found_by_roles_that_may_see_it(crawled):
    """Except what a suspended member may not request any more, and what no page shows."""
    flock, found_at, pages = crawled
    missed = {
        (canary.kind, role) for canary in flock for role in canary.may_see if not found_at[role][canary.kind]
    }
    assert missed == {("report's comment", "suspended"), ("talk with a reporter", "suspended")}
    nowhere = {canary.kind for canary in flock if not any(found_at[role][canary.kind] for role in ROLES)}
    assert nowhere == {"address on the net"}
    assert len(flock.birds) - len(nowhere) >= 16
    assert pages > len(ROLES) * len(EXPECTATIONS)


def test_control_ip_address_is_shown_only_by_lookup(world):
    """The control of the IP address: one POST, with a reason, and only its response contains it."""
    with world.rolled_back():
        world = add_missing_roles(world)
        flock = plant_canaries(world)
        address = next(canary.token for canary in flock if canary.kind == "address on the net")
        asked = "/moderation/members/ada/look-up/"
        assert address in world.clients["moderator"].post(asked, {"why": "Twins?"}).text
        for role in {*ROLES} - {"admin"}:
            client: Client = world.clients[role]
            assert address not in client.post(asked, {"why": "Twins?"}).text
