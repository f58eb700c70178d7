"""Many people edit one post from the same version. If all change the same place, one wins and the others get a
conflict; if each changes their own, all changes are in the end. Nothing is lost."""

import time
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from django.db import IntegrityError

from core.diffs.merge import merge
from forum.access.errors import EditConflict
from forum.history.revisions import revisions_of
from forum.models import Post
from forum.models.topic import TopicQuerySet
from forum.posts import edit as posts_edit
from forum.posts.edit import edit_post
from tests.conftest import start
from tests.races.crowd import crowd, run_often, slow_inserts
from tests.support.concurrency import disable_locks, only_errors, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)
EDITORS, EDITORS_EVERYDAY = 20, 8
CONTROL_ATTEMPTS = 10


def editors_for(times: int) -> list:
    return crowd(EDITORS if times > 1 else EDITORS_EVERYDAY, "moderator")


def add_line(post: Post, by, seen: Post) -> Post:
    """Saves what this editor saw, with their own line under it."""
    body = f"{seen.body}\n{by.name} was here."
    return edit_post(post=post, by=by, body=body, version=seen.version, reason="My line.")


def add_line_with_retries(post: Post, by) -> int:
    """As a patient person does: read the current version, and try again."""
    for conflicts in range(10 * EDITORS):
        try:
            add_line(post, by, Post.objects.get(pk=post.pk))
        except EditConflict:
            continue
        return conflicts
    raise AssertionError(f"{by.name} never got through")


@pytest.mark.slow
@run_often(1, 20)
def test_conflicting_edits_lose_nothing(talk, ada, times):
    editors, lost, conflicts = editors_for(times), 0, 0
    for _ in range(times):
        post = start(talk, editors[0], body="Bells.").posts.get()
        outcomes = run_concurrently(*(partial(add_line, post, editor, seen=post) for editor in editors))
        assert [type(error) for error in only_errors(outcomes)] == [EditConflict] * (len(editors) - 1)
        winner = next(outcome for outcome in outcomes if isinstance(outcome, Post)).edited_by
        others = [editor for editor in editors if editor != winner]
        tries = run_concurrently(*(partial(add_line_with_retries, post, editor) for editor in others))
        assert only_errors(tries) == []
        conflicts += sum(tries)
        lost += count_lost_lines(post, editors)
        assert_history_is_a_chain(post, length=len(editors) + 1)
    print(f"edits lost: {lost} of {times * len(editors)}; {conflicts} conflicts were tried again")
    assert lost == 0


def count_lost_lines(post: Post, editors: list) -> int:
    post.refresh_from_db()
    return sum(f"{editor.name} was here." not in post.body for editor in editors)


def assert_history_is_a_chain(post: Post, length: int) -> None:
    """Each version is the one before it with one line more."""
    said = [*post.revisions.order_by("number").values_list("number", "body"), (post.version, post.body)]
    assert [number for number, _ in said] == list(range(1, length + 1))
    for (_, parent), (_, child) in zip(said, said[1:], strict=False):
        assert child.startswith(f"{parent}\n")
        assert child.count("\n") == parent.count("\n") + 1


def test_control_without_locks_edits_violate_unique_key(talk, ada, mia, noor, monkeypatch):
    """Both have read the same version, and both expect to win; only the unique key of the revisions prevents it."""
    post = start(talk, ada, body="Bells.").posts.get()
    disable_locks(monkeypatch, TopicQuerySet, people=2)
    with slow_inserts("forum_revision", 0.1):
        outcomes = run_concurrently(*(partial(add_line, post, editor, seen=post) for editor in (mia, noor)))
    assert [type(error) for error in only_errors(outcomes)] == [IntegrityError]


def test_control_without_version_check_edits_are_lost(talk, ada):
    """If every edit counted as one of the newest version, the last would win."""
    editors = crowd(4, "moderator")
    post = start(talk, ada, body="Bells.").posts.get()

    def careless(editor) -> Post:
        now = Post.objects.get(pk=post.pk).version
        return edit_post(
            post=post, by=editor, body=f"Bells.\n{editor.name} was here.", version=now, reason="Mine."
        )

    for editor in editors:
        careless(editor)
    assert count_lost_lines(post, editors) == len(editors) - 1


def numbered_paragraphs() -> str:
    """A post with a paragraph for each editor."""
    return "\n\n".join(f"Bell {number} rings." for number in range(EDITORS))


def change_line(post: Post, by, number: int) -> Post:
    """Each editor changes their own paragraph, all from the first version."""
    body = numbered_paragraphs().replace(f"Bell {number} rings.", f"Bell {number} rings for {by.name}.")
    return edit_post(post=post, by=by, body=body, version=1, reason="My bell.")


@pytest.mark.slow
@run_often(1, 20)
def test_edits_of_different_lines_are_merged(talk, times):
    editors, lost, wrong_parents = editors_for(times), 0, 0
    for _ in range(times):
        post = start(talk, editors[0], body=numbered_paragraphs()).posts.get()
        outcomes = run_concurrently(
            *(partial(change_line, post, by, number) for number, by in enumerate(editors))
        )
        assert only_errors(outcomes) == []
        post.refresh_from_db()
        lost += sum(f"rings for {editor.name}." not in post.body for editor in editors)
        wrong_parents += len(revisions_with_wrong_parent(post, length=len(editors) + 1))
    print(f"edits lost: {lost} of {times * len(editors)}; revisions with a wrong parent: {wrong_parents}")
    assert (lost, wrong_parents) == (0, 0)


def revisions_with_wrong_parent(post: Post, length: int) -> list[int]:
    """Returns the revisions that are not the one before them with their writer's line changed and all else
    unchanged."""
    revisions = revisions_of(post, to=post.author)
    assert [revision.number for revision in revisions] == list(range(1, length + 1))
    wrong = []
    for parent, child in pairwise(revisions):
        lines = zip(parent.body.split("\n"), child.body.split("\n"), strict=True)
        changed = [new for old, new in lines if new != old]
        says_so = child.marks["merged_from"] == (None if child.number == 2 else 1)
        if not says_so or len(changed) != 1 or not changed[0].endswith(f" for {child.written_by.name}."):
            wrong.append(child.number)
    return wrong


def test_control_without_merging_only_one_edit_succeeds(talk, monkeypatch):
    monkeypatch.setattr(posts_edit, "merge", lambda base, mine, theirs: merge("", mine, theirs))
    editors = crowd(EDITORS_EVERYDAY, "moderator")
    post = start(talk, editors[0], body=numbered_paragraphs()).posts.get()
    outcomes = run_concurrently(
        *(partial(change_line, post, by, number) for number, by in enumerate(editors))
    )
    assert [type(error) for error in only_errors(outcomes)] == [EditConflict] * (len(editors) - 1)


@pytest.mark.slow
def test_control_without_recheck_merged_edits_are_lost(talk, monkeypatch):
    """If a merge were saved over whatever is current by then, the edits in between would be undone."""
    merged = posts_edit._merged

    def blind(edit, revision, post):
        revision = merged(edit, revision, post)
        time.sleep(0.05)
        return replace(revision, follows=Post.objects.get(pk=post.pk).version)

    monkeypatch.setattr(posts_edit, "_merged", blind)
    monkeypatch.setattr(posts_edit, "ATTEMPTS", 3 * EDITORS)
    editors = crowd(EDITORS_EVERYDAY, "moderator")
    lost = 0
    for _ in range(CONTROL_ATTEMPTS):  # on a busy machine they may come one after another
        post = start(talk, editors[0], body=numbered_paragraphs()).posts.get()
        run_concurrently(*(partial(change_line, post, by, number) for number, by in enumerate(editors)))
        post.refresh_from_db()
        lost += sum(f"rings for {editor.name}." not in post.body for editor in editors)
        if lost:
            break
    assert lost
