"""Staff hide one revision of a post: nobody can read it any more, nor rebuild it from its neighbours."""

import pytest

from accounts.models import LogEntry
from forum.access.errors import EditConflict, NotAllowed
from forum.history.revisions import revision_text
from forum.models import HiddenRevision, Highlight, Post, Section, Topic
from forum.posts.edit import edit_post
from moderation.access.errors import CannotUndo, IsCurrentRevision
from moderation.log.undo import undo_entry
from moderation.posts.hide_revision import show_revision
from moderation.posts.highlight import highlight_post, unhighlight_post
from tests.conftest import offers, reply_to
from tests.support.hidden_revisions import REASON, TOKEN, hide

pytestmark = pytest.mark.django_db


def revision_url(post: Post, number: int = 3, act: str = "hide") -> str:
    return f"/p/{post.pk}/history/{number}/{act}/"


ALL_COMPARISONS = [
    "",
    *(f"?from={a}&to={b}" for a in range(6) for b in range(7)),
    "?since=0",
    "?since=9" + "9" * 15,
]


# Next to the revision that is hidden, across it, and without it.
RELEVANT_COMPARISONS = [
    "", *(f"?from={a}&to={b}" for a, b in ["23", "34", "32", "43", "24", "33", "13", "35", "03", "36"]), "?since=0"
]  # fmt: skip


def pages_showing_token(client, post: Post, comparisons: list[str] = RELEVANT_COMPARISONS) -> list[str]:
    pages = [f"/p/{post.pk}/history/{query}" for query in comparisons]
    pages += [post.topic.get_absolute_url(), f"/t/{post.topic_id}/a/feed/", "/feeds/highlights/", "/feeds/"]
    pages += [f"/p/{post.pk}/edit/", f"/u/{post.author.name}/"]
    return [page for page in pages if TOKEN in client.get(page, follow=True).text]


@pytest.mark.parametrize(
    "comparisons",
    [RELEVANT_COMPARISONS, pytest.param(ALL_COMPARISONS, marks=pytest.mark.slow)],
    ids=["relevant", "all"],
)
def test_hidden_revision_is_visible_to_staff_only(post, ada, ben, cleo, mia, noor, sign_in, comparisons):
    for person in (
        None,
        ben,
        cleo,
    ):  # the control: every comparison that touches it shows it, and the list shows its reason
        shown = pages_showing_token(sign_in(person), post)
        assert {f"/p/{post.pk}/history/?from=2&to=3", f"/p/{post.pk}/history/?from=3&to=4"} <= set(shown)
        assert f"/p/{post.pk}/history/?from=2&to=4" in shown  # the reason
    hide(post, mia)
    for person in (None, ada, ben, cleo):
        assert pages_showing_token(sign_in(person), post, comparisons) == [], person
    for person in (mia, noor):
        assert TOKEN in sign_in(person).get(f"/p/{post.pk}/history/?from=2&to=3").text


@pytest.mark.slow
def test_history_shows_who_hid_revision_and_why(post, mia, guest):
    hide(post, mia)
    page = guest.get(f"/p/{post.pk}/history/?from=2&to=3").text
    assert "5</b> revisions" in page
    assert "Revision 3 was hidden by staff." in page
    assert '<div class="diff">' not in page
    assert "unchanged word" not in page
    assert "Hidden by <bdi>mia</bdi>" in page
    assert REASON in page
    between = guest.get(f"/p/{post.pk}/history/?from=2&to=4").text
    assert "<del>Two</del><ins>Four</ins> of five." in between


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_latest_comparison_skips_hidden_revision(post, mia, guest, number):
    hide(post, mia, number)
    page = guest.get(f"/p/{post.pk}/history/")
    comparison = page.context["comparison"]
    assert comparison.is_shown
    assert (comparison.older.number, comparison.newer.number) == (3 if number == 4 else 4, 5)


def test_all_revisions_but_the_current_one_can_be_hidden(post, mia, guest):
    for number in (1, 2, 3, 4):
        hide(post, mia, number)
    page = guest.get(f"/p/{post.pk}/history/").text
    assert "Revision 4 was hidden by staff." in page
    page = guest.get(f"/p/{post.pk}/history/?from=2&to=3").text
    assert "Revisions 2 and 3 were hidden by staff." in page


def test_current_revision_cannot_be_hidden(post, mia, sign_in):
    with pytest.raises(IsCurrentRevision):
        hide(post, mia, 5)
    for method in ("get", "post"):
        response = getattr(sign_in(mia), method)(revision_url(post, 5), {"reason": REASON})
        assert response.status_code == 409
        assert f'href="/p/{post.pk}/edit/"' in response.text
    assert not HiddenRevision.objects.exists()


@pytest.mark.slow
def test_hide_page_shows_revision_and_requires_reason(post, mia, sign_in):
    client = sign_in(mia)
    assert TOKEN in client.get(revision_url(post)).text
    response = client.post(revision_url(post), {"reason": " "})
    assert response.status_code == 422
    assert "Please give a reason." in response.text
    page = client.post(revision_url(post), {"reason": REASON}, follow=True).text
    assert "Revision 3 is hidden. Only staff can see it." in page
    assert 'data-act="show-revision"' in page
    assert page.count('data-act="hide-revision"') == 3  # not the newest, nor this
    assert not offers(sign_in(post.author).get(post.url_for("history")), "hide-revision")


def test_second_hiding_is_ignored_and_names_first_moderator(post, mia, noor, sign_in):
    assert hide(post, mia) == hide(post, noor)
    page = sign_in(noor).post(revision_url(post), {"reason": "r"}, follow=True).text
    assert "mia already did this at" in page
    assert LogEntry.objects.filter(act="hide_revision").count() == 1


def test_hiding_unknown_revision_gets_404(post, mia, sign_in):
    assert sign_in(mia).get(revision_url(post, 9)).status_code == 404
    assert sign_in(mia).post(revision_url(post, 9), {"reason": REASON}).status_code == 404
    with pytest.raises(NotAllowed):
        hide(post, mia, 9)


@pytest.mark.slow
def test_only_staff_of_the_section_can_hide_and_show_revisions(
    post, talk, ada, ben, cleo, mia, noor, guest, sign_in
):
    elsewhere = Section.objects.create(name="Else", slug="else")
    mia.moderates = [elsewhere.pk]
    mia.save()
    for person in (None, ada, ben, cleo, mia):
        client = sign_in(person)
        assert client.post(revision_url(post), {"reason": REASON}).status_code == 403
        assert client.post(revision_url(post, act="show")).status_code == 403
        assert not HiddenRevision.objects.exists()
    hide(post, noor)
    assert pages_showing_token(sign_in(mia), post) == []
    assert sign_in(mia).post(revision_url(post, act="show")).status_code == 403
    mia.moderates = [talk.pk]
    mia.save()
    assert sign_in(mia).post(revision_url(post, act="show")).status_code == 302
    assert not HiddenRevision.objects.exists()


@pytest.mark.slow
def test_showing_revision_makes_text_visible_again(post, mia, noor, guest, sign_in):
    before = pages_showing_token(guest, post)
    hide(post, mia)
    page = sign_in(noor).post(revision_url(post, act="show"), follow=True).text
    assert "Revision 3 is visible again" in page
    assert pages_showing_token(guest, post) == before
    assert not show_revision(post=post, number=3, by=noor)
    assert list(LogEntry.objects.order_by("pk").values_list("act", flat=True)) == [
        "hide_revision",
        "show_revision",
    ]


@pytest.mark.slow
def test_hiding_can_be_undone_and_redone_from_log(post, mia, noor, guest):
    hide(post, mia)
    undone = undo_entry(entry=LogEntry.objects.get(), by=noor)
    assert not HiddenRevision.objects.exists()
    undo_entry(entry=undone, by=mia)
    assert HiddenRevision.objects.get().reason == REASON
    assert pages_showing_token(guest, post) == []


def test_undo_of_hiding_is_rejected_if_revision_was_shown_since(post, mia, noor):
    hide(post, mia)
    show_revision(post=post, number=3, by=mia)
    entry = LogEntry.objects.get(act="hide_revision")
    with pytest.raises(CannotUndo):
        undo_entry(entry=entry, by=noor)


class TestHighlights:
    @pytest.mark.slow
    def test_highlight_of_hidden_revision_is_removed(self, topic, post, ben, mia, noor, guest):
        highlight_post(post=reply_to(topic, ben, "Other."), by=mia)
        Highlight.objects.create(
            post=post, topic=topic, revision=3, excerpt=f"Three, {TOKEN}.", highlighted_by=mia
        )
        Topic.objects.get(pk=topic.pk).change()
        for page in (topic.get_absolute_url(), "/feeds/highlights/"):
            assert TOKEN in guest.get(page).text
        hide(post, mia)
        for page in (topic.get_absolute_url(), "/feeds/highlights/"):
            assert TOKEN not in guest.get(page).text
        assert Highlight.objects.count() == 1
        assert LogEntry.objects.filter(act="hide_revision").get().facts["was_highlighted"]

    def test_highlight_of_other_revision_stays(self, topic, post, mia):
        highlight_post(post=post, by=mia)
        hide(post, mia)
        assert Highlight.objects.get().revision == 5

    def test_undo_does_not_restore_highlight_of_hidden_revision(self, topic, post, mia, noor):
        Highlight.objects.create(
            post=post, topic=topic, revision=3, excerpt=f"Three, {TOKEN}.", highlighted_by=mia
        )
        unhighlight_post(post=post, by=mia)
        hide(post, mia)
        with pytest.raises(CannotUndo, match="hidden"):
            undo_entry(entry=LogEntry.objects.get(act="unhighlight"), by=noor)
        assert not Highlight.objects.exists()


class TestEdits:
    def test_edit_based_on_hidden_revision_conflicts_without_merge(self, post, ben, mia, sign_in):
        hide(post, mia)
        with pytest.raises(EditConflict) as conflict:
            edit_post(post=post, by=ben, body="Three.\n\nMine.", version=3)
        assert conflict.value.merged is None
        page = sign_in(ben).post(post.url_for("edit"), {"body": "Mine.", "version": 3, "reason": ""})
        assert page.status_code == 409
        assert TOKEN not in page.text
        assert "no longer available" in page.text
        assert revision_text(post, 3, to=ben) is None
        assert TOKEN in (revision_text(post, 3, to=mia) or "")

    def test_undo_of_edit_does_not_restore_hidden_text(self, topic, ben, mia, noor):
        post = reply_to(topic, ben, f"One {TOKEN}.")
        edit_post(post=post, by=mia, body="One.", version=1, reason="Address")
        post.refresh_from_db()
        hide(post, mia, 1)
        with pytest.raises(CannotUndo, match="hidden"):
            undo_entry(entry=LogEntry.objects.get(act="edit"), by=noor)
        assert Post.objects.get(pk=post.pk).body == "One."
