"""Profile fields and the member's time zone."""

import pytest

from accounts.models import User
from accounts.profile import profile as profile_module
from accounts.profile.forms import time_zone_choices
from accounts.rate_limiting import rate_counter


def test_about_text_is_stored_and_rendered_like_a_post(sign_in, ada):
    answer = sign_in(ada).post(
        "/account/settings/", {"about": "I *ring* bells.\r\n<script>", "time_zone": ""}
    )
    assert answer.status_code == 302
    ada.refresh_from_db()
    assert ada.about == "I *ring* bells.\n<script>"
    assert "<em>ring</em>" in ada.about_html
    assert "<script>" not in ada.about_html


def test_times_are_shown_in_member_time_zone(sign_in, guest, ada, topic):
    sign_in(ada).post("/account/settings/", {"about": "", "time_zone": "Asia/Kathmandu"})
    assert "UTC+5:45" in sign_in(ada).get(topic.get_absolute_url()).text
    assert "UTC+5:45" not in guest.get(topic.get_absolute_url()).text


def test_settings_page_opens_with_obsolete_time_zone(sign_in, ada):
    User.objects.update(time_zone="Atlantis/Capital")
    assert sign_in(ada).get("/account/settings/").status_code == 200


@pytest.mark.slow
def test_invalid_settings_are_returned_with_typed_text(sign_in, ada):
    browser = sign_in(ada)
    for fields in ({"about": "x" * 2001}, {"about": "my words", "time_zone": "Mars/Base"}):
        answer = browser.post("/account/settings/", fields)
        assert answer.status_code == 422
        assert fields["about"] in answer.text
    ada.refresh_from_db()
    assert (ada.about, ada.time_zone) == ("", "")


def test_about_length_counts_crlf_as_one_character(sign_in, ada):
    assert (
        sign_in(ada).post("/account/settings/", {"about": "\r\n".join("x" * 1000) + "y"}).status_code == 302
    )


def test_settings_form_ignores_other_fields(sign_in, ada, ben):
    smuggled = {
        "about": "",
        "role": "admin",
        "user": ben.pk,
        "pk": ben.pk,
        "name": "root2",
        "email": "e@example.org",
    }
    sign_in(ada).post("/account/settings/", smuggled)
    ada.refresh_from_db()
    assert (ada.role, ada.name, ada.email) == ("member", "ada", "ada@example.org")


def test_time_zone_label_starts_with_its_city():
    regions = dict(time_zone_choices())
    assert dict(regions["Europe"])["Europe/Berlin"] in ("Berlin (Europe), UTC+1", "Berlin (Europe), UTC+2")
    assert dict(regions["America"])["America/Argentina/Buenos_Aires"] == "Buenos Aires (America), UTC-3"


def test_each_time_zone_is_listed_once():
    offered = [zone for _, zones in time_zone_choices() if isinstance(zones, list) for zone in zones]
    assert len({label for _, label in offered}) == len(offered) > 300
    assert not {"Asia/Calcutta", "Mexico/BajaNorte", "Australia/LHI", "US/Eastern"} & dict(offered).keys()


def test_footer_shows_time_zone_in_use(sign_in, guest, ada):
    assert "Times shown in New York time" in guest.get("/").text
    User.objects.update(time_zone="Asia/Kathmandu")
    assert "Times shown in Kathmandu time" in sign_in(ada).get("/").text
    assert "Time zone: Kathmandu" in guest.get("/u/ada/").text


def test_guest_is_redirected_to_sign_in(guest, db):
    assert guest.get("/account/settings/").url.startswith("/account/login/")
    assert guest.post("/account/settings/", {"about": "kept text"}).status_code == 403


def test_profile_changes_are_rate_limited_and_text_is_preserved(sign_in, ada, monkeypatch):
    monkeypatch.setattr(profile_module, "CHANGE_LIMIT", rate_counter.Limit("about", 2, 600))
    browser = sign_in(ada)
    for n in range(2):
        assert browser.post("/account/settings/", {"about": f"bells {n}", "time_zone": ""}).status_code == 302
    refused = browser.post("/account/settings/", {"about": "one *more* bell", "time_zone": ""})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "one *more* bell" in refused.text
    assert "changed this too often" in refused.text
    ada.refresh_from_db()
    assert ada.about == "bells 1"
    # Only what is rendered anew counts.
    same = {"about": "bells 1", "time_zone": "Asia/Kathmandu"}
    assert browser.post("/account/settings/", same).status_code == 302
