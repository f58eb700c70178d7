from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Sanction, User
from forum.access.errors import NotAllowed
from forum.models import Closure, Removal
from forum.posts.edit import edit_post
from moderation.access.errors import AlreadyDecided
from moderation.cases.appeal import create_appeal, decide_appeal, is_text_restored
from moderation.cases.pending_counts import pending_counts_for
from moderation.models import Appeal, Case
from moderation.models.case import CaseQuerySet
from moderation.posts.hide_revision import hide_revision
from moderation.posts.remove import remove_post, restore_post
from moderation.reports.report import report_post
from moderation.topics.close import close_topic
from notifications.models import Notification
from tests.conftest import start
from tests.support.cases import resolve
from tests.support.concurrency import disable_locks, only_errors, run_concurrently


@pytest.fixture
def case(bens, ada) -> Case:
    return report_post(post=bens, by=ada, reason="spam", comment="Lamps again.").case


@pytest.fixture
def removed(case, mia) -> Case:
    return resolve(case=case, by=mia, outcome="removed", reason="Spam.")


@pytest.fixture
def appealed(removed, ben) -> Case:
    create_appeal(case=removed, by=ben, text="It was my own lamp.")
    return Case.objects.get()


def decide(case: Case, by: User, decision: str = "granted", answer: str = "You are right.") -> Appeal:
    return decide_appeal(case=case, by=by, decision=decision, reason=answer)


def test_second_appeal_by_author_returns_the_first(removed, ben):
    first = create_appeal(case=removed, by=ben, text="It was my own lamp.")
    assert create_appeal(case=removed, by=ben, text="And another thing.") == first
    assert Appeal.objects.get().words == "It was my own lamp."


def test_only_author_can_appeal_resolved_case_within_thirty_days(case, ben, ada, cleo, mia):
    with pytest.raises(NotAllowed):
        create_appeal(case=case, by=ben, text="Why?")
    resolve(case=case, by=mia, outcome="removed")
    for person in (ada, cleo, mia, AnonymousUser()):
        with pytest.raises(NotAllowed):
            create_appeal(case=case, by=person, text="Why?")
    Case.objects.update(resolved_at=timezone.now() - timedelta(days=31))
    with pytest.raises(NotAllowed):
        create_appeal(case=case, by=ben, text="Why?")
    assert not Appeal.objects.exists()


def test_no_violation_outcome_cannot_be_appealed(sign_in, case, ben, mia):
    resolve(case=case, by=mia, outcome="no_breach")
    with pytest.raises(NotAllowed):
        create_appeal(case=case, by=ben, text="Why?")
    assert sign_in(ben).get(f"/appeals/{case.pk}/").status_code == 404


def test_suspended_member_can_appeal(case, ben, mia):
    resolve(case=case, by=mia, outcome="suspended")
    ben.refresh_from_db()
    assert ben.is_suspended
    assert create_appeal(case=case, by=ben, text="It was not me.")


def test_appeal_is_decided_by_staff_other_than_the_resolver(appealed, ada, ben, mia, noor):
    for person in (mia, ada, ben, AnonymousUser()):
        with pytest.raises(NotAllowed):
            decide(appealed, person)
    assert decide(appealed, noor).decided_by == noor


def test_resolver_decides_appeal_if_no_other_staff_can(appealed, ben, mia):
    ben.role = "moderator"  # the author does not count
    ben.save()
    assert decide(appealed, mia, "upheld").decided_by == mia


def test_upheld_appeal_keeps_removal_and_notifies_author_of_reason(appealed, bens, ben, noor, logged_actions):
    decide(appealed, noor, "upheld", "It was an offer.")
    assert Removal.objects.filter(post=bens).exists()
    assert (
        "upheld the decision. Reason: It was an offer." in Notification.objects.filter(member=ben).last().text
    )
    assert logged_actions()[-1] == "uphold_outcome"


def test_granted_appeal_restores_post_and_notifies_author_and_reporter(
    appealed, bens, ben, ada, noor, logged_actions
):
    decide(appealed, noor)
    assert not Removal.objects.exists()
    assert logged_actions()[-2:] == ["restore", "grant_appeal"]
    assert "the decision was reversed." in Notification.objects.filter(member=ben).last().text
    assert "the decision was reversed" in Notification.objects.filter(member=ada).last().text


def test_granted_appeal_lifts_sanction(case, ben, mia, noor):
    resolve(case=case, by=mia, outcome="suspended")
    create_appeal(case=case, by=ben, text="It was not me.")
    decide(case, noor)
    assert Sanction.objects.get().is_lifted
    ben.refresh_from_db()
    assert not ben.is_suspended


def test_granted_appeal_reopens_only_topic_closed_by_the_outcome(case, topic, talk, ben, mia, noor):
    other = start(talk, ben, "Other")
    close_topic(topic=other, by=mia, reason="Solved.")
    resolve(case=case, by=mia, outcome="closed")
    create_appeal(case=case, by=ben, text="It was good.")
    decide(case, noor)
    assert [closure.topic for closure in Closure.objects.all()] == [other]


def test_granted_appeal_keeps_topic_that_was_already_closed(case, topic, ben, mia, noor):
    close_topic(topic=topic, by=noor, reason="Solved.")
    resolve(case=case, by=mia, outcome="closed")
    create_appeal(case=case, by=ben, text="It was good.")
    decide(case, noor)
    assert Closure.objects.exists()


def test_granted_appeal_restores_text_edited_by_staff(case, bens, ben, mia, noor):
    resolve(case=case, by=mia, outcome="edited", body="Here.", version=1)
    create_appeal(case=case, by=ben, text="I meant too.")
    decide(case, noor)
    bens.refresh_from_db()
    assert (bens.body, bens.version, bens.edited_by) == ("Here too.", 3, noor)
    assert is_text_restored(Case.objects.with_post().get())


def test_granted_appeal_keeps_later_edit_by_author(case, bens, ben, mia, noor):
    resolve(case=case, by=mia, outcome="edited", body="Here.", version=1)
    edit_post(post=bens, by=ben, body="There.", version=2)
    create_appeal(case=case, by=ben, text="I meant too.")
    decide(case, noor)
    bens.refresh_from_db()
    assert bens.body == "There."
    assert not is_text_restored(Case.objects.with_post().get())


def test_granted_appeal_lets_author_restore_own_deleted_post(case, bens, ben, mia, noor):
    remove_post(post=bens, by=ben)
    resolve(case=case, by=mia, outcome="removed")
    create_appeal(case=case, by=ben, text="I had done it myself.")
    decide(case, noor)
    assert Removal.objects.get(post=bens).removed_by == ben
    assert restore_post(post=bens, by=ben)


def test_second_decision_on_appeal_raises_already_decided(appealed, noor, cleo, logged_actions):
    cleo.role = "moderator"
    cleo.save()
    decide(appealed, noor)
    decide(appealed, noor)
    with pytest.raises(AlreadyDecided) as refusal:
        decide(appealed, cleo, "upheld")
    assert refusal.value.appeal.decided_by == noor
    assert logged_actions().count("grant_appeal") == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_appeals_create_one_appeal(removed, ben):
    outcomes = run_concurrently(
        *(partial(create_appeal, case=removed, by=ben, text=str(n)) for n in range(10))
    )
    assert only_errors(outcomes) == []
    assert len({appeal.pk for appeal in outcomes}) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_control_concurrent_appeals_fail_without_lock(removed, ben, monkeypatch):
    disable_locks(monkeypatch, CaseQuerySet, people=2)
    outcomes = run_concurrently(
        *(partial(create_appeal, case=removed, by=ben, text=str(n)) for n in range(2))
    )
    assert only_errors(outcomes)  # the constraint backs up the lock


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_decisions_on_appeal_record_one(appealed, noor, cleo, logged_actions):
    cleo.role = "moderator"
    cleo.save()
    outcomes = run_concurrently(
        *(partial(decide, appealed, by, said) for by, said in ((noor, "granted"), (cleo, "upheld")) * 3)
    )
    assert {type(outcome) for outcome in outcomes} == {Appeal, AlreadyDecided}
    assert len({"grant_appeal", "uphold_outcome"} & set(logged_actions())) == 1


# --- The pages ---


@pytest.mark.slow
def test_appeal_is_made_and_decided_through_the_pages(sign_in, removed, bens, ben, noor, mia):
    author = sign_in(ben)
    page = author.get(f"/appeals/{removed.pk}/").text
    for words in ("It was removed.", "Spam.", bens.html, 'data-act="appeal"'):
        assert words in page
    for secret in ("ada", "Lamps again.", "mia", "report"):
        assert f">{secret}" not in page
    response = author.post(f"/appeals/{removed.pk}/", {"body": "It was my own lamp."})
    assert response.status_code == 302
    assert "A moderator will review your appeal" in author.get(f"/appeals/{removed.pk}/").text
    assert "Another moderator will decide" in sign_in(mia).get(removed.get_absolute_url()).text
    staff = sign_in(noor)
    assert f"/moderation/cases/{removed.pk}/" in staff.get("/moderation/?state=appealed").text
    assert "It was my own lamp." in staff.get(removed.get_absolute_url()).text
    said = {"decision": "granted", "reason": "You are right."}
    response = staff.post(f"/moderation/cases/{removed.pk}/decide/", said)
    assert response.status_code == 302
    page = author.get(f"/appeals/{removed.pk}/").text
    assert "Your appeal was granted" in page
    assert "You are right." in page
    assert "noor" not in page


def test_appeal_page_is_available_to_author_only(sign_in, removed, ada, cleo, mia, noor):
    for person in (ada, cleo, mia, noor):
        for send in (sign_in(person).get, sign_in(person).post):
            assert send(f"/appeals/{removed.pk}/", {"body": "Mine."}).status_code == 404
    assert sign_in(None).get(f"/appeals/{removed.pk}/").status_code == 302
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("body", ["", "x" * 2001])
def test_appeal_form_rejects_empty_or_too_long_text(sign_in, removed, ben, body):
    response = sign_in(ben).post(f"/appeals/{removed.pk}/", {"body": body})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["body"])


def test_decision_form_requires_decision_and_reason(sign_in, appealed, noor):
    response = sign_in(noor).post(f"/moderation/cases/{appealed.pk}/decide/", {"decision": "", "reason": ""})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["decision", "reason"])
    assert not Appeal.objects.get().is_decided


def test_appeal_counts_as_pending_only_for_staff_who_can_decide_it(appealed, mia, noor):
    assert (pending_counts_for(mia).cases, pending_counts_for(noor).cases) == (0, 1)
    decide(appealed, noor)
    assert pending_counts_for(noor).cases == 0


def test_appeal_page_omits_text_hidden_by_staff(sign_in, case, bens, ben, mia):
    said = bens.body
    resolve(case=case, by=mia, outcome="edited", body="Other words.", version=bens.version)
    assert said in sign_in(ben).get(f"/appeals/{case.pk}/").text
    hide_revision(post=bens, number=1, by=mia, reason="Private.")
    page = sign_in(ben).get(f"/appeals/{case.pk}/").text
    assert said not in page
    assert "Moderators have hidden this text" in page


def test_granted_appeal_keeps_post_that_was_removed_again(appealed, bens, mia, noor):
    restore_post(post=bens, by=noor)
    remove_post(post=bens, by=mia, reason="For another reason.")
    decide(appealed, noor)
    assert Removal.objects.get(post=bens).reason == "For another reason."
