"""A token in every pending post, in its title and poll, in a rejection and a rule: seen by its writer and by staff,
and by nobody else on any page."""

import re
from secrets import token_hex

import pytest

from accounts.models import User
from forum.access.errors import PostPendingApproval
from forum.models import PendingPost, Topic
from forum.polls.polls import PollTerms
from moderation.approval.approve import approve_post, reject_post
from moderation.posts.remove import remove_post
from tests.conftest import reply_to, start
from tests.site.expectations import EXPECTATIONS
from tests.site.world import World
from tests.support.newcomers import rule

pytestmark = pytest.mark.slow

OTHERS = ("guest", "member", "unverified")
KINDS = ("answer", "title", "topic's text", "poll", "refused text", "reason", "rule")


def plant(world: World) -> dict[str, str]:
    """Returns a token of its own by kind. All is by Ada, and one of her pending replies is in a topic that everybody
    reads."""
    tokens = {kind: f"bell{token_hex(16)}" for kind in KINDS}
    ada, mia, noor = (world.people[who] for who in ("author", "moderator", "admin"))
    topic = Topic.objects.get(pk=world.things["topic"])
    rule(tokens["rule"], by=noor)
    User.objects.filter(pk=ada.pk).update(texts_waiting=0)
    PendingPost.objects.filter(author=ada).update(
        resolved_at="2026-01-01T00:00Z", resolved_by=ada, outcome="taken_back"
    )
    for act in (
        lambda: reply_to(topic, ada, f"{tokens['answer']} {tokens['rule']}"),
        lambda: start(
            topic.section,
            ada,
            tokens["title"],
            f"{tokens[KINDS[2]]} {tokens['rule']}",
            poll=PollTerms((tokens["poll"], "None")),
        ),
        lambda: reply_to(topic, ada, f"{tokens['refused text']} {tokens['rule']}"),
    ):
        with pytest.raises(PostPendingApproval):
            act()
    reject_post(
        pending=PendingPost.objects.get(body__contains=tokens["refused text"]),
        by=mia,
        reason=tokens["reason"],
    )
    return tokens


def addresses(world: World) -> list[str]:
    fixed = [world.address(e.address) for e in EXPECTATIONS if e.takes_gets]
    texts = [text.get_absolute_url() for text in PendingPost.objects.all()]
    lists = ["/u/ada/", "/s/talk/?page=1", world.address("/t/{topic}/a/?page=1"), "/manage/words/"]
    return [*dict.fromkeys([*texts, *lists, "/moderation/waiting/refuse/?waiting=1", *fixed])]


def seen(world: World, roles: tuple[str, ...], tokens: dict[str, str]) -> dict[str, set[str]]:
    """Returns which kinds each role has met, in bodies and headers of all pages; once a role has met all, it stops."""
    met: dict[str, set[str]] = {role: set() for role in roles}
    for role in roles:
        for address in addresses(world):
            if met[role] == set(tokens):
                break
            answered = world.clients[role].get(address)
            body = b"".join(answered) if answered.streaming else answered.content
            said = body.decode(errors="replace") + str(answered.headers)
            met[role] |= {kind for kind, token in tokens.items() if token in said}
    return met


def test_nobody_else_meets_a_waiting_text(world):
    with world.untouched():
        tokens = plant(world)
        met = seen(world, (*OTHERS, "author", "moderator", "admin"), tokens)
    assert {role: met[role] for role in OTHERS} == {role: set() for role in OTHERS}
    # The control: those who may see them do. A rule is shown to staff, where it held a post; it is in the text of its
    # writer.
    assert met["author"] == set(KINDS)
    assert met["moderator"] == met["admin"] == set(KINDS)


def test_it_moves_nothing_that_others_see(world):
    pages = ["/", "/s/talk/", "/u/ada/", world.address("/t/{topic}/a/"), "/feeds/"]
    for role in ("guest", "member"):
        client = world.clients[role]
        with world.untouched():
            rule("ding dong bell", by=world.people["admin"])
            client.get(pages[3])
            before = [_said(client, page) for page in pages]
            topic = Topic.objects.get(pk=world.things["topic"])
            with pytest.raises(PostPendingApproval):
                reply_to(topic, world.people["author"], "Ding dong bell!")
            assert [_said(client, page) for page in pages] == before
            # The control: what is a post changes something; and does again when it is removed.
            post = approve_post(
                pending=PendingPost.objects.get(body="Ding dong bell!"), by=world.people["moderator"]
            )
            assert [_said(client, page) for page in pages] != before
            remove_post(post=post, by=world.people["moderator"], reason="Spam.")


def _said(client, address: str) -> str:
    page = client.get(address).text
    return re.sub(r'(name="(?:csrfmiddlewaretoken|submission_key|at)" value=)"[^"]*"|;at=[0-9]+', "", page)
