"""Text that staff hid stays hidden, whatever earlier act is undone."""

import pytest

from accounts.models import LogEntry
from forum.models import HiddenRevision, Highlight, Post, Topic
from forum.posts.edit import edit_post
from moderation.access.errors import CannotUndo
from moderation.cases.appeal import create_appeal, decide_appeal, is_text_restored
from moderation.log.undo import undo_entry
from moderation.members import remove_all_posts_worker
from moderation.members.remove_all_posts import remove_all_posts
from moderation.models import Case
from moderation.posts.hide_revision import hide_revision, show_revision
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.reports.report import report_post
from tests.conftest import reply_to
from tests.support.cases import resolve

pytestmark = pytest.mark.django_db

REASON = "Somebody’s address was in it."


@pytest.fixture
def highlighted_post(topic, ben, mia) -> Post:
    """Ben's post, highlighted in its first version and edited since."""
    post = reply_to(topic, ben, "I live in Bell Lane 7.")
    highlight_post(post=post, by=mia)
    return edit_post(post=post, by=ben, body="I live here.", version=1)


@pytest.fixture
def run_with_callbacks(django_capture_on_commit_callbacks):
    def do(act, **said) -> LogEntry:
        with django_capture_on_commit_callbacks(execute=True):
            return act(**said)

    return do


def hide(post: Post, by) -> None:
    hide_revision(post=Post.objects.get(pk=post.pk), number=1, by=by, reason=REASON)


def latest_entry(act: str) -> LogEntry:
    return LogEntry.objects.filter(act=act).latest("pk")


@pytest.mark.parametrize("is_hidden", [False, True])
def test_undoing_highlight_never_restores_hidden_revision(highlighted_post, mia, noor, is_hidden):
    highlight_post(post=highlighted_post, by=mia)
    if not is_hidden:
        undo_entry(entry=latest_entry("highlight"), by=noor)
        assert Highlight.objects.get().revision == 1
        return
    hide(highlighted_post, mia)
    with pytest.raises(CannotUndo, match="hidden"):
        undo_entry(entry=latest_entry("highlight"), by=noor)
    assert Highlight.objects.get().revision == 2


@pytest.mark.parametrize("is_hidden", [False, True])
def test_undoing_removal_never_restores_highlight_of_hidden_text(highlighted_post, mia, noor, is_hidden):
    remove_post(post=highlighted_post, by=mia, reason="Spam.")
    if is_hidden:
        hide(highlighted_post, mia)
    undo_entry(entry=latest_entry("remove"), by=noor)
    assert not Post.objects.get(pk=highlighted_post.pk).is_removed
    assert Highlight.objects.exists() is not is_hidden


@pytest.mark.parametrize("is_hidden", [False, True])
def test_undoing_remove_all_posts_never_restores_hidden_highlight(
    highlighted_post, ben, mia, noor, topic, run_with_callbacks, is_hidden
):
    entry = run_with_callbacks(remove_all_posts, member=ben, by=mia, reason="Spam.")
    if is_hidden:
        hide(highlighted_post, mia)
    run_with_callbacks(undo_entry, entry=entry, by=noor)
    assert not Post.objects.get(pk=highlighted_post.pk).is_removed
    assert Highlight.objects.exists() is not is_hidden


def test_restored_highlight_invalidates_cached_topic_page(
    highlighted_post, topic, ben, mia, noor, run_with_callbacks
):
    """The highlight is restored after its post, in a transaction of its own: a page made in between is made anew."""
    entry = run_with_callbacks(remove_all_posts, member=ben, by=mia, reason="Spam.")
    run_with_callbacks(undo_entry, entry=entry, by=noor)
    with_it = Topic.objects.get(pk=topic.pk).version
    Highlight.objects.all().delete()
    remove_all_posts_worker._restore_highlight(entry, entry.facts["before"]["highlights"][0])
    assert Topic.objects.get(pk=topic.pk).version == with_it + 1


@pytest.mark.slow
@pytest.mark.parametrize("is_hidden", [False, True])
def test_granted_appeal_never_restores_hidden_text(topic, ada, ben, mia, noor, is_hidden):
    post = reply_to(topic, ben, "Cleo lives in Bell Lane 7.")
    case = report_post(post=post, by=ada, reason="attack").case
    resolve(case=case, by=mia, outcome="edited", body="Cleo lives near.", version=1)
    if is_hidden:
        hide(post, mia)
    create_appeal(case=case, by=ben, text="She does.")
    appeal = decide_appeal(case=case, by=noor, decision="granted", reason="You are right.")
    post.refresh_from_db()
    assert appeal.is_granted
    assert ("Bell Lane" in post.body) is not is_hidden
    assert is_text_restored(Case.objects.with_post().get()) is not is_hidden


def test_undo_keeps_revision_that_was_hidden_again(highlighted_post, mia, noor):
    highlighted_post = edit_post(post=highlighted_post, by=mia, body="Here.", version=2, reason="Tidied.")
    number = 2
    hide_revision(post=highlighted_post, number=number, by=mia, reason="Rude.")
    first = latest_entry("hide_revision")
    show_revision(post=highlighted_post, number=number, by=noor)
    hide_revision(post=highlighted_post, number=number, by=noor, reason="Gives away an address.")
    with pytest.raises(CannotUndo, match="hidden again"):
        undo_entry(entry=first, by=mia)
    assert HiddenRevision.objects.filter(post=highlighted_post, number=number).exists()
