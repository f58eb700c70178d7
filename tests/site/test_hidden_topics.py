"""Canaries in what only staff may see of topics: no response to anybody else contains one, no page, list, feed, header
or count, and none changes its length or order for them."""

import base64
import re
from collections.abc import Iterator
from html import escape
from urllib.parse import quote
from uuid import uuid4

import pytest

from forum.bookmarks.bookmark import add_bookmark
from forum.drafts import store as drafts_store
from forum.models import Section, Topic
from forum.models.draft import reply_draft_key
from forum.posts.edit import edit_post
from forum.thanks.thank import thank_post
from moderation.posts.highlight import highlight_post
from moderation.posts.staff_replies import add_staff_note
from moderation.topics.merge import merge_topic
from moderation.topics.move import move_topic
from moderation.topics.remove import remove_topic
from moderation.topics.split import move_posts
from tests.conftest import reply_to, start
from tests.site.expectations import EXPECTATIONS
from tests.site.world import World

pytestmark = pytest.mark.slow

NON_STAFF_ROLES = ("guest", "member", "author", "unverified")
CHANGING_VALUES = re.compile(
    r'(csrfmiddlewaretoken|submission_key|until|at)" value="[^"]+"|;at=[0-9]+|https?://testserver|nonce-[^"]+|data-countdown="[^"]*"'
)


def canary(name: str) -> str:
    return f"canary{name}{uuid4().hex}"


def plant_canaries(world: World) -> dict[str, str]:
    """Puts a canary wherever only staff see it. Returns them by where they are."""
    mia, cleo = (world.people[who] for who in ("moderator", "member"))
    talk, room = Section.objects.get(slug="talk"), Section.objects.get(slug="staff-room")
    said = {
        name: canary(name)
        for name in (
            "title",
            "body",
            "answer",
            "revision",
            "quoted",
            "staffreply",
            "movedtitle",
            "movedpoststub",
            "merged",
        )
    }
    topic = start(talk, mia, said["title"], said["body"])
    post = reply_to(topic, mia, said["revision"])
    edit_post(post=post, by=mia, body=said["answer"], version=1)
    thank_post(post=post, by=cleo)
    add_bookmark(post=post, by=cleo)
    highlight_post(post=post, by=mia)
    quoting = reply_to(Topic.objects.get(pk=world.things["topic"]), mia,
                     f"> [mia wrote](/p/{post.pk}/?revision=2):\n> {said['answer']}")  # fmt: skip
    said["quoted"] = said["answer"]
    assert quoting.quotes.exists()
    drafts_store.save(by=cleo, draft_key=reply_draft_key(topic.pk), version=0, body="Begun there.")
    reply_to(topic, mia, "@cleo @ada look")
    remove_topic(topic=topic, by=mia, reason="Private.")
    add_staff_note(
        post=Topic.objects.get(pk=world.things["topic"]).posts.get(position=1), by=mia, body=said["staffreply"],
        submission_key=uuid4(),
    )  # fmt: skip
    moved = start(talk, mia, said["movedtitle"])
    add_bookmark(post=moved.posts.get(), by=cleo)
    move_topic(topic=moved, to=room, by=mia)
    one = reply_to(Topic.objects.get(pk=world.things["topic"]), mia, said["movedpoststub"])
    move_posts(topic=Topic.objects.get(pk=world.things["topic"]), posts=[one.pk], into=moved, by=mia)
    merged = start(talk, mia, said["merged"])
    merge_topic(topic=merged, into=moved, by=mia)
    world.things |= {"canary": topic.pk, "canary_post": post.pk, "canary_moved": moved.pk, "canary_one": one.pk,
                     "canary_merged": merged.pk, "canary_slug": said["title"]}  # fmt: skip
    return said


EXTRA_ADDRESSES = [
    "/t/{canary}/x/", "/t/{canary}/{canary_slug}/feed/", "/p/{canary_post}/", "/p/{canary_post}/history/",
    "/t/{canary_moved}/x/", "/p/{canary_one}/", "/t/{canary_merged}/x/", "/t/{canary_merged}/x/feed/",
    "/u/mia/", "/unread/", "/saved/", "/drafts/", "/s/talk/", "/s/talk/?page=1", "/t/{canary}/x/since/?seen=0",
    "/suggest/members/?q=&topic={canary}", "/moderation/log/",
]  # fmt: skip


def fetch_pages(world: World, role: str) -> Iterator[tuple[str, str]]:
    addresses = [*EXTRA_ADDRESSES, *(expected.address for expected in EXPECTATIONS if expected.accepts_get)]
    for address in dict.fromkeys(addresses):
        response = world.clients[role].get(world.address(address))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        yield address, f"{sorted(response.headers.items())}{body.decode(errors='replace')}"


def all_spellings(token: str) -> set[str]:
    return {token, escape(token), quote(token), token[::-1], base64.b64encode(token.encode()).decode()[:-4]}


def test_text_of_hidden_topic_does_not_reach_non_staff(world):
    with world.rolled_back():
        said = plant_canaries(world)
        spelt = {name: all_spellings(token) for name, token in said.items()}
        seen = {
            (role, name, address)
            for role in NON_STAFF_ROLES
            for address, answered in fetch_pages(world, role)
            for name, tokens in spelt.items()
            if any(one in answered for one in tokens)
        }
        by_staff: set[str] = set()
        for _, answered in fetch_pages(world, "moderator"):
            by_staff |= {name for name, token in said.items() if token in answered}
            if by_staff == set(said):
                break  # the control: they do see them
    print(f"canaries: {len(said)}, seen by others: {len(seen)}, by staff: {len(by_staff)} of {len(said)}")
    assert seen == set()
    assert by_staff == set(said)


PAGES = ["/", "/s/talk/", "/s/talk/feed/", "/feeds/", "/feeds/highlights/", "/u/mia/", "/u/ada/", "/unread/",
         "/t/{pinned}/pinned/", "/t/{closed}/closed/"]  # fmt: skip


def test_hidden_topic_changes_no_count_or_order(world):
    """A removed topic is added to, replied in, highlighted: what others are shown is the same to the letter."""
    mia = world.people["moderator"]

    def shown() -> list[str]:
        pages = [world.clients[role].get(world.address(page)) for role in NON_STAFF_ROLES for page in PAGES]
        return [CHANGING_VALUES.sub("", page.text) for page in pages]

    with world.rolled_back():
        shown()  # which loads what is unread
        before = shown()
        topic = start(Section.objects.get(slug="talk"), mia, "Hidden soon")
        highlight_post(post=topic.posts.get(), by=mia)
        control = shown()
        remove_topic(topic=topic, by=mia, reason="Private.")
        after = shown()
    assert control != before
    assert after == before
