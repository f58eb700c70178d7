"""What silenced and suspended members see: on every page, in form responses and after signing in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.web.times import format_time
from forum.models import Post, Thanks, Topic
from moderation.members.sanction import lift_sanction, silence_member, suspend_member
from tests.conftest import PASSWORD, browser_of, make_user, offers

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "blue-tit-77-sings"
TEXT = "They ring, and ring."


@pytest.fixture
def until():
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def silenced(cleo, mia, until):
    silence_member(member=cleo, by=mia, reason="Twenty posts in a row.", until=until)
    return browser_of(cleo)


@pytest.mark.slow
def test_silenced_member_form_shows_reason_end_and_text(silenced, topic, until):
    address = f"/t/{topic.pk}/a/reply/"
    for answer in (silenced.get(address), silenced.post(address, {"body": TEXT, "submission_key": "0" * 32})):
        page = answer.text
        assert answer.status_code == 403
        assert "Twenty posts in a row." in page
        assert format_time(until) in page
    assert TEXT in page
    assert Post.objects.count() == 2


@pytest.mark.slow
def test_silenced_member_cannot_publish(silenced, topic, talk, cleo):
    mine = Post.objects.create(
        topic=topic, author=cleo, position=3, body="x", html="x", excerpt="x", renderer=1, submission_key="1" * 32
    )  # fmt: skip
    original = topic.posts.get(position=1)
    for address, fields in {
        f"/t/{topic.pk}/a/reply/": {"body": TEXT, "submission_key": "2" * 32},
        f"/s/{talk.slug}/new/": {"title": "T", "body": TEXT, "submission_key": "3" * 32},
        f"/p/{mine.pk}/edit/": {"body": TEXT, "version": "1"},
        f"/p/{original.pk}/thank/": {},
        "/account/settings/": {"about": TEXT},
        "/account/name/": {"name": "cleopatra"},
    }.items():
        assert silenced.post(address, fields).status_code == 403, address
    mine.refresh_from_db()
    cleo.refresh_from_db()
    assert (mine.body, cleo.about, cleo.name) == ("x", "", "cleo")
    assert (Post.objects.count(), Topic.objects.count(), Thanks.objects.count()) == (3, 1, 0)


def test_silenced_member_can_report_bookmark_and_change_settings(silenced, topic):
    original = topic.posts.get(position=1)
    assert silenced.post(f"/p/{original.pk}/report/", {"reason": "spam"}).status_code == 302
    assert silenced.post(f"/p/{original.pk}/save/", {"note": ""}).status_code == 302
    assert silenced.post("/account/settings/", {"about": "", "time_zone": "Asia/Tokyo"}).status_code == 302


def test_silenced_member_sees_notice_and_no_disallowed_actions(silenced, sign_in, topic):
    zed = make_user("zed")  # like the silenced member otherwise: must not share their cache entry
    assert offers(sign_in(zed).get(topic.get_absolute_url()), "thank")
    page = silenced.get(topic.get_absolute_url())
    assert "You can’t post right now" in page.text
    for act in ("reply", "thank"):
        assert not offers(page, act)
    other = sign_in(zed).get(topic.get_absolute_url())
    assert "silenced" not in other.text
    assert offers(other, "reply")
    assert "silenced" not in Client().get(topic.get_absolute_url()).text


def test_account_status_page_shows_own_sanction_only(silenced, sign_in, ben, until):
    page = silenced.get("/account/standing/").text
    assert "Twenty posts in a row." in page
    assert format_time(until) in page
    assert "mia" not in page
    assert "Twenty posts" not in sign_in(ben).get("/account/standing/").text


def test_suspended_member_sign_in_redirects_to_account_status(cleo, mia):
    suspend_member(member=cleo, by=mia, reason="Enough of it.")
    client = Client()
    answer = client.post("/account/login/", {"login": "cleo", "password": PASSWORD})
    assert answer.url == "/account/standing/"
    assert "Enough of it." in client.get(answer.url).text
    assert client.get("/inbox/").status_code == 200
    assert client.get("/drafts/").status_code == 403


@pytest.mark.slow
def test_member_suspended_while_reading_sees_reason_on_next_request(cleo, ben, mia, topic, until):
    for page in (topic.get_absolute_url(), "/", "/drafts/"):
        browser, other = browser_of(cleo), browser_of(ben)
        sanction = suspend_member(member=cleo, by=mia, reason="Twenty posts in a row.", until=until)
        answer = browser.get(page)
        assert (answer.status_code, answer.url) == (302, f"/account/login/?next={page.replace('/', '%2F')}")
        said = browser.get(answer.url).text
        for words in ("Your account is suspended.", "Twenty posts in a row.", format_time(until), "appeal"):
            assert words in said
        assert browser.get(topic.get_absolute_url()).status_code == 200  # once; and reading goes on
        assert "Twenty posts" not in browser.get("/account/login/").text
        assert other.get(topic.get_absolute_url()).status_code == 200
        lift_sanction(sanction=sanction, by=mia)


def test_member_suspended_while_writing_gets_text_back(cleo, mia, topic, until):
    browser, address = browser_of(cleo), f"/t/{topic.pk}/a/reply/"
    suspend_member(member=cleo, by=mia, reason="Twenty posts in a row.", until=until)
    answer = browser.post(address, {"body": TEXT, "submission_key": "0" * 32})
    page = answer.text
    assert answer.status_code == 403
    for words in (
        "Your account is suspended",
        "Nothing was sent. You’ve been signed out.",
        "Twenty posts in a row.",
        format_time(until),
        TEXT,
        "kept_body",
    ):
        assert words in page
    assert Post.objects.count() == 2


def test_background_request_does_not_consume_suspension_notice(cleo, mia, topic):
    browser = browser_of(cleo)
    suspend_member(member=cleo, by=mia, reason="Enough of it.")
    for headers in ({"accept": "application/json"}, {"sec-fetch-mode": "cors"}):
        browser.get("/drafts/", headers=headers)
    assert "Enough of it." in browser.get("/", follow=True).text


def test_lifted_suspension_shows_no_notice(cleo, mia, topic):
    browser = browser_of(cleo)
    lift_sanction(sanction=suspend_member(member=cleo, by=mia, reason="Enough of it."), by=mia)
    assert browser.get("/").status_code == 200
    assert "Enough of it." not in browser.get("/account/login/").text


def test_suspended_member_text_is_returned_not_posted_after_sign_in(cleo, mia, topic):
    suspend_member(member=cleo, by=mia, reason="Enough of it.")
    client, address = Client(), f"/t/{topic.pk}/a/reply/"
    carried = {"kept_path": address, "kept_body": TEXT, "next": address}
    client.post("/account/login/", {"login": "cleo", "password": PASSWORD, **carried})
    answer = client.get(address)
    assert answer.status_code == 403
    assert TEXT in answer.text
    assert Post.objects.count() == 2


def test_reset_code_from_before_suspension_is_rejected(client, cleo, mia, read_mailed_code):
    client.post("/account/password/reset/", {"email": "cleo@example.org"})
    client.post("/account/password/reset/confirm/", {"code": read_mailed_code()})
    suspend_member(member=cleo, by=mia, reason="Enough of it.")
    client.post("/account/password/reset/complete/", {"password1": NEW_PASSWORD})
    assert User.objects.get(pk=cleo.pk).check_password(PASSWORD)


def test_password_reset_does_not_bypass_suspension(client, cleo, mia, topic, read_mailed_code):
    suspend_member(member=cleo, by=mia, reason="Enough of it.")
    client.post("/account/password/reset/", {"email": "cleo@example.org"})
    client.post("/account/password/reset/confirm/", {"code": read_mailed_code()})
    client.post("/account/password/reset/complete/", {"password1": NEW_PASSWORD})
    assert User.objects.get(pk=cleo.pk).check_password(NEW_PASSWORD)
    client.post("/account/login/", {"login": "cleo", "password": NEW_PASSWORD})
    assert client.post(f"/t/{topic.pk}/a/reply/", {"body": TEXT}).status_code == 403


def test_suspended_moderator_cannot_open_staff_pages(mia, noor):
    suspend_member(member=mia, by=noor, reason="Enough of it.")
    client = browser_of(User.objects.get(pk=mia.pk))
    for address in ("/moderation/", "/moderation/log/", "/moderation/members/"):
        assert client.get(address).status_code == 403
