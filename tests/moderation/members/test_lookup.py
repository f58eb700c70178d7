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

ADDRESS, OTHER_ADDRESS = "192.0.2.7", "2001:db8::1"


@pytest.fixture(autouse=True)
def cleared_ip_memory():
    clear_memory()


def record_sighting(member: User, address: str = ADDRESS, *, days_ago: int = 0) -> None:
    IpSighting.objects.note(member=member.pk, act="sign_in", address=address)
    at = timezone.now() - timedelta(days=days_ago)
    IpSighting.objects.filter(member=member, address=address).update(last_at=at)


def sightings() -> set[tuple[str, str, str]]:
    return set(IpSighting.objects.values_list("member__name", "act", "address"))


def test_sign_up_sign_in_and_posting_record_ip_address(client, topic, cleo):
    client.post(
        "/account/signup/",
        {"username": "zoe", "email": "zoe@example.org", "password1": PASSWORD, "accepts_rules": "on"},
        REMOTE_ADDR=OTHER_ADDRESS,
    )
    Client().post("/account/login/", {"login": "cleo", "password": PASSWORD}, REMOTE_ADDR=ADDRESS)
    browser = browser_of(cleo)
    for number in range(2):
        key = f"{number:032d}"
        browser.post(f"/t/{topic.pk}/a/reply/", {"body": "Yes.", "submission_key": key}, REMOTE_ADDR=ADDRESS)
    assert sightings() == {
        ("zoe", "sign_up", OTHER_ADDRESS),
        ("cleo", "sign_in", ADDRESS),
        ("cleo", "post", ADDRESS),
    }


def test_untrusted_forwarded_for_header_is_ignored(topic, cleo):
    said = {"HTTP_X_FORWARDED_FOR": OTHER_ADDRESS, "REMOTE_ADDR": ADDRESS}
    browser_of(cleo).post(f"/t/{topic.pk}/a/reply/", {"body": "Yes.", "submission_key": "0" * 32}, **said)
    assert {address for _, _, address in sightings()} == {ADDRESS}


@pytest.mark.parametrize(
    ("said", "expected_address"),
    [
        ("fe80::1%eth0", "fe80::1"),
        ("fe80::1%25eth0", "fe80::1"),
        ("2001:db8::1%" + "x" * 300, OTHER_ADDRESS),
        ("::ffff:192.0.2.7%1", "::ffff:192.0.2.7"),
    ],
)
def test_zone_id_is_stripped_from_ip_address(settings, cleo, said, expected_address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    fields = {"login": "cleo", "password": PASSWORD}
    response = Client().post("/account/login/", fields, HTTP_X_FORWARDED_FOR=said, REMOTE_ADDR=ADDRESS)
    assert (response.status_code, {address for _, _, address in sightings()}) == (302, {expected_address})


MALFORMED_ADDRESSES = ["%eth0", "192.0.2.7:443", "unknown", "_hidden", "[::1", ""]


@pytest.mark.parametrize("said", MALFORMED_ADDRESSES)
def test_malformed_forwarded_for_header_does_not_break_login(settings, cleo, said):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    fields = {"login": "cleo", "password": PASSWORD}
    response = Client().post("/account/login/", fields, HTTP_X_FORWARDED_FOR=said, REMOTE_ADDR=ADDRESS)
    assert response.status_code < 500


@pytest.mark.parametrize("said", MALFORMED_ADDRESSES)
def test_malformed_forwarded_for_header_does_not_prevent_a_reply(settings, topic, cleo, said):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    fields = {"body": "Yes.", "submission_key": "0" * 32}
    headers = {"HTTP_X_FORWARDED_FOR": said, "REMOTE_ADDR": ADDRESS}
    assert browser_of(cleo).post(f"/t/{topic.pk}/a/reply/", fields, **headers).status_code == 302


def test_old_ip_addresses_are_deleted(settings, ada, ben):
    settings.ADDRESS_DAYS = 30
    record_sighting(ada, days_ago=29)
    record_sighting(ben, days_ago=31)
    assert delete_old() == 1
    assert {name for name, _, _ in sightings()} == {"ada"}


def test_no_ip_address_is_recorded_if_retention_is_zero_days(settings, topic, cleo):
    settings.ADDRESS_DAYS = 0
    browser_of(cleo).post(f"/t/{topic.pk}/a/reply/", {"body": "Yes.", "submission_key": "0" * 32})
    assert sightings() == set()


def test_member_lookup_requires_reason_and_shows_result_only_once(ada, ben, cleo, mia):
    User.objects.filter(pk=cleo.pk).update(email="cleo@elsewhere.example")
    for member in (ada, ben):
        record_sighting(member)
    record_sighting(ada, OTHER_ADDRESS)
    staff, address = browser_of(mia), "/moderation/members/ada/look-up/"
    assert ADDRESS not in staff.get(address).text
    assert staff.post(address, {"why": " "}).status_code == 422
    assert not LogEntry.objects.exists()
    response = staff.post(address, {"why": "The same spam."})
    shown = response.text
    assert all(
        word in shown for word in (ADDRESS, OTHER_ADDRESS, "ada@example.org", "/moderation/members/ben/")
    )
    assert "/moderation/members/cleo/" not in shown
    assert "no-store" in response["Cache-Control"]
    entry = LogEntry.objects.get()
    assert (entry.act, entry.member, entry.why) == ("look_up", ada, "The same spam.")
    assert ADDRESS not in str(vars(entry))
    assert "example.org" not in str(vars(entry))
    assert ADDRESS not in staff.get(address).text


def test_lookup_by_ip_address_network_email_and_email_domain(ada, ben, cleo, mia, noor):
    record_sighting(ada)
    record_sighting(ben, "192.0.2.99")
    record_sighting(noor)  # a moderator learns nothing about an admin this way
    User.objects.filter(pk=cleo.pk).update(email="cleo@spam.example")
    for said, found in {
        ADDRESS: {ada},
        "192.0.2.0/24": {ada, ben},
        "198.51.100.1": set(),
        "Ada@Example.org": {ada},
        "noor@example.org": set(),
        "@spam.example": {cleo},
    }.items():
        assert set(look_up(query=said, by=mia, reason="Spam.")) == found, said
    assert set(look_up(query=ADDRESS, by=noor, reason="Spam.")) == {ada, noor}
    assert LogEntry.objects.filter(act="look_up").count() == 7


@pytest.mark.parametrize("query", ["ada", "fe80::1%eth0"])
def test_invalid_lookup_is_rejected_and_not_logged(mia, query):
    response = browser_of(mia).post("/moderation/look-up/", {"said": query, "why": "Spam."})
    assert response.status_code == 422
    assert "Enter a valid IP address" in response.text
    assert not LogEntry.objects.exists()


def test_lookup_rejects_unauthorized_people_and_higher_roles(ada, ben, mia, noor):
    max = make_user("max", "moderator")
    User.objects.filter(pk=max.pk).update(moderates=[1])
    max.refresh_from_db()
    for by in (ada, max):
        with pytest.raises(NotAllowed):
            look_up(query=ADDRESS, by=by, reason="No.")
        with pytest.raises(NotAllowed):
            look_up_member(member=ben, by=by, reason="No.")
    with pytest.raises(NotAllowed):
        look_up_member(member=noor, by=mia, reason="No.")
    assert not LogEntry.objects.exists()
