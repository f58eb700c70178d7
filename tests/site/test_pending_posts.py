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
from tests.support.new_member_limits import add_watched_word

pytestmark = pytest.mark.slow

OTHER_ROLES = ("guest", "member", "unverified")
KINDS = ("answer", "title", "topic's text", "poll", "refused text", "reason", "rule")


def plant_tokens(world: World) -> dict[str, str]:
    """Returns a token of its own by kind. All is by Ada, and one of her pending replies is in a topic that everybody
    reads."""
    tokens = {kind: f"bell{token_hex(16)}" for kind in KINDS}
    ada, mia, noor = (world.people[who] for who in ("author", "moderator", "admin"))
    topic = Topic.objects.get(pk=world.things["topic"])
    add_watched_word(tokens["rule"], by=noor)
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
    fixed = [world.address(e.address) for e in EXPECTATIONS if e.accepts_get]
    texts = [text.get_absolute_url() for text in PendingPost.objects.all()]
    lists = ["/u/ada/", "/s/talk/?page=1", world.address("/t/{topic}/a/?page=1"), "/manage/words/"]
    return [*dict.fromkeys([*texts, *lists, "/moderation/waiting/refuse/?waiting=1", *fixed])]


def kinds_seen_by_role(world: World, roles: tuple[str, ...], tokens: dict[str, str]) -> dict[str, set[str]]:
    """Returns which kinds each role has met, in bodies and headers of all pages; once a role has met all, it stops."""
    found: dict[str, set[str]] = {role: set() for role in roles}
    for role in roles:
        for address in addresses(world):
            if found[role] == set(tokens):
                break
            answered = world.clients[role].get(address)
            body = b"".join(answered) if answered.streaming else answered.content
            said = body.decode(errors="replace") + str(answered.headers)
            found[role] |= {kind for kind, token in tokens.items() if token in said}
    return found


def test_pending_post_is_seen_only_by_author_and_staff(world):
    with world.rolled_back():
        tokens = plant_tokens(world)
        found = kinds_seen_by_role(world, (*OTHER_ROLES, "author", "moderator", "admin"), tokens)
    assert {role: found[role] for role in OTHER_ROLES} == {role: set() for role in OTHER_ROLES}
    # The control: those who may see them do. A rule is shown to staff, where it held a post; it is in the text of its
    # writer.
    assert found["author"] == set(KINDS)
    assert found["moderator"] == found["admin"] == set(KINDS)


def test_pending_post_changes_no_page_for_others(world):
    pages = ["/", "/s/talk/", "/u/ada/", world.address("/t/{topic}/a/"), "/feeds/"]
    for role in ("guest", "member"):
        client = world.clients[role]
        with world.rolled_back():
            add_watched_word("ding dong bell", by=world.people["admin"])
            client.get(pages[3])
            before = [_stable_html(client, page) for page in pages]
            topic = Topic.objects.get(pk=world.things["topic"])
            with pytest.raises(PostPendingApproval):
                reply_to(topic, world.people["author"], "Ding dong bell!")
            assert [_stable_html(client, page) for page in pages] == before
            # The control: what is a post changes something; and does again when it is removed.
            post = approve_post(
                pending=PendingPost.objects.get(body="Ding dong bell!"), by=world.people["moderator"]
            )
            assert [_stable_html(client, page) for page in pages] != before
            remove_post(post=post, by=world.people["moderator"], reason="Spam.")


def _stable_html(client, address: str) -> str:
    page = client.get(address).text
    return re.sub(r'(name="(?:csrfmiddlewaretoken|submission_key|at)" value=)"[^"]*"|;at=[0-9]+', "", page)
