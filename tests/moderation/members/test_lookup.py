"""IP addresses of members: recorded, kept for a while, looked up with a reason, and shown once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.auth.ip_log import clear_memory, delete_old
from accounts.models import IpSighting, LogEntry, User
from forum.access.errors import NotAllowed
from moderation.members.lookup import look_up, look_up_member
from tests.conftest import PASSWORD, browser_of, make_user

pytestmark = pytest.mark.django_db

HERE, THERE = "192.0.2.7", "2001:db8::1"


@pytest.fixture(autouse=True)
def fresh():
    clear_memory()


def seen(member: User, address: str = HERE, *, days_ago: int = 0) -> None:
    IpSighting.objects.note(member=member.pk, act="sign_in", address=address)
    at = timezone.now() - timedelta(days=days_ago)
    IpSighting.objects.filter(member=member, address=address).update(last_at=at)


def rows() -> set[tuple[str, str, str]]:
    return set(IpSighting.objects.values_list("member__name", "act", "address"))


def test_signing_up_signing_in_and_posting_are_noted(client, topic, cleo):
    client.post(
        "/account/signup/",
        {"username": "zoe", "email": "zoe@example.org", "password1": PASSWORD, "accepts_rules": "on"},
        REMOTE_ADDR=THERE,
    )
    Client().post("/account/login/", {"login": "cleo", "password": PASSWORD}, REMOTE_ADDR=HERE)
    browser = browser_of(cleo)
    for number in range(2):
        key = f"{number:032d}"
        browser.post(f"/t/{topic.pk}/a/reply/", {"body": "Yes.", "submission_key": key}, REMOTE_ADDR=HERE)
    assert rows() == {
        ("zoe", "sign_up", THERE),
        ("cleo", "sign_in", HERE),
        ("cleo", "post", HERE),
    }


def test_a_header_that_anybody_can_write_is_no_address(topic, cleo):
    said = {"HTTP_X_FORWARDED_FOR": THERE, "REMOTE_ADDR": HERE}
    browser_of(cleo).post(f"/t/{topic.pk}/a/reply/", {"body": "Yes.", "submission_key": "0" * 32}, **said)
    assert {address for _, _, address in rows()} == {HERE}


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("fe80::1%eth0", "fe80::1"),
        ("fe80::1%25eth0", "fe80::1"),
        ("2001:db8::1%" + "x" * 300, THERE),
        ("::ffff:192.0.2.7%1", "::ffff:192.0.2.7"),
    ],
)
def test_of_an_address_with_a_network_card_it_is_the_address(settings, cleo, said, noted):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    fields = {"login": "cleo", "password": PASSWORD}
    answer = Client().post("/account/login/", fields, HTTP_X_FORWARDED_FOR=said, REMOTE_ADDR=HERE)
    assert (answer.status_code, {address for _, _, address in rows()}) == (302, {noted})


@pytest.mark.parametrize("said", ["%eth0", "192.0.2.7:443", "unknown", "_hidden", "[::1", ""])
def test_what_is_no_address_fails_nobody(settings, cleo, said):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    fields = {"login": "cleo", "password": PASSWORD}
    answer = Client().post("/account/login/", fields, HTTP_X_FORWARDED_FOR=said, REMOTE_ADDR=HERE)
    assert answer.status_code < 500


def test_they_are_forgotten_in_time(settings, ada, ben):
    settings.ADDRESS_DAYS = 30
    seen(ada, days_ago=29)
    seen(ben, days_ago=31)
    assert delete_old() == 1
    assert {name for name, _, _ in rows()} == {"ada"}


def test_none_is_kept_where_none_shall_be(settings, topic, cleo):
    settings.ADDRESS_DAYS = 0
    browser_of(cleo).post(f"/t/{topic.pk}/a/reply/", {"body": "Yes.", "submission_key": "0" * 32})
    assert rows() == set()


def test_of_a_member_with_a_reason_on_the_answer_alone(ada, ben, cleo, mia):
    User.objects.filter(pk=cleo.pk).update(email="cleo@elsewhere.example")
    for member in (ada, ben):
        seen(member)
    seen(ada, THERE)
    staff, address = browser_of(mia), "/moderation/members/ada/look-up/"
    assert HERE not in staff.get(address).text
    assert staff.post(address, {"why": " "}).status_code == 422
    assert not LogEntry.objects.exists()
    answer = staff.post(address, {"why": "The same spam."})
    shown = answer.text
    assert all(word in shown for word in (HERE, THERE, "ada@example.org", "/moderation/members/ben/"))
    assert "/moderation/members/cleo/" not in shown
    assert "no-store" in answer["Cache-Control"]
    entry = LogEntry.objects.get()
    assert (entry.act, entry.member, entry.why) == ("look_up", ada, "The same spam.")
    assert HERE not in str(vars(entry))
    assert "example.org" not in str(vars(entry))
    assert HERE not in staff.get(address).text


def test_by_address_network_mail_and_the_end_of_one(ada, ben, cleo, mia, noor):
    seen(ada)
    seen(ben, "192.0.2.99")
    seen(noor)  # a moderator learns nothing about an admin this way
    User.objects.filter(pk=cleo.pk).update(email="cleo@spam.example")
    for said, found in {
        HERE: {ada},
        "192.0.2.0/24": {ada, ben},
        "198.51.100.1": set(),
        "Ada@Example.org": {ada},
        "noor@example.org": set(),
        "@spam.example": {cleo},
    }.items():
        assert set(look_up(query=said, by=mia, reason="Spam.")) == found, said
    assert set(look_up(query=HERE, by=noor, reason="Spam.")) == {ada, noor}
    assert LogEntry.objects.filter(act="look_up").count() == 7


def test_what_is_no_address_leaves_no_row(mia):
    answer = browser_of(mia).post("/moderation/look-up/", {"said": "ada", "why": "Spam."})
    assert answer.status_code == 422
    assert "Enter a valid IP address" in answer.text
    assert not LogEntry.objects.exists()


def test_who_may_not(ada, ben, mia, noor):
    max = make_user("max", "moderator")
    User.objects.filter(pk=max.pk).update(moderates=[1])
    max.refresh_from_db()
    for by in (ada, max):
        with pytest.raises(NotAllowed):
            look_up(query=HERE, by=by, reason="No.")
        with pytest.raises(NotAllowed):
            look_up_member(member=ben, by=by, reason="No.")
    with pytest.raises(NotAllowed):
        look_up_member(member=noor, by=mia, reason="No.")
    assert not LogEntry.objects.exists()


def test_an_address_of_one_machines_own_links_is_none(sign_in, mia):
    page = sign_in(mia).post("/moderation/look-up/", {"said": "fe80::1%eth0", "why": "A look."})
    assert page.status_code == 422
