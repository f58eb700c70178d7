"""The reported text is preserved, however quickly its author edits it."""

import pytest

from forum.posts.edit import edit_post
from moderation.models import Report
from moderation.reports.report import report_post
from tests.conftest import browser_of

OFFER, HARMLESS = "Cheap lamps at my shop!", "Good evening."


@pytest.fixture
def offered(bens, ben):
    edit_post(post=bens, by=ben, body=OFFER, version=1)
    bens.refresh_from_db()
    return bens


def test_an_edit_after_the_report_is_shown_beside_what_was_reported(sign_in, offered, ben, ada, mia):
    case = report_post(post=offered, by=ada, reason="spam").case
    edit_post(post=offered, by=ben, body=HARMLESS, version=2)
    desk = sign_in(mia).get("/moderation/").text
    assert OFFER in desk
    assert HARMLESS not in desk
    page = sign_in(mia).get(case.get_absolute_url()).text
    for words in (OFFER, HARMLESS, 'data-revision="2"', "Changes</summary>"):
        assert words in page


def test_an_edit_between_reading_and_reporting_too(sign_in, offered, ben, ada, mia):
    """The member reads, the author edits, the member sends: the report is about what they read."""
    topic_page = browser_of(ada).get(offered.topic.get_absolute_url()).text
    address = f"/p/{offered.pk}/report/?seen=2"
    assert address in topic_page
    edit_post(post=offered, by=ben, body=HARMLESS, version=2)
    client = browser_of(ada)
    page = client.get(address)
    assert "edited after you read it" in page.text
    assert 'name="version" value="2"' in page.text
    client.post(f"/p/{offered.pk}/report/", {"reason": "spam", "version": "2"})
    report = Report.objects.get()
    assert (report.revision, report.case.revision) == (2, 2)
    assert OFFER in sign_in(mia).get(report.case.get_absolute_url()).text


@pytest.mark.parametrize(("said", "kept"), [("1", 1), ("2", 2), ("99", 2), ("", 2)])
def test_a_revision_that_never_was_is_the_one_that_is(offered, ada, said, kept):
    browser_of(ada).post(f"/p/{offered.pk}/report/", {"reason": "spam", "version": said})
    assert Report.objects.get().revision == kept


def test_a_later_report_about_other_words_shows_those_too(sign_in, offered, ben, ada, cleo, mia):
    case = report_post(post=offered, by=ada, reason="spam").case
    edit_post(post=offered, by=ben, body="Lamps, and you are a fool.", version=2)
    report_post(post=offered, by=cleo, reason="attack")
    edit_post(post=offered, by=ben, body=HARMLESS, version=3)
    page = sign_in(mia).get(case.get_absolute_url()).text
    for words in (OFFER, "Lamps, and you are a fool.", HARMLESS):
        assert words in page


def test_the_author_is_named_as_they_were_called(sign_in, offered, ben, ada, mia):
    from accounts.profile.rename import rename

    case = report_post(post=offered, by=ada, reason="spam").case
    rename(by=ben, name="benjamin")
    page = sign_in(mia).get(case.get_absolute_url()).text
    assert "Their name was <bdi>ben</bdi> at the time." in page
