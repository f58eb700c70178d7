"""The reported text is preserved, however quickly its author edits it."""

import pytest

from forum.posts.edit import edit_post
from moderation.models import Report
from moderation.reports.report import report_post
from tests.conftest import browser_of

OFFER, HARMLESS = "Cheap lamps at my shop!", "Good evening."


@pytest.fixture
def spam_post(bens, ben):
    edit_post(post=bens, by=ben, body=OFFER, version=1)
    bens.refresh_from_db()
    return bens


@pytest.mark.slow
def test_edit_after_report_is_shown_beside_reported_text(sign_in, spam_post, ben, ada, mia):
    case = report_post(post=spam_post, by=ada, reason="spam").case
    edit_post(post=spam_post, by=ben, body=HARMLESS, version=2)
    desk = sign_in(mia).get("/moderation/").text
    assert OFFER in desk
    assert HARMLESS not in desk
    page = sign_in(mia).get(case.get_absolute_url()).text
    for words in (OFFER, HARMLESS, 'data-revision="2"', "Changes</summary>"):
        assert words in page


@pytest.mark.slow
def test_report_is_about_the_version_that_the_reporter_read(sign_in, spam_post, ben, ada, mia):
    """The member reads, the author edits, the member sends: the report is about what they read."""
    topic_page = browser_of(ada).get(spam_post.topic.get_absolute_url()).text
    address = f"/p/{spam_post.pk}/report/?seen=2"
    assert address in topic_page
    edit_post(post=spam_post, by=ben, body=HARMLESS, version=2)
    client = browser_of(ada)
    page = client.get(address)
    assert "edited after you read it" in page.text
    assert 'name="version" value="2"' in page.text
    client.post(f"/p/{spam_post.pk}/report/", {"reason": "spam", "version": "2"})
    report = Report.objects.get()
    assert (report.revision, report.case.revision) == (2, 2)
    assert OFFER in sign_in(mia).get(report.case.get_absolute_url()).text


@pytest.mark.parametrize(("sent_version", "stored_revision"), [("1", 1), ("2", 2), ("99", 2), ("", 2)])
def test_report_stores_sent_version_or_current_one_if_invalid(spam_post, ada, sent_version, stored_revision):
    browser_of(ada).post(f"/p/{spam_post.pk}/report/", {"reason": "spam", "version": sent_version})
    assert Report.objects.get().revision == stored_revision


@pytest.mark.slow
def test_case_page_shows_text_of_every_reported_revision(sign_in, spam_post, ben, ada, cleo, mia):
    case = report_post(post=spam_post, by=ada, reason="spam").case
    edit_post(post=spam_post, by=ben, body="Lamps, and you are a fool.", version=2)
    report_post(post=spam_post, by=cleo, reason="attack")
    edit_post(post=spam_post, by=ben, body=HARMLESS, version=3)
    page = sign_in(mia).get(case.get_absolute_url()).text
    for words in (OFFER, "Lamps, and you are a fool.", HARMLESS):
        assert words in page


def test_case_page_shows_author_name_at_time_of_report(sign_in, spam_post, ben, ada, mia):
    from accounts.profile.rename import rename

    case = report_post(post=spam_post, by=ada, reason="spam").case
    rename(by=ben, name="benjamin")
    page = sign_in(mia).get(case.get_absolute_url()).text
    assert "Their name was <bdi>ben</bdi> at the time." in page
