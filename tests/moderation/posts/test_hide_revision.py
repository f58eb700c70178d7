"""Staff hide one revision of a post: nobody can read it any more, nor rebuild it from its neighbours."""

import pytest

from accounts.models import LogEntry
from forum.access.errors import EditConflict, NotAllowed
from forum.history.revisions import revision_text
from forum.models import HiddenRevision, Highlight, Post, Quote, Section, Topic
from forum.posts.edit import edit_post
from moderation.access.errors import CannotUndo, IsCurrentRevision
from moderation.log.undo import undo_entry
from moderation.posts.hide_revision import hide_revision, show_revision
from moderation.posts.highlight import highlight_post, unhighlight_post
from tests.conftest import offers, reply_to, start
from tests.forum.quotes.test_quote import quote

pytestmark = pytest.mark.django_db
TOKEN = "Xylophone4711"
WHY = "Somebody’s address was in it."


@pytest.fixture
def post(topic, ben) -> Post:
    """Ben's post with five revisions; the third contains what nobody should read."""
    post = reply_to(topic, ben, "One of five.")
    for version, (body, reason) in enumerate(
        [
            ("Two of five.", ""),
            (f"Three, {TOKEN}.", f"Added {TOKEN}"),
            ("Four of five.", "Out"),
            ("Five.", ""),
        ],
        start=1,
    ):
        post = edit_post(post=post, by=ben, body=body, version=version, reason=reason)
    return post


def hide(post: Post, by, number: int = 3) -> HiddenRevision:
    return hide_revision(post=post, number=number, by=by, reason=WHY)


def address(post: Post, number: int = 3, act: str = "hide") -> str:
    return f"/p/{post.pk}/history/{number}/{act}/"


COMPARED = ["", *(f"?from={a}&to={b}" for a in range(6) for b in range(7)), "?since=0", "?since=9" + "9" * 15]


# Next to the revision that is hidden, across it, and without it.
TELLING = [
    "", *(f"?from={a}&to={b}" for a, b in ["23", "34", "32", "43", "24", "33", "13", "35", "03", "36"]), "?since=0"
]  # fmt: skip


def where_it_shows(client, post: Post, compared: list[str] = TELLING) -> list[str]:
    pages = [f"/p/{post.pk}/history/{query}" for query in compared]
    pages += [post.topic.get_absolute_url(), f"/t/{post.topic_id}/a/feed/", "/feeds/highlights/", "/feeds/"]
    pages += [f"/p/{post.pk}/edit/", f"/u/{post.author.name}/"]
    return [page for page in pages if TOKEN in client.get(page, follow=True).text]


@pytest.mark.parametrize(
    "compared", [TELLING, pytest.param(COMPARED, marks=pytest.mark.slow)], ids=["telling", "all"]
)
def test_nothing_of_it_is_left_for_anybody_but_staff(post, ada, ben, cleo, mia, noor, sign_in, compared):
    for person in (
        None,
        ben,
        cleo,
    ):  # the control: every comparison that touches it shows it, and the list shows its reason
        shown = where_it_shows(sign_in(person), post)
        assert {f"/p/{post.pk}/history/?from=2&to=3", f"/p/{post.pk}/history/?from=3&to=4"} <= set(shown)
        assert f"/p/{post.pk}/history/?from=2&to=4" in shown  # the reason
    hide(post, mia)
    for person in (None, ada, ben, cleo):
        assert where_it_shows(sign_in(person), post, compared) == [], person
    for person in (mia, noor):
        assert TOKEN in sign_in(person).get(f"/p/{post.pk}/history/?from=2&to=3").text


def test_its_place_stays_with_who_when_and_why(post, mia, guest):
    hide(post, mia)
    page = guest.get(f"/p/{post.pk}/history/?from=2&to=3").text
    assert "5</b> revisions" in page
    assert "Revision 3 was hidden by staff." in page
    assert '<div class="diff">' not in page
    assert "unchanged word" not in page
    assert "Hidden by <bdi>mia</bdi>" in page
    assert WHY in page
    between = guest.get(f"/p/{post.pk}/history/?from=2&to=4").text
    assert "<del>Two</del><ins>Four</ins> of five." in between


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_whichever_is_hidden_the_latest_change_goes_by_it(post, mia, guest, number):
    hide(post, mia, number)
    page = guest.get(f"/p/{post.pk}/history/")
    comparison = page.context["comparison"]
    assert comparison.is_shown
    assert (comparison.older.number, comparison.newer.number) == (3 if number == 4 else 4, 5)


def test_all_but_the_newest_can_be_hidden(post, mia, guest):
    for number in (1, 2, 3, 4):
        hide(post, mia, number)
    page = guest.get(f"/p/{post.pk}/history/").text
    assert "Revision 4 was hidden by staff." in page
    page = guest.get(f"/p/{post.pk}/history/?from=2&to=3").text
    assert "Revisions 2 and 3 were hidden by staff." in page


def test_what_it_says_now_is_edited_first(post, mia, sign_in):
    with pytest.raises(IsCurrentRevision):
        hide(post, mia, 5)
    for method in ("get", "post"):
        answered = getattr(sign_in(mia), method)(address(post, 5), {"reason": WHY})
        assert answered.status_code == 409
        assert f'href="/p/{post.pk}/edit/"' in answered.text
    assert not HiddenRevision.objects.exists()


def test_the_page_shows_what_will_be_hidden_and_asks_why(post, mia, sign_in):
    client = sign_in(mia)
    assert TOKEN in client.get(address(post)).text
    answered = client.post(address(post), {"reason": " "})
    assert answered.status_code == 422
    assert "Please give a reason." in answered.text
    page = client.post(address(post), {"reason": WHY}, follow=True).text
    assert "Revision 3 is hidden. Only staff can see it." in page
    assert 'data-act="show-revision"' in page
    assert page.count('data-act="hide-revision"') == 3  # not the newest, nor this
    assert not offers(sign_in(post.author).get(post.url_for("history")), "hide-revision")


def test_hidden_twice_it_is_hidden_once(post, mia, noor, sign_in):
    assert hide(post, mia) == hide(post, noor)
    page = sign_in(noor).post(address(post), {"reason": "r"}, follow=True).text
    assert "mia already did this at" in page
    assert LogEntry.objects.filter(act="hide_revision").count() == 1


def test_a_revision_that_never_was(post, mia, sign_in):
    assert sign_in(mia).get(address(post, 9)).status_code == 404
    assert sign_in(mia).post(address(post, 9), {"reason": WHY}).status_code == 404
    with pytest.raises(NotAllowed):
        hide(post, mia, 9)


def test_who_may(post, talk, ada, ben, cleo, mia, noor, guest, sign_in):
    elsewhere = Section.objects.create(name="Else", slug="else")
    mia.moderates = [elsewhere.pk]
    mia.save()
    for person in (None, ada, ben, cleo, mia):
        client = sign_in(person)
        assert client.post(address(post), {"reason": WHY}).status_code == 403
        assert client.post(address(post, act="show")).status_code == 403
        assert not HiddenRevision.objects.exists()
    hide(post, noor)
    assert where_it_shows(sign_in(mia), post) == []
    assert sign_in(mia).post(address(post, act="show")).status_code == 403
    mia.moderates = [talk.pk]
    mia.save()
    assert sign_in(mia).post(address(post, act="show")).status_code == 302
    assert not HiddenRevision.objects.exists()


def test_shown_again_it_is_as_it_was(post, mia, noor, guest, sign_in):
    before = where_it_shows(guest, post)
    hide(post, mia)
    page = sign_in(noor).post(address(post, act="show"), follow=True).text
    assert "Revision 3 is visible again" in page
    assert where_it_shows(guest, post) == before
    assert not show_revision(post=post, number=3, by=noor)
    assert list(LogEntry.objects.order_by("pk").values_list("act", flat=True)) == [
        "hide_revision",
        "show_revision",
    ]


def test_undone_from_the_log_and_that_undone_too(post, mia, noor, guest):
    hide(post, mia)
    undone = undo_entry(entry=LogEntry.objects.get(), by=noor)
    assert not HiddenRevision.objects.exists()
    undo_entry(entry=undone, by=mia)
    assert HiddenRevision.objects.get().reason == WHY
    assert where_it_shows(guest, post) == []


def test_what_somebody_did_since_is_not_undone(post, mia, noor):
    hide(post, mia)
    show_revision(post=post, number=3, by=mia)
    entry = LogEntry.objects.get(act="hide_revision")
    with pytest.raises(CannotUndo):
        undo_entry(entry=entry, by=noor)


class TestQuotes:
    @pytest.fixture
    def quoting(self, topic, post, cleo) -> Post:
        """Cleo's post, in another topic, which quoted it before it was hidden."""
        other = start(topic.section, cleo, title="Else")
        return reply_to(other, cleo, f"{quote(post, f'Three, {TOKEN}.', revision=3)}\n\nHer own.")

    def pages(self, quoting: Post) -> list[str]:
        feed, post = f"/t/{quoting.topic_id}/a/feed/", f"/p/{quoting.pk}"
        return [quoting.topic.get_absolute_url(), feed, f"{post}/history/", f"{post}/edit/"]

    def test_of_it_are_gone_for_everybody_but_staff(self, post, quoting, ben, cleo, mia, guest, sign_in):
        edit_post(post=quoting, by=cleo, body=f"{quoting.body}\n\nMore.", version=1)
        for client in (guest, sign_in(cleo)):
            assert all(TOKEN in client.get(page).text for page in self.pages(quoting)[:3])
        hide(post, mia)
        for person in (None, ben, cleo):
            for page in self.pages(quoting):
                assert TOKEN not in sign_in(person).get(page).text, (person, page)
            page = sign_in(person).get(self.pages(quoting)[0]).text
            assert "You can’t read the quoted post" in page
        page = sign_in(mia).get(self.pages(quoting)[0]).text
        assert TOKEN in page
        assert "not visible to everyone here" in page

    def test_none_can_be_made(self, topic, post, cleo, mia, guest, sign_in):
        hide(post, mia)
        said = {"place": f"reply:{topic.pk}", "body": quote(post, f"Three, {TOKEN}.", revision=3)}
        shown = sign_in(cleo).post("/preview/", said).text
        assert TOKEN not in shown[shown.index('class="preview"') :].split("</section>")[0]
        reply_to(topic, cleo, said["body"])
        assert TOKEN not in guest.get(topic.get_absolute_url()).text

    def test_a_quote_of_another_revision_stays(self, topic, post, cleo, mia, guest):
        reply_to(topic, cleo, quote(post, "Two of five.", revision=2))
        hide(post, mia)
        page = guest.get(topic.get_absolute_url()).text
        assert "Two of five." in page
        assert "edited since" in page

    def test_the_list_rule_is_the_sentence(self, post, quoting, ada, ben, cleo, mia, noor):
        hide(post, mia)
        for person in (ada, ben, cleo, mia, noor):
            may = person.is_staff
            assert Quote.objects.visible_to(person).exists() is may
            assert Quote.objects.as_seen_by(person).get().may_read is may
            assert HiddenRevision.objects.hidden_from(person).exists() is not may


class TestHighlights:
    def test_one_of_its_words_ends_with_it(self, topic, post, ben, mia, noor, guest):
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

    def test_one_of_other_words_stays(self, topic, post, mia):
        highlight_post(post=post, by=mia)
        hide(post, mia)
        assert Highlight.objects.get().revision == 5

    def test_undoing_brings_no_hidden_words_to_the_top(self, topic, post, mia, noor):
        Highlight.objects.create(
            post=post, topic=topic, revision=3, excerpt=f"Three, {TOKEN}.", highlighted_by=mia
        )
        unhighlight_post(post=post, by=mia)
        hide(post, mia)
        with pytest.raises(CannotUndo, match="hidden"):
            undo_entry(entry=LogEntry.objects.get(act="unhighlight"), by=noor)
        assert not Highlight.objects.exists()


class TestEdits:
    def test_who_began_with_it_is_not_merged(self, post, ben, mia, sign_in):
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

    def test_undoing_an_edit_does_not_bring_it_back(self, topic, ben, mia, noor):
        post = reply_to(topic, ben, f"One {TOKEN}.")
        edit_post(post=post, by=mia, body="One.", version=1, reason="Address")
        post.refresh_from_db()
        hide(post, mia, 1)
        with pytest.raises(CannotUndo, match="hidden"):
            undo_entry(entry=LogEntry.objects.get(act="edit"), by=noor)
        assert Post.objects.get(pk=post.pk).body == "One."
