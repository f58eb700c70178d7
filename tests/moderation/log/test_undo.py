"""Undoing from the log: every moderator action on topics and posts, single and together, and what has changed
since."""

import pytest

from accounts.models import LogEntry, Rule, User
from accounts.rate_limiting.rate_counter import RateLimitExceeded
from accounts.rate_limiting.turns import BUSY_LIMIT
from forum.models import Closure, Highlight, Pin, Post, Topic
from forum.post_text import prepare as post_text
from forum.posts.edit import edit_post
from forum.thanks import folding
from forum.topics import rename
from moderation.access.errors import AlreadyUndone, CannotUndo
from moderation.log.undo import UNDO_ACTIONS, undo_entries, undo_entry
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import remove_post, restore_post
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.pin import pin_topic, unpin_topic
from tests.conftest import reply_to, start

pytestmark = pytest.mark.django_db


def last() -> LogEntry:
    return LogEntry.objects.order_by("pk").last()


def edit(post: Post, by: User, body: str, reason: str = "") -> Post:
    return edit_post(post=post, by=by, body=body, version=Post.objects.get(pk=post.pk).version, reason=reason)


def state_of(topic: Topic) -> list:
    """Returns what a reader sees of the topic, without ids and times."""
    topic = Topic.objects.get(pk=topic.pk)
    closed = Closure.objects.filter(topic=topic).values_list("reason", "rule", "read_instead")
    posts = [
        (post.body, post.is_removed and (post.removal.reason, post.removal.rule_id),
         post.is_highlighted and (post.highlight.revision, post.highlight.excerpt), post.folds)
        for post in topic.posts.order_by("position")
    ]  # fmt: skip
    return [topic.title, topic.reply_count, list(closed), Pin.objects.filter(topic=topic).exists(), posts]


def prepare(act: str, topic: Topic, post: Post, mia: User) -> None:
    """Sets up what the act needs."""
    rule = Rule.objects.current()[0]
    if act == "reopen":
        close_topic(topic=topic, by=mia, reason="Solved.", rule=rule)
    elif act == "unpin":
        pin_topic(topic=topic, by=mia)
    elif act == "unhighlight":
        highlight_post(post=post, by=mia)
    elif act == "restore":
        remove_post(post=post, by=mia, reason="Spam.", rule=rule)
    elif act == "unfold":
        edit(post, post.author, "Thank you!")


# The first moderator actions; tests beside the others undo those.
ACTIONS = [
    "close",
    "reopen",
    "pin",
    "unpin",
    "retitle",
    "edit",
    "highlight",
    "unhighlight",
    "remove",
    "restore",
    "unfold",
]


def perform(act: str, topic: Topic, post: Post, by: User) -> None:
    {
        "close": lambda: close_topic(topic=topic, by=by, reason="Solved."),
        "reopen": lambda: reopen_topic(topic=topic, by=by),
        "pin": lambda: pin_topic(topic=topic, by=by),
        "unpin": lambda: unpin_topic(topic=topic, by=by),
        "retitle": lambda: rename.rename_topic(
            topic=topic, by=by, title="Better", version=1, reason="Clearer."
        ),
        "edit": lambda: edit(post, by, "Staff's words", "Rude."),
        "highlight": lambda: highlight_post(post=post, by=by),
        "unhighlight": lambda: unhighlight_post(post=post, by=by),
        "remove": lambda: remove_post(post=post, by=by, reason="Spam."),
        "restore": lambda: restore_post(post=post, by=by),
        "unfold": lambda: folding.always_show(post=post, by=by),
    }[act]()


@pytest.mark.parametrize("act", ACTIONS)
def test_undo_restores_state_and_is_logged(act, topic, bens, mia, noor):
    prepare(act, topic, bens, mia)
    before = state_of(topic)
    perform(act, topic, bens, mia)
    entry = last()
    assert (entry.act, state_of(topic) != before) == (act, True)
    assert (entry.topic_id, entry.section_id) == (topic.pk, topic.section_id)
    assert entry.member_id
    assert set(entry.facts) == {"before", "after"}  # who, what, before, after
    count = LogEntry.objects.count()
    undid = undo_entry(entry=entry, by=noor)
    assert state_of(topic) == before
    assert (undid.undoes_id, undid.by, LogEntry.objects.count()) == (entry.pk, noor, count + 1)


@pytest.mark.parametrize("act", ACTIONS)
def test_second_undo_raises_already_undone(act, topic, bens, mia, noor):
    prepare(act, topic, bens, mia)
    perform(act, topic, bens, mia)
    entry = last()
    undo_entry(entry=entry, by=noor)
    count, state = LogEntry.objects.count(), state_of(topic)
    with pytest.raises(AlreadyUndone, match="noor already did this at "):
        undo_entry(entry=entry, by=mia)
    assert (LogEntry.objects.count(), state_of(topic)) == (count, state)


@pytest.mark.parametrize("act", [act for act in ACTIONS if act != "unfold"])
def test_undo_can_itself_be_undone(act, topic, bens, mia):
    prepare(act, topic, bens, mia)
    perform(act, topic, bens, mia)
    done = state_of(topic)
    undid = undo_entry(entry=last(), by=mia)
    undo_entry(entry=undid, by=mia)
    assert state_of(topic) == done


LATER_ACTIONS = {
    "close": lambda topic, post, by: reopen_topic(topic=topic, by=by),
    "reopen": lambda topic, post, by: close_topic(topic=topic, by=by, reason="Again."),
    "pin": lambda topic, post, by: unpin_topic(topic=topic, by=by),
    "unpin": lambda topic, post, by: pin_topic(topic=topic, by=by),
    "retitle": lambda topic, post, by: rename.rename_topic(
        topic=topic, by=by, title="Best", version=2, reason="Mine."
    ),
    "edit": lambda topic, post, by: edit(post, by, "Others' words", "Ruder."),
    "highlight": lambda topic, post, by: unhighlight_post(post=post, by=by),
    "unhighlight": lambda topic, post, by: highlight_post(post=post, by=by),
    "remove": lambda topic, post, by: restore_post(post=post, by=by),
    "restore": lambda topic, post, by: remove_post(post=post, by=by, reason="Still spam."),
}


@pytest.mark.parametrize("act", LATER_ACTIONS)
def test_undo_is_rejected_if_state_was_changed_since(act, topic, bens, mia, noor):
    prepare(act, topic, bens, mia)
    perform(act, topic, bens, mia)
    entry = last()
    LATER_ACTIONS[act](topic, bens, noor)
    state, count = state_of(topic), LogEntry.objects.count()
    with pytest.raises(CannotUndo, match="noor") as refused:
        undo_entry(entry=entry, by=mia)
    assert not isinstance(refused.value, AlreadyUndone)
    assert (state_of(topic), LogEntry.objects.count()) == (state, count)


def test_undo_of_earlier_closing_keeps_later_closing(topic, mia, noor):
    close_topic(topic=topic, by=mia, reason="Solved.")
    entry = last()
    reopen_topic(topic=topic, by=noor)
    close_topic(topic=topic, by=noor, reason="Really solved.")
    with pytest.raises(CannotUndo, match="reopened and closed again. noor did this"):
        undo_entry(entry=entry, by=mia)
    assert Closure.objects.get().reason == "Really solved."


def test_undoing_removal_restores_highlight(topic, bens, mia):
    highlight_post(post=bens, by=mia)
    before = state_of(topic)
    remove_post(post=bens, by=mia, reason="Spam.")
    undo_entry(entry=LogEntry.objects.get(act="remove"), by=mia)
    assert state_of(topic) == before


def test_undoing_confirmed_highlight_restores_earlier_revision(topic, bens, ben, mia):
    highlight_post(post=bens, by=mia)
    before = Highlight.objects.values_list("revision", "excerpt").get()
    edit(bens, ben, "Other words.")
    highlight_post(post=bens, by=mia)
    undo_entry(entry=last(), by=mia)
    assert Highlight.objects.values_list("revision", "excerpt").get() == before


def test_undoing_edit_restores_old_text_as_new_revision(bens, mia):
    said = bens.body
    edit(bens, mia, "Staff's words", "Rude.")
    undo_entry(entry=last(), by=mia)
    post = Post.objects.get(pk=bens.pk)
    assert (post.body, post.version) == (said, 3)
    assert list(post.revisions.order_by("number").values_list("body", flat=True)) == [said, "Staff's words"]


def test_moderator_undoes_staff_action_on_own_post_as_staff(talk, topic, mia, noor):
    """Authors' acts on their own posts are not logged; undoing another moderator's act is."""
    own = reply_to(topic, mia)
    edit(own, noor, "Noor's words", "Clearer.")
    assert undo_entry(entry=last(), by=mia).act == "edit"
    remove_post(post=own, by=noor, reason="Spam.")
    restore_post(post=own, by=noor)
    assert undo_entry(entry=last(), by=mia).act == "remove"
    assert undo_entry(entry=last(), by=mia).act == "restore"
    started = start(talk, mia, "Lamps")
    rename.rename_topic(topic=started, by=noor, title="Better", version=1, reason="Clearer.")
    assert undo_entry(entry=last(), by=mia).act == "retitle"


def test_undo_without_effect_is_rejected(topic, mia, monkeypatch):
    close_topic(topic=topic, by=mia, reason="Solved.")
    monkeypatch.setitem(UNDO_ACTIONS, "close", lambda entry, by: None)
    with pytest.raises(CannotUndo, match="There is nothing left to undo"):
        undo_entry(entry=last(), by=mia)


def test_bulk_undo_runs_newest_first_and_skips_failed_entries(topic, bens, mia, noor):
    before = state_of(topic)
    rename.rename_topic(topic=topic, by=mia, title="Better", version=1, reason="Clearer.")
    rename.rename_topic(topic=topic, by=mia, title="Best", version=2, reason="Clearer still.")
    close_topic(topic=topic, by=mia, reason="Solved.")
    pin_topic(topic=topic, by=mia)
    entries = list(LogEntry.objects.all())
    unpin_topic(topic=topic, by=noor)
    undone = undo_entries(entries=entries, by=mia)
    assert [entry.act for entry in undone.undone] == ["close", "retitle", "retitle"]
    ((left, reason),) = undone.failed
    assert (left.act, "noor did this" in reason) == ("pin", True)
    assert state_of(topic) == before


@pytest.mark.slow
def test_bulk_undo_of_alternating_actions_restores_initial_state(topic, bens, mia):
    before = state_of(topic)
    for _ in range(2):
        close_topic(topic=topic, by=mia, reason="Solved.")
        reopen_topic(topic=topic, by=mia)
        remove_post(post=bens, by=mia, reason="Spam.")
        restore_post(post=bens, by=mia)
        pin_topic(topic=topic, by=mia)
        unpin_topic(topic=topic, by=mia)
        edit(bens, mia, f"Words {LogEntry.objects.count()}", "Clearer.")
    undone = undo_entries(entries=list(LogEntry.objects.all()), by=mia)
    assert undone.failed == []
    assert len(undone.undone) == 14
    assert state_of(topic)[:4] == before[:4]
    assert state_of(topic)[4][1][0] == before[4][1][0]


def test_undo_on_busy_server_asks_to_wait(bens, mia, noor, sign_in, monkeypatch):
    edit(bens, mia, "Never mind.", reason="Unclear.")

    def busy(**kwargs):
        raise RateLimitExceeded(BUSY_LIMIT, retry_after=2)

    monkeypatch.setattr(post_text, "exclusive_turn", busy)
    entry = last()
    response = sign_in(noor).post(f"/moderation/log/{entry.pk}/undo/")
    assert (response.status_code, response["Retry-After"]) == (429, "2")
    assert "wait" in undo_entries(entries=[entry], by=noor).failed[0][1]
