"""Approving a pending post, and rejecting it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import LogEntry, User
from config.backup.check_counters import faults
from forum.access.errors import NotAllowed, PostPendingApproval
from forum.models import Attachment, Mention, PendingPost, Post, Quote, Section, Topic
from forum.polls.polls import PollTerms
from forum.posts import create as posts_create
from forum.read_state.unread_topics import unread_topics
from forum.topics import rename
from moderation.access.errors import AlreadyReviewed, CannotApprove
from moderation.approval.approve import approve_post, reject_post
from moderation.log.undo import undo_entry
from moderation.topics.close import close_topic
from moderation.topics.merge import merge_topic
from moderation.topics.move import move_topic
from moderation.topics.timers import set_slow_mode
from notifications.models import Notification
from tests.conftest import offers, reply_to, start
from tests.support.new_member_limits import LINKS, only_pending_post, submit_pending_post

pytestmark = pytest.mark.django_db


def test_approved_post_goes_to_end_of_topic_with_approval_time(text, topic, nora, ben, mia):
    PendingPost.objects.update(sent_at=timezone.now() - timedelta(hours=5))
    reply_to(topic, ben, "Meanwhile.")
    post = approve_post(pending=text, by=mia)
    topic.refresh_from_db()
    nora.refresh_from_db()
    assert (post.author, post.body, post.position, topic.last_position) == (nora, LINKS, 4, 4)
    assert (topic.last_post_by, topic.reply_count, nora.texts_waiting) == (nora, 3, 0)
    assert timezone.now() - post.posted_at < timedelta(minutes=1)
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.target_id, entry.member) == ("let_in", mia, post.pk, nora)
    assert faults() == []


def test_author_is_notified_of_approval(text, nora, mia):
    post = approve_post(pending=text, by=mia)
    notice = Notification.objects.get(member=nora)
    assert (notice.text, notice.url) == ("Your reply in “Slow search” was approved.", post.get_absolute_url())


def test_author_never_sees_title_of_topic_moved_to_hidden_section(text, topic, nora, ben, mia, sign_in):
    room = Section.objects.create(name="Staff room", slug="staff-room", read_by="staff")
    move_topic(topic=topic, to=room, by=mia)
    rename.rename_topic(topic=Topic.objects.get(pk=topic.pk), by=mia, title="Dossier", version=1)
    pages = [text.get_absolute_url(), f"/u/{nora.name}/"]
    said = "".join(sign_in(nora).get(page).text for page in pages)
    assert "Staff room" in sign_in(mia).get(text.get_absolute_url()).text  # who may see where it is
    reject_post(pending=text, by=mia, reason="Spam.")
    undo_entry(entry=LogEntry.objects.get(act="refuse_waiting"), by=mia)
    said += "".join(Notification.objects.filter(member=nora).values_list("text", flat=True))
    said += sign_in(nora).get(pages[0]).text
    assert "Your reply was not approved" in said
    assert "Dossier" not in said
    assert "Staff room" not in said


@pytest.mark.slow
def test_approval_preserves_poll_quotes_mentions_and_attachments(talk, bens, nora, mia, attach):
    picture = attach(nora)
    body = (
        f"> [ben wrote](/p/{bens.pk}/?revision=1):\n> Here too.\n\n@ben, see {picture.markdown}.\n\n{LINKS}"
    )
    terms_of_poll = PollTerms(("Tea", "Coffee"), "Which?", is_multiple=True, days=3)
    with pytest.raises(PostPendingApproval):
        start(talk, nora, "All of it", body, poll=terms_of_poll)
    post = approve_post(pending=only_pending_post(), by=mia)
    assert Quote.objects.get(post=post).quoted_post == bens
    assert Mention.objects.get(post=post).member.name == "ben"
    assert Attachment.objects.get(post=post) == picture
    poll = post.topic.poll
    assert (poll.question, poll.is_multiple, poll.options.count()) == ("Which?", True, 2)
    assert poll.closes_at - post.posted_at == timedelta(days=3)


def test_author_can_read_rejected_post_and_reason(text, topic, nora, mia, sign_in):
    assert reject_post(pending=text, by=mia, reason="An advertisement.")
    text.refresh_from_db()
    nora.refresh_from_db()
    assert (text.outcome, text.resolved_by, nora.texts_waiting) == ("refused", mia, 0)
    notice = Notification.objects.get(member=nora)
    assert "was not approved: An advertisement." in notice.text
    page = sign_in(nora).get(notice.url).text
    assert "An advertisement." in page
    assert "Buy at" in page
    assert "mia" not in page
    assert [entry.act for entry in LogEntry.objects.all()] == ["refuse_waiting"]
    assert topic.posts.count() == 2


@pytest.mark.parametrize("first", ["let_in", "refuse"])
@pytest.mark.parametrize("second", ["let_in", "refuse"])
def test_second_review_of_same_post_raises_already_reviewed(text, mia, noor, first, second):
    acts = {
        "let_in": lambda by: approve_post(pending=text, by=by),
        "refuse": lambda by: reject_post(pending=text, by=by, reason="No."),
    }
    acts[first](mia)
    with pytest.raises(AlreadyReviewed) as caught:
        acts[second](noor)
    assert caught.value.pending.resolved_by == mia
    if first == second:
        acts[second](mia)  # the same person's second click
    assert LogEntry.objects.count() == Notification.objects.count() == 1
    assert Post.objects.filter(body=LINKS).count() == (first == "let_in")
    assert faults() == []


def test_second_reviewer_sees_name_of_first_reviewer(text, mia, noor, sign_in):
    reject_post(pending=text, by=mia, reason="No.")
    page = sign_in(noor).post("/moderation/waiting/let-in/", {"waiting": text.pk}, follow=True)
    assert "was already rejected by mia" in page.text


@pytest.mark.parametrize("person_name", ["guest", "nora", "ben", "other_mod", "mia", "noor"])
@pytest.mark.parametrize("act", ["let-in", "refuse"])
def test_only_staff_of_the_section_can_review_pending_post(
    act, person_name, text, topic, nora, ben, mia, noor, news, sign_in
):
    """Checks the effect: the row itself, whatever the response was."""
    if person_name == "other_mod":
        User.objects.filter(pk=ben.pk).update(role="moderator", moderates=[news.pk])
    people = {"guest": None, "nora": nora, "ben": ben, "other_mod": ben, "mia": mia, "noor": noor}
    sign_in(people[person_name]).post(f"/moderation/waiting/{act}/", {"waiting": text.pk, "reason": "No."})
    text.refresh_from_db()
    assert text.is_pending == (person_name not in ("mia", "noor"))
    assert (LogEntry.objects.count() == 0) == text.is_pending


def test_section_moderator_can_approve(text, topic, ben):
    User.objects.filter(pk=ben.pk).update(role="moderator", moderates=[topic.section_id])
    ben.refresh_from_db()
    assert approve_post(pending=text, by=ben)


def test_moderator_cannot_review_own_pending_post(text, nora):
    User.objects.filter(pk=nora.pk).update(role="moderator")
    nora.refresh_from_db()
    for act in (approve_post, lambda **said: reject_post(reason="No.", **said)):
        with pytest.raises(NotAllowed):
            act(pending=text, by=nora)


def test_post_stays_pending_if_its_topic_was_closed(text, topic, nora, mia, sign_in):
    close_topic(topic=topic, by=mia, reason="Solved.")
    with pytest.raises(CannotApprove):
        approve_post(pending=text, by=mia)
    page = sign_in(mia).post("/moderation/waiting/let-in/", {"waiting": text.pk}, follow=True)
    assert "is still pending. Its topic is closed." in page.text
    assert only_pending_post().is_pending


def test_post_stays_pending_if_its_submission_was_already_posted(text, topic, nora, mia):
    """Two posts of one form, sent at once: the other one was approved."""
    posts_create.create_reply(
        topic=topic, by=nora, body="No links.", submission_key=text.submission_key, is_approved=True
    )
    with pytest.raises(CannotApprove):
        approve_post(pending=text, by=mia)
    assert only_pending_post().is_pending


def test_post_of_suspended_author_can_be_rejected_but_not_approved(text, nora, mia):
    User.objects.filter(pk=nora.pk).update(suspended_until=timezone.now() + timedelta(days=1))
    with pytest.raises(CannotApprove):
        approve_post(pending=text, by=mia)
    assert only_pending_post().is_pending
    assert reject_post(pending=text, by=mia, reason="Spam.")


def test_bulk_rejection_logs_one_action_per_post(topic, nora, mia, sign_in):
    texts = [submit_pending_post(topic, nora, f"{LINKS} {'so ' * number}") for number in range(3)]
    chosen = {"waiting": [text.pk for text in texts[:2]], "reason": "Spam."}
    page = sign_in(mia).post("/moderation/waiting/refuse/", chosen, follow=True)
    assert "2 posts rejected." in page.text
    assert [entry.act for entry in LogEntry.objects.all()] == ["refuse_waiting"] * 2
    assert PendingPost.objects.pending().get() == texts[2]


def test_rejecting_all_by_member_covers_only_the_posts_shown(topic, nora, mia, sign_in):
    for number in range(4):
        submit_pending_post(topic, nora, f"{LINKS} {'so ' * number}")
    page = sign_in(mia).get(f"/moderation/waiting/refuse/?by={nora.pk}").text
    shown = re.findall(r'name="waiting" value="(\d+)"', page)
    assert len(shown) == 4
    meanwhile = submit_pending_post(topic, nora, f"{LINKS} and more")
    sign_in(mia).post("/moderation/waiting/refuse/", {"by": nora.pk, "waiting": shown, "reason": "Spam."})
    assert PendingPost.objects.pending().get() == meanwhile
    assert LogEntry.objects.count() == 4


def test_rejection_requires_a_reason(text, mia, sign_in):
    answered = sign_in(mia).post("/moderation/waiting/refuse/", {"waiting": text.pk, "reason": " "})
    assert answered.status_code == 422
    assert "Please give a reason" in answered.text
    assert only_pending_post().is_pending


def test_queue_lists_pending_posts_oldest_first_and_flags_overdue(topic, nora, mia, sign_in):
    first, second = (submit_pending_post(topic, nora, f"{LINKS} {words}") for words in ("one", "two"))
    desk = sign_in(mia).get("/moderation/").text
    assert "more than a day" not in desk
    assert '2<span class="visually-hidden"> pending posts' in desk
    PendingPost.objects.filter(pk=first.pk).update(sent_at=timezone.now() - timedelta(hours=25))
    assert "more than a day" in sign_in(mia).get("/moderation/").text
    page = sign_in(mia).get("/moderation/waiting/")
    assert [line.pending for line in page.context["lines"]] == [first, second]
    assert page.text.count("waiting-row overdue") == 1
    assert offers(page, "let-in")


def test_resubmission_after_approval_redirects_to_the_post(topic, nora, mia, sign_in):
    said = {"body": LINKS, "submission_key": str(uuid4())}
    sign_in(nora).post(topic.url_for("reply"), said)
    post = approve_post(pending=only_pending_post(), by=mia)
    again = sign_in(nora).post(topic.url_for("reply"), said)
    assert (again.status_code, again.url) == (302, post.get_absolute_url())
    assert Post.objects.filter(author=nora).count() == 1


def test_topic_stays_unread_for_author_after_approval(text, topic, nora, ben, mia):
    """They have not seen the replies that were posted while their post awaited approval."""
    reply_to(topic, ben, "Meanwhile.")
    approve_post(pending=text, by=mia)
    assert topic in unread_topics(nora)


def test_pending_topic_in_archived_section_cannot_be_approved(talk, nora, mia):
    with pytest.raises(PostPendingApproval):
        posts_create.start_topic(section=talk, by=nora, title="T", body=LINKS, submission_key=uuid4())
    Section.objects.update(archived_at=timezone.now())
    with pytest.raises(CannotApprove):
        approve_post(pending=only_pending_post(), by=mia)


def test_pending_reply_follows_its_merged_topic(text, topic, talk, ben, mia, noor):
    second, third = start(talk, ben, "Second"), start(talk, ben, "Third")
    merge_topic(topic=topic, into=second, by=mia)
    merge_topic(topic=second, into=third, by=mia)
    assert approve_post(pending=text, by=noor).topic == third
    assert faults() == []


def test_slow_mode_does_not_block_approval(text, topic, nora, mia, sign_in):
    other = submit_pending_post(topic, nora, f"{LINKS} And this too.")
    set_slow_mode(topic=topic, by=mia, minutes=60)
    page = sign_in(mia).post("/moderation/waiting/let-in/", {"waiting": [text.pk, other.pk]})
    assert page.status_code == 302
    assert Post.objects.filter(topic=topic, author=nora).count() == 2


def test_review_right_follows_topic_to_its_new_section(text, topic, news, ben, cleo, mia):
    for person, section in ((ben, topic.section_id), (cleo, news.pk)):
        User.objects.filter(pk=person.pk).update(role="moderator", moderates=[section])
    move_topic(topic=topic, to=news, by=mia)
    was, is_now = User.objects.get(pk=ben.pk), User.objects.get(pk=cleo.pk)
    assert not PendingPost.objects.visible_to(was).exists()
    assert PendingPost.objects.reviewable_by(is_now).exists()
    with pytest.raises(NotAllowed):
        approve_post(pending=text, by=was)
    assert approve_post(pending=text, by=is_now)
    assert LogEntry.objects.get(act="let_in").section_id == news.pk
