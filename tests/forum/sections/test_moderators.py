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


def again(member: User) -> User:
    return User.objects.get(pk=member.pk)


@pytest.fixture
def address(ben):
    return f"/manage/members/{ben.pk}/sections/"


def test_of_some_sections(noor, ben, talk, news, address):
    admin = browser_of(noor)
    assert (
        admin.post(address, {"where": "some", "sections": [talk.pk], "why": "Knows bells."}).status_code
        == 302
    )
    ben = again(ben)
    assert (ben.role, ben.moderates) == ("moderator", [talk.pk])
    assert (is_staff_in(ben, talk), is_staff_in(ben, news)) == (True, False)
    entry = LogEntry.objects.get()
    assert (entry.act, entry.member, entry.why) == ("appoint_moderator", ben, "Knows bells.")
    assert entry.facts == {
        "before": {"role": "member", "moderates": None},
        "after": {"role": "moderator", "moderates": [talk.pk]},
    }
    page = admin.get(address).text
    assert f'value="{talk.pk}" id="id_sections_' in page
    assert "Talk" in page


def test_of_all_of_them_later_and_twice_is_once(noor, ben, talk, address):
    admin = browser_of(noor)
    admin.post(address, {"where": "some", "sections": [talk.pk]})
    for _ in range(2):
        admin.post(address, {"where": "all", "sections": [talk.pk]})
    assert again(ben).moderates is None
    assert LogEntry.objects.count() == 2


def test_some_is_at_least_one(noor, ben, address):
    answer = browser_of(noor).post(address, {"where": "some", "why": "Kept."})
    assert answer.status_code == 422
    assert "Choose at least one section." in answer.text
    assert "Kept." in answer.text
    assert again(ben).role == "member"


def test_another_role_ends_it(noor, ben, talk):
    appoint_moderator(member=ben, by=noor, sections=[talk])
    roles.change_role(member=ben, role=User.Role.MEMBER, by=noor)
    assert again(ben).moderates is None


def test_only_admins_appoint_and_no_admin_is_limited(noor, mia, ben, talk):
    with pytest.raises(roles.NotAdminError):
        appoint_moderator(member=ben, by=mia, sections=[talk])
    with pytest.raises(NotAllowed):
        appoint_moderator(member=noor, by=noor, sections=[talk])
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=noor.pk).update(moderates=[talk.pk])


def test_a_page_offers_the_acts_of_its_section_alone(sign_in, noor, mia, ada, talk, news):
    appoint_moderator(member=mia, by=noor, sections=[talk])
    here, there = start(talk, ada, "Here"), start(news, noor, "There")
    otto = make_user("otto", "moderator")  # also no author of these posts; their page is cached first
    for topic, may in ((here, True), (there, False)):
        for person, offered in ((otto, True), (mia, may)):
            page = sign_in(person).get(topic.get_absolute_url())
            for act in ("close", "highlight", "remove", "pin"):
                assert offers(page, act) is offered, (person, topic, act)


def test_the_powers_count_from_the_next_request_on(noor, mia, ada, talk, news):
    browser, topic = browser_of(mia), start(news, noor, "There")
    assert offers(browser.get(topic.get_absolute_url()), "close")
    appoint_moderator(member=mia, by=noor, sections=[talk])
    assert not offers(browser.get(topic.get_absolute_url()), "close")
    assert browser.post(f"/t/{topic.pk}/a/close/", {"reason": "No."}).status_code == 403
