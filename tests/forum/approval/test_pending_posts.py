"""A post awaiting approval is stored, shown to its writer and to staff, and to nobody else; it can be withdrawn."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from config.backup.check_counters import faults
from forum.access import permissions
from forum.access.errors import NotAllowed, PostPendingApproval, PostRejected
from forum.approval import queue as approval_queue
from forum.attachments.cleanup import delete_unused_attachments
from forum.drafts import store as drafts_store
from forum.models import Attachment, Draft, PendingPost, Post, Topic
from forum.models.draft import reply_draft_key
from forum.polls.polls import PollTerms, terms_of_pending
from forum.posts import create as posts_create
from moderation.topics.close import close_topic
from tests.conftest import offers, reply_to, start
from tests.support.new_member_limits import LINKS, only_pending_post, set_limits

pytestmark = pytest.mark.django_db


def create_pending_reply(topic: Topic, by: User, body: str = LINKS, **kwargs) -> PendingPost:
    with pytest.raises(PostPendingApproval) as caught:
        reply_to(topic, by, body, **kwargs)
    return caught.value.pending


def test_pending_reply_creates_no_post_and_changes_no_counters(topic, nora):
    before = Topic.objects.values("last_position", "reply_count", "version").get(), Post.objects.count()
    text = create_pending_reply(topic, nora)
    assert (
        Topic.objects.values("last_position", "reply_count", "version").get(),
        Post.objects.count(),
    ) == before
    assert (text.author, text.topic, text.body, text.why) == (nora, topic, LINKS, "links")
    nora.refresh_from_db()
    assert nora.texts_waiting == 1
    assert faults() == []


@pytest.mark.slow
def test_author_sees_the_pending_reply_and_can_withdraw_but_not_approve(topic, nora, sign_in):
    nora_s = sign_in(nora)
    answered = nora_s.post(topic.url_for("reply"), {"body": LINKS, "submission_key": str(uuid4())})
    assert (answered.status_code, answered.url) == (302, f"{topic.get_absolute_url()}?page=1#waiting")
    assert "Only you and staff can see this" in nora_s.get(answered.url).text
    for address in (topic.get_absolute_url(), "/u/nora/", only_pending_post().get_absolute_url()):
        page = nora_s.get(address)
        assert "Buy at" in page.text, address
        assert offers(page, "take-back"), address
        assert not offers(page, "let-in"), address


def test_pending_topic_includes_its_poll(talk, nora, sign_in):
    said = {"title": "Links", "body": LINKS, "poll_options": "Tea\nCoffee", "submission_key": str(uuid4())}
    answered = sign_in(nora).post("/s/talk/new/", said)
    assert answered.url == "/s/talk/#waiting"
    text = only_pending_post()
    assert (text.topic, text.title, terms_of_pending(text)) == (None, "Links", PollTerms(("Tea", "Coffee")))
    page = sign_in(nora).get("/s/talk/").text
    assert ("Links" in page, "Coffee" in page) == (True, True)
    assert not Topic.objects.exists()


def test_resubmitted_form_creates_one_pending_post(topic, nora, sign_in):
    said = {"body": LINKS, "submission_key": str(uuid4())}
    answers = [sign_in(nora).post(topic.url_for("reply"), said) for _ in range(3)]
    assert {(one.status_code, one.url) for one in answers} == {
        (302, f"{topic.get_absolute_url()}?page=1#waiting")
    }
    assert PendingPost.objects.count() == 1
    nora.refresh_from_db()
    assert nora.texts_waiting == 1


def test_resubmission_with_changed_text_is_rejected_with_its_text(topic, nora, sign_in):
    client, said = sign_in(nora), {"body": LINKS, "submission_key": str(uuid4())}
    client.post(topic.url_for("reply"), said)
    for body in (f"{LINKS} And more.", "Without any."):
        again = client.post(topic.url_for("reply"), {**said, "body": body})
        page = again.text
        assert again.status_code == 409
        assert (
            "You already sent an earlier version from this form for approval. This version isn’t sent."
            in page
        )
        assert only_pending_post().get_absolute_url() in page
        assert body in page
    assert PendingPost.objects.count() == 1
    assert not topic.posts.filter(author=nora).exists()


@pytest.mark.parametrize("changed", [{"title": "Other links"}, {"poll_options": "Tea\nMate"}])
def test_resubmission_with_changed_title_or_poll_is_rejected(talk, nora, sign_in, changed):
    client = sign_in(nora)
    said = {"title": "Links", "body": LINKS, "poll_options": "Tea\nCoffee", "submission_key": str(uuid4())}
    for again, status in ((said, 302), (said, 302), ({**said, **changed}, 409)):
        assert client.post("/s/talk/new/", again).status_code == status
    assert only_pending_post().title == "Links"


def test_pending_reply_deletes_its_draft_and_ignores_late_saves(topic, nora):
    key, place = uuid4(), reply_draft_key(topic.pk)
    draft = drafts_store.save(by=nora, draft_key=place, version=0, body=LINKS, submission_key=key)
    with pytest.raises(PostPendingApproval):
        posts_create.create_reply(topic=topic, by=nora, body=LINKS, submission_key=key, draft=draft.version)
    assert (
        drafts_store.save(by=nora, draft_key=place, version=draft.version, body=LINKS, submission_key=key)
        is None
    )
    assert not Draft.objects.exists()


@pytest.mark.slow
def test_attachment_of_a_pending_post_is_private_and_outlives_cleanup(topic, nora, mia, ben, sign_in, attach):
    picture = attach(nora)
    text = create_pending_reply(topic, nora, f"{LINKS}\n\n{picture.markdown}")
    picture.refresh_from_db()
    assert (picture.post, picture.waits_with) == (None, text)
    seen = {who: sign_in(who).get(picture.get_absolute_url()).status_code for who in (nora, mia, ben, None)}
    assert seen == {nora: 200, mia: 200, ben: 404, None: 404}
    Attachment.objects.update(uploaded_at="2020-01-01T00:00Z")
    delete_unused_attachments()
    assert Attachment.objects.filter(pk=picture.pk).exists()
    PendingPost.objects.update(
        resolved_at="2020-01-02T00:00Z", resolved_by=mia, outcome=PendingPost.Outcome.REFUSED
    )
    delete_unused_attachments()
    assert not Attachment.objects.exists()


@pytest.mark.slow
def test_attachment_of_two_pending_posts_belongs_to_the_first(topic, news, nora, ben, mia, sign_in, attach):
    User.objects.filter(pk=ben.pk).update(role="moderator", moderates=[topic.section_id])
    picture, elsewhere = attach(nora), start(news, mia)
    first = create_pending_reply(topic, nora, f"{LINKS} {picture.markdown}")
    create_pending_reply(elsewhere, nora, f"{LINKS} Again. {picture.markdown}")
    assert sign_in(ben).get(picture.get_absolute_url()).status_code == 200
    approval_queue.withdraw(pending=first, by=nora)
    third = create_pending_reply(elsewhere, nora, f"{LINKS} At last. {picture.markdown}")
    picture.refresh_from_db()
    assert picture.waits_with == third


def test_author_can_withdraw_and_still_read_a_pending_post(topic, nora, sign_in):
    text = create_pending_reply(topic, nora)
    answered = sign_in(nora).post(f"/waiting/{text.pk}/take-back/")
    assert answered.url == text.get_absolute_url()
    assert "Buy at" in sign_in(nora).get(answered.url).text
    text.refresh_from_db()
    nora.refresh_from_db()
    assert (text.outcome, text.resolved_by, nora.texts_waiting) == ("taken_back", nora, 0)
    assert approval_queue.withdraw(pending=text, by=nora) is False
    assert "Buy at" not in sign_in(nora).get(topic.get_absolute_url()).text


def test_only_the_author_can_withdraw_a_pending_post(topic, nora, ben, mia):
    text = create_pending_reply(topic, nora)
    for by in (ben, mia):
        with pytest.raises(NotAllowed):
            approval_queue.withdraw(pending=text, by=by)
    assert only_pending_post().is_pending


def test_post_over_the_pending_limit_is_rejected(topic, nora, sign_in):
    set_limits(texts_waiting=2)
    for number in range(2):
        create_pending_reply(topic, nora, f"{LINKS} {'very ' * number}good")
    said = {"body": f"{LINKS} More!", "submission_key": str(uuid4())}
    refused = sign_in(nora).post(topic.url_for("reply"), said)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "You already have 2 posts awaiting approval." in refused.text
    assert f"{LINKS} More!" in refused.text
    assert PendingPost.objects.count() == 2


def test_reply_in_a_closed_topic_is_rejected_instead_of_held(topic, nora, mia, sign_in):
    close_topic(topic=topic, by=mia, reason="Solved.")
    refused = sign_in(nora).post(topic.url_for("reply"), {"body": LINKS, "submission_key": str(uuid4())})
    assert refused.status_code == 409
    assert LINKS in refused.text
    assert not PendingPost.objects.exists()


def test_silenced_member_cannot_create_a_pending_post(topic, nora):
    nora.silenced_until = timezone.now() + timedelta(days=1)
    nora.save()
    with pytest.raises(NotAllowed):
        reply_to(topic, nora, LINKS)
    assert not PendingPost.objects.exists()


def test_quote_in_a_pending_post_is_shown_to_author_and_staff(topic, bens, nora, mia, sign_in):
    body = f"> [ben wrote](/p/{bens.pk}/?revision=1):\n> Here too.\n\n{LINKS}"
    text = create_pending_reply(topic, nora, body)
    for who in (nora, mia):
        page = sign_in(who).get(text.get_absolute_url()).text
        assert "Here too." in page
        assert "<!--quote" not in page


def test_rejected_post_creates_no_pending_post(topic, nora):
    set_limits(mentions=0)
    with pytest.raises(PostRejected):
        reply_to(topic, nora, f"@ada {LINKS}")
    assert not PendingPost.objects.exists()


def test_pending_topic_heading_is_its_title(talk, nora):
    with pytest.raises(PostPendingApproval):
        start(talk, nora, "A title", LINKS)
    assert only_pending_post().heading == "A title"


@pytest.mark.slow
def test_list_rules_match_item_rules(topic, news, nora, ben, ada, mia, noor):
    """For posts that await approval and posts that do not, in two sections, and for everybody, including a limited and
    a suspended member."""
    elsewhere = start(news, mia, "We moved", "Over there.")
    texts = [create_pending_reply(topic, nora), create_pending_reply(elsewhere, nora, f"{LINKS} Twice.")]
    User.objects.filter(pk=mia.pk).update(is_new=True, role="member")
    mia.refresh_from_db()
    texts += [
        create_pending_reply(topic, mia, f"{LINKS} Thrice."),
        create_pending_reply(elsewhere, mia, f"{LINKS} Four."),
    ]
    approval_queue.withdraw(pending=texts[3], by=mia)
    User.objects.filter(pk=ben.pk).update(role="moderator", moderates=[news.pk])
    User.objects.filter(pk=mia.pk).update(role="moderator")
    User.objects.filter(pk=ada.pk).update(
        role="moderator", suspended_until=timezone.now() + timedelta(days=1)
    )
    everybody = [*User.objects.all(), AnonymousUser()]
    for person in everybody:
        one_by_one = {text for text in PendingPost.objects.all() if permissions.can_see_pending(person, text)}
        assert set(PendingPost.objects.visible_to(person)) == one_by_one, person
        to_settle = {
            text
            for text in PendingPost.objects.all()
            if text.is_pending and permissions.can_review_pending(person, text)
        }
        assert set(PendingPost.objects.reviewable_by(person)) == to_settle, person
    assert {len(PendingPost.objects.visible_to(person)) for person in everybody} == {0, 2, 4}


def test_resubmission_stays_pending_after_the_limit_is_lifted(topic, nora):
    key = uuid4()
    text = create_pending_reply_with_key(topic, nora, key)
    set_limits(links=99, links_to_one_site=99)
    nora.refresh_from_db()
    assert create_pending_reply_with_key(topic, nora, key) == text
    assert not Post.objects.filter(author=nora).exists()


def create_pending_reply_with_key(topic: Topic, by: User, key: UUID) -> PendingPost:
    with pytest.raises(PostPendingApproval) as caught:
        posts_create.create_reply(topic=topic, by=by, body=LINKS, submission_key=key)
    return caught.value.pending


def test_pending_post_counts_toward_the_daily_limit(topic, nora):
    set_limits(posts_a_day=1)
    create_pending_reply(topic, nora)
    with pytest.raises(PostRejected, match="New members can post 1 time per day"):
        reply_to(topic, nora, "Another.")
