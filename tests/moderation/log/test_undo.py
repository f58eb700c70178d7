"""Undoing from the log: every act of staff on topics and posts, single and together, and what has changed since."""

import pytest

from accounts.models import LogEntry, Rule, User
from forum.models import Closure, Highlight, Pin, Post, Topic
from forum.posts import edit as editing
from forum.thanks import folding
from forum.topics import rename
from moderation.access.errors import AlreadyUndone, CannotUndo
from moderation.log import undo as undoing
from moderation.log.undo import undo_entries, undo_entry
from moderation.posts import highlight as highlighting, remove as removing
from moderation.topics import close as closing, pin as pinning
from tests.conftest import answer

pytestmark = pytest.mark.django_db


def last() -> LogEntry:
    return LogEntry.objects.order_by("pk").last()


def edit(post: Post, by: User, body: str, reason: str = "") -> Post:
    return editing.edit_post(
        post=post, by=by, body=body, version=Post.objects.get(pk=post.pk).version, reason=reason
    )


def state_of(topic: Topic) -> list:
    """What a reader sees of the topic, without numbers and moments."""
    topic = Topic.objects.get(pk=topic.pk)
    closed = Closure.objects.filter(topic=topic).values_list("reason", "rule", "read_instead")
    posts = [
        (post.body, post.is_removed and (post.removal.reason, post.removal.rule_id),
         post.is_highlighted and (post.highlight.revision, post.highlight.excerpt), post.folds)
        for post in topic.posts.order_by("position")
    ]  # fmt: skip
    return [topic.title, topic.answers, list(closed), Pin.objects.filter(topic=topic).exists(), posts]


def prepared(act: str, topic: Topic, post: Post, mia: User) -> None:
    """What has to stand before the act can be done."""
    rule = Rule.objects.current()[0]
    if act == "reopen":
        closing.close_topic(topic=topic, by=mia, reason="Solved.", rule=rule)
    elif act == "unpin":
        pinning.pin_topic(topic=topic, by=mia)
    elif act == "unhighlight":
        highlighting.highlight(post=post, by=mia)
    elif act == "restore":
        removing.remove_post(post=post, by=mia, reason="Spam.", rule=rule)
    elif act == "unfold":
        edit(post, post.author, "Thank you!")


# Those of the desk's first acts; tests beside the others undo those.
ACTS = [
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


def do(act: str, topic: Topic, post: Post, by: User) -> None:
    {
        "close": lambda: closing.close_topic(topic=topic, by=by, reason="Solved."),
        "reopen": lambda: closing.reopen_topic(topic=topic, by=by),
        "pin": lambda: pinning.pin_topic(topic=topic, by=by),
        "unpin": lambda: pinning.unpin_topic(topic=topic, by=by),
        "retitle": lambda: rename.rename_topic(
            topic=topic, by=by, title="Better", version=1, reason="Clearer."
        ),
        "edit": lambda: edit(post, by, "Staff's words", "Rude."),
        "highlight": lambda: highlighting.highlight(post=post, by=by),
        "unhighlight": lambda: highlighting.unhighlight(post=post, by=by),
        "remove": lambda: removing.remove_post(post=post, by=by, reason="Spam."),
        "restore": lambda: removing.restore_post(post=post, by=by),
        "unfold": lambda: folding.always_show(post=post, by=by),
    }[act]()


@pytest.mark.parametrize("act", ACTS)
def test_undone_it_is_as_it_was_and_the_record_says_so(act, topic, bens, mia, noor):
    prepared(act, topic, bens, mia)
    before = state_of(topic)
    do(act, topic, bens, mia)
    entry = last()
    assert (entry.act, state_of(topic) != before) == (act, True)
    assert (entry.topic_id, entry.section_id) == (topic.pk, topic.section_id)
    assert entry.member_id
    assert set(entry.facts) == {"before", "after"}  # who, what, before, after
    count = LogEntry.objects.count()
    undid = undo_entry(entry=entry, by=noor)
    assert state_of(topic) == before
    assert (undid.undoes_id, undid.by, LogEntry.objects.count()) == (entry.pk, noor, count + 1)


@pytest.mark.parametrize("act", ACTS)
def test_undone_twice_names_who_was_first(act, topic, bens, mia, noor):
    prepared(act, topic, bens, mia)
    do(act, topic, bens, mia)
    entry = last()
    undo_entry(entry=entry, by=noor)
    count, stands = LogEntry.objects.count(), state_of(topic)
    with pytest.raises(AlreadyUndone, match="noor already did this at "):
        undo_entry(entry=entry, by=mia)
    assert (LogEntry.objects.count(), state_of(topic)) == (count, stands)


@pytest.mark.parametrize("act", [act for act in ACTS if act != "unfold"])
def test_what_is_undone_can_be_undone_again(act, topic, bens, mia):
    prepared(act, topic, bens, mia)
    do(act, topic, bens, mia)
    done = state_of(topic)
    undid = undo_entry(entry=last(), by=mia)
    undo_entry(entry=undid, by=mia)
    assert state_of(topic) == done


CHANGED = {
    "close": lambda topic, post, by: closing.reopen_topic(topic=topic, by=by),
    "reopen": lambda topic, post, by: closing.close_topic(topic=topic, by=by, reason="Again."),
    "pin": lambda topic, post, by: pinning.unpin_topic(topic=topic, by=by),
    "unpin": lambda topic, post, by: pinning.pin_topic(topic=topic, by=by),
    "retitle": lambda topic, post, by: rename.rename_topic(
        topic=topic, by=by, title="Best", version=2, reason="Mine."
    ),
    "edit": lambda topic, post, by: edit(post, by, "Others' words", "Ruder."),
    "highlight": lambda topic, post, by: highlighting.unhighlight(post=post, by=by),
    "unhighlight": lambda topic, post, by: highlighting.highlight(post=post, by=by),
    "remove": lambda topic, post, by: removing.restore_post(post=post, by=by),
    "restore": lambda topic, post, by: removing.remove_post(post=post, by=by, reason="Still spam."),
}


@pytest.mark.parametrize("act", CHANGED)
def test_what_somebody_has_decided_again_since_stays_and_is_told_plainly(act, topic, bens, mia, noor):
    prepared(act, topic, bens, mia)
    do(act, topic, bens, mia)
    entry = last()
    CHANGED[act](topic, bens, noor)
    stands, count = state_of(topic), LogEntry.objects.count()
    with pytest.raises(CannotUndo, match="noor") as refused:
        undo_entry(entry=entry, by=mia)
    assert not isinstance(refused.value, AlreadyUndone)
    assert (state_of(topic), LogEntry.objects.count()) == (stands, count)


def test_a_closing_is_undone_and_not_the_one_that_came_later(topic, mia, noor):
    closing.close_topic(topic=topic, by=mia, reason="Solved.")
    entry = last()
    closing.reopen_topic(topic=topic, by=noor)
    closing.close_topic(topic=topic, by=noor, reason="Really solved.")
    with pytest.raises(CannotUndo, match="reopened and closed again. noor did this"):
        undo_entry(entry=entry, by=mia)
    assert Closure.objects.get().reason == "Really solved."


def test_a_removal_undone_brings_the_highlight_back_that_it_took_down(topic, bens, mia):
    highlighting.highlight(post=bens, by=mia)
    before = state_of(topic)
    removing.remove_post(post=bens, by=mia, reason="Spam.")
    undo_entry(entry=LogEntry.objects.get(act="remove"), by=mia)
    assert state_of(topic) == before


def test_a_confirmed_highlight_undone_shows_the_words_that_were_approved_before(topic, bens, ben, mia):
    highlighting.highlight(post=bens, by=mia)
    before = Highlight.objects.values_list("revision", "excerpt").get()
    edit(bens, ben, "Other words.")
    highlighting.highlight(post=bens, by=mia)
    undo_entry(entry=last(), by=mia)
    assert Highlight.objects.values_list("revision", "excerpt").get() == before


def test_the_old_text_comes_back_as_a_new_revision(bens, mia):
    said = bens.body
    edit(bens, mia, "Staff's words", "Rude.")
    undo_entry(entry=last(), by=mia)
    post = Post.objects.get(pk=bens.pk)
    assert (post.body, post.version) == (said, 3)
    assert list(post.revisions.order_by("number").values_list("body", flat=True)) == [said, "Staff's words"]


def test_staff_who_wrote_the_post_undo_as_staff(talk, topic, mia, noor):
    """What an author does to their own words is not recorded; undoing what another moderator did is."""
    own = answer(topic, mia)
    edit(own, noor, "Noor's words", "Clearer.")
    assert undo_entry(entry=last(), by=mia).act == "edit"
    removing.remove_post(post=own, by=noor, reason="Spam.")
    removing.restore_post(post=own, by=noor)
    assert undo_entry(entry=last(), by=mia).act == "remove"


def test_an_act_that_finds_nothing_to_do_is_no_undoing(topic, mia, monkeypatch):
    closing.close_topic(topic=topic, by=mia, reason="Solved.")
    monkeypatch.setitem(undoing.UNDO_ACTIONS, "close", lambda entry, by: None)
    with pytest.raises(CannotUndo, match="There is nothing left to undo"):
        undo_entry(entry=last(), by=mia)


def test_several_are_undone_newest_first_and_what_cannot_be_keeps_nothing_else(topic, bens, mia, noor):
    before = state_of(topic)
    rename.rename_topic(topic=topic, by=mia, title="Better", version=1, reason="Clearer.")
    rename.rename_topic(topic=topic, by=mia, title="Best", version=2, reason="Clearer still.")
    closing.close_topic(topic=topic, by=mia, reason="Solved.")
    pinning.pin_topic(topic=topic, by=mia)
    entries = list(LogEntry.objects.all())
    pinning.unpin_topic(topic=topic, by=noor)
    undone = undo_entries(entries=entries, by=mia)
    assert [entry.act for entry in undone.done] == ["close", "retitle", "retitle"]
    ((left, reason),) = undone.left
    assert (left.act, "noor did this" in reason) == ("pin", True)
    assert state_of(topic) == before


def test_a_whole_story_goes_back_step_by_step(topic, bens, mia):
    before = state_of(topic)
    for _ in range(2):
        closing.close_topic(topic=topic, by=mia, reason="Solved.")
        closing.reopen_topic(topic=topic, by=mia)
        removing.remove_post(post=bens, by=mia, reason="Spam.")
        removing.restore_post(post=bens, by=mia)
        pinning.pin_topic(topic=topic, by=mia)
        pinning.unpin_topic(topic=topic, by=mia)
        edit(bens, mia, f"Words {LogEntry.objects.count()}", "Clearer.")
    undone = undo_entries(entries=list(LogEntry.objects.all()), by=mia)
    assert undone.left == []
    assert len(undone.done) == 14
    assert state_of(topic)[:4] == before[:4]
    assert state_of(topic)[4][1][0] == before[4][1][0]
