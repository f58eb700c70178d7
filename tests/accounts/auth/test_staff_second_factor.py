"""Where staff need a second factor: without one they have a member's rights, and staff pages say so."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from forum.models import Closure


@pytest.fixture(autouse=True)
def _needed(settings):
    settings.STAFF_NEED_SECOND_FACTOR = True


@pytest.mark.parametrize(("who", "path"), [("mia", "/moderation/"), ("noor", "/manage/members/")])
def test_their_pages_lead_to_setting_one_up(sign_in, request, who, path):
    person = request.getfixturevalue(who)
    browser = sign_in(person)
    assert browser.get(path).url == "/account/2fa/"
    assert "Staff need two-factor authentication" in browser.get("/account/2fa/").text
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    assert browser.get(path).status_code == 200


def test_reading_goes_on_and_powers_sleep(sign_in, mia, topic):
    browser = sign_in(mia)
    page = browser.get(topic.get_absolute_url()).text
    assert 'data-act="reply"' in page
    assert 'data-act="close"' not in page
    browser.post(f"{topic.get_absolute_url()}close/", {"reason": "Done."})
    assert not Closure.objects.exists()


def test_acts_answer_no_role(sign_in, noor, ada):
    sign_in(noor).post(f"/manage/members/{ada.pk}/", {"role": "admin"})
    ada.refresh_from_db()
    assert ada.role == "member"


def test_members_see_nothing_of_it(sign_in, ada, topic, settings, django_assert_num_queries):
    browser = sign_in(ada)
    assert browser.get("/moderation/").status_code == 404
    assert browser.get(topic.get_absolute_url()).status_code == 200


def test_where_it_is_not_needed_nothing_sleeps(sign_in, mia, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    assert sign_in(mia).get("/moderation/").status_code == 200
