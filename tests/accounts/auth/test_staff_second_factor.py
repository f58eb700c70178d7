"""Where staff need a second factor: without one they have a member's rights, and staff pages say so."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from forum.models import Closure
from tests.conftest import offers


@pytest.fixture(autouse=True)
def _require_second_factor(settings):
    settings.STAFF_NEED_SECOND_FACTOR = True


@pytest.mark.parametrize(("who", "path"), [("mia", "/moderation/"), ("noor", "/manage/members/")])
def test_staff_page_redirects_to_second_factor_setup(sign_in, request, who, path):
    person = request.getfixturevalue(who)
    browser = sign_in(person)
    assert browser.get(path).url == "/account/2fa/"
    assert "Staff need two-factor authentication" in browser.get("/account/2fa/").text
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    assert browser.get(path).status_code == 200


def test_staff_without_second_factor_can_read_but_not_moderate(sign_in, mia, topic):
    browser = sign_in(mia)
    page = browser.get(topic.get_absolute_url()).text
    assert 'data-act="reply"' in page
    assert 'data-act="close"' not in page
    browser.post(f"{topic.get_absolute_url()}close/", {"reason": "Done."})
    assert not Closure.objects.exists()


def test_admin_without_second_factor_cannot_change_roles(sign_in, noor, ada):
    sign_in(noor).post(f"/manage/members/{ada.pk}/", {"role": "admin"})
    ada.refresh_from_db()
    assert ada.role == "member"


def test_members_are_unaffected_by_second_factor_requirement(sign_in, ada, topic):
    browser = sign_in(ada)
    assert browser.get("/moderation/").status_code == 404
    assert offers(browser.get(topic.get_absolute_url()), "reply")


def test_staff_page_opens_when_second_factor_is_optional(sign_in, mia, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    assert sign_in(mia).get("/moderation/").status_code == 200
