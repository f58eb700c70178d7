"""/manage/members/<id>/sections/: making a member a moderator of some sections, or of all."""

import pytest
from django.db import IntegrityError, transaction

from accounts.access import roles
from accounts.models import LogEntry, User
from forum.access.errors import NotAllowed
from forum.access.permissions import is_staff_in
from forum.sections.moderators import appoint_moderator
from tests.conftest import browser_of, make_user, offers, start

pytestmark = pytest.mark.django_db


def reloaded(member: User) -> User:
    return User.objects.get(pk=member.pk)


@pytest.fixture
def sections_url(ben):
    return f"/manage/members/{ben.pk}/sections/"


def test_admin_appoints_moderator_of_some_sections(noor, ben, talk, news, sections_url):
    admin = browser_of(noor)
    assert (
        admin.post(sections_url, {"where": "some", "sections": [talk.pk], "why": "Knows bells."}).status_code
        == 302
    )
    ben = reloaded(ben)
    assert (ben.role, ben.moderates) == ("moderator", [talk.pk])
    assert (is_staff_in(ben, talk), is_staff_in(ben, news)) == (True, False)
    entry = LogEntry.objects.get()
    assert (entry.act, entry.member, entry.why) == ("appoint_moderator", ben, "Knows bells.")
    assert entry.facts == {
        "before": {"role": "member", "moderates": None},
        "after": {"role": "moderator", "moderates": [talk.pk]},
    }
    page = admin.get(sections_url).text
    assert f'value="{talk.pk}" id="id_sections_' in page
    assert "Talk" in page


def test_extending_to_all_sections_twice_is_logged_once(noor, ben, talk, sections_url):
    admin = browser_of(noor)
    admin.post(sections_url, {"where": "some", "sections": [talk.pk]})
    for _ in range(2):
        admin.post(sections_url, {"where": "all", "sections": [talk.pk]})
    assert reloaded(ben).moderates is None
    assert LogEntry.objects.count() == 2


def test_moderator_of_some_sections_needs_at_least_one(noor, ben, sections_url):
    response = browser_of(noor).post(sections_url, {"where": "some", "why": "Kept."})
    assert response.status_code == 422
    assert "Choose at least one section." in response.text
    assert "Kept." in response.text
    assert reloaded(ben).role == "member"


def test_role_change_clears_moderated_sections(noor, ben, talk):
    appoint_moderator(member=ben, by=noor, sections=[talk])
    roles.change_role(member=ben, role=User.Role.MEMBER, by=noor)
    assert reloaded(ben).moderates is None


def test_only_admins_appoint_and_admins_cannot_be_limited(noor, mia, ben, talk):
    with pytest.raises(roles.NotAdminError):
        appoint_moderator(member=ben, by=mia, sections=[talk])
    with pytest.raises(NotAllowed):
        appoint_moderator(member=noor, by=noor, sections=[talk])
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=noor.pk).update(moderates=[talk.pk])


def test_topic_page_offers_actions_of_moderated_sections_only(sign_in, noor, mia, ada, talk, news):
    appoint_moderator(member=mia, by=noor, sections=[talk])
    here, there = start(talk, ada, "Here"), start(news, noor, "There")
    otto = make_user("otto", "moderator")  # also no author of these posts; their page is cached first
    for topic, may in ((here, True), (there, False)):
        for person, offered in ((otto, True), (mia, may)):
            page = sign_in(person).get(topic.get_absolute_url())
            for act in ("close", "highlight", "remove", "pin"):
                assert offers(page, act) is offered, (person, topic, act)


def test_lost_permissions_apply_from_the_next_request(noor, mia, ada, talk, news):
    browser, topic = browser_of(mia), start(news, noor, "There")
    assert offers(browser.get(topic.get_absolute_url()), "close")
    appoint_moderator(member=mia, by=noor, sections=[talk])
    assert not offers(browser.get(topic.get_absolute_url()), "close")
    assert browser.post(f"/t/{topic.pk}/a/close/", {"reason": "No."}).status_code == 403
