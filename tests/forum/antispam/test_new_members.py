"""The new-member limits: each error is beside its field with the text preserved, and the limits end by themselves."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from core.text import render
from forum.access.errors import PostPendingApproval, PostRejected
from forum.antispam import external_check
from forum.antispam.repetition import LINKS_PER_MEMBER, sites_in
from forum.antispam.verdict import PASSED, Action, Verdict
from forum.models import NewMemberLimits, PendingPost, Post, Section, TextFingerprint
from moderation.approval.approve import approve_post
from moderation.posts.remove import remove_post
from tests.conftest import make_user, reply_to, start
from tests.support.forms import send_reply
from tests.support.new_member_limits import LINKS, only_pending_post, set_limits

pytestmark = pytest.mark.django_db

LONG = "A bell that was cast in this town a hundred years ago rings again."


def test_new_member_can_post_a_reply_with_one_link(topic, nora):
    assert reply_to(topic, nora, "Hello, I have the same bell: https://one.example").position == 3


@pytest.mark.parametrize(
    ("field", "body", "words"),
    [
        (
            "mentions",
            "@ada @ben see this",
            "mentions 2 members. New members can mention 1 member in one post.",
        ),
        (
            "attachments",
            f"/a/{'a' * 32}/ /a/{'b' * 32}/",
            "has 2 attachments. New members can add 1 attachment to one post.",
        ),
    ],
)
def test_post_over_the_mention_or_attachment_limit_is_rejected(topic, nora, sign_in, field, body, words):
    set_limits(**{field: 1})
    refused = send_reply(sign_in(nora), topic, body)
    page = refused.text
    assert refused.status_code == 422
    assert words in page
    assert "This limit ends once you’ve been a member for 3 days and have enough visible posts (5)." in page
    assert body in page
    assert not Post.objects.filter(author=nora).exists()


def test_post_with_too_many_links_is_held_for_approval(topic, nora):
    with pytest.raises(PostPendingApproval):
        reply_to(topic, nora, LINKS)
    assert (only_pending_post().why, only_pending_post().what) == ("links", "3")


def test_links_in_a_forged_quote_count(topic, bens, nora):
    invented = f"> [ben wrote](/p/{bens.pk}/?revision=1):\n> {LINKS}\n\nYes."
    with pytest.raises(PostPendingApproval):
        reply_to(topic, nora, invented)


def test_links_in_a_genuine_quote_do_not_count(topic, ben, nora):
    post = reply_to(topic, ben, LINKS)
    assert reply_to(
        topic, nora, f"> [ben wrote](/p/{post.pk}/?revision=1):\n> {LINKS}\n\nThank you, that helped me."
    )


def test_internal_links_do_not_count(topic, nora):
    body = " ".join(f"[{n}](/t/{topic.pk}/x/)" for n in range(5))
    assert reply_to(topic, nora, body)


@pytest.mark.usefixtures("in_one_slot")
@pytest.mark.parametrize(
    ("field", "act"), [("posts_a_day", "post 2 times"), ("topics_a_day", "create 2 topics")]
)
def test_daily_post_and_topic_limits_reject_with_retry_after(talk, topic, nora, sign_in, field, act):
    set_limits(**{field: 2})
    for number in range(2):
        start(talk, nora, f"T{number}", f"Text {number}")
    key = str(uuid4())
    refused = sign_in(nora).post("/s/talk/new/", {"title": "T", "body": "Mine.", "submission_key": key})
    page = refused.text
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 86_400
    assert f"New members can {act} per day. Try again in " in page
    assert "Mine." in page
    assert Post.objects.filter(author=nora).count() == 2


def test_rejected_posts_do_not_count_toward_the_daily_limit(topic, nora):
    set_limits(posts_a_day=1, mentions=0)
    for _ in range(3):
        with pytest.raises(PostRejected):
            reply_to(topic, nora, "@ada!")
    assert reply_to(topic, nora, "Without.")


def test_section_setting_holds_first_posts_for_approval(talk, topic, nora, mia):
    Section.objects.update(hold_first=True)
    with pytest.raises(PostPendingApproval):
        reply_to(topic, nora, "Hello!")
    assert only_pending_post().why == "first"
    approve_post(pending=only_pending_post(), by=mia)
    assert reply_to(topic, nora, "Hello again!").position == 4


def test_site_setting_holds_the_configured_number_of_first_posts(topic, nora):
    set_limits(hold_first=True, first_posts=2)
    Post.objects.filter(pk=topic.posts.get(position=2).pk).update(author=nora)  # one is visible
    with pytest.raises(PostPendingApproval):
        reply_to(topic, nora, "Hello!")


def test_limits_do_not_apply_to_established_members_and_staff(topic, ben, mia):
    set_limits(hold_first=True, posts_a_day=1, links=0, mentions=0)
    User.objects.filter(pk=mia.pk).update(is_new=True)
    mia.refresh_from_db()
    for who in (ben, mia):
        for number in range(2):
            assert reply_to(topic, who, f"@ada {LINKS} {number}")


def test_limits_end_after_enough_days_and_posts(topic, nora):
    set_limits(days=3, posts=2)
    for number in range(2):
        reply_to(topic, nora, f"Number {number}")
    with pytest.raises(PostPendingApproval):
        reply_to(topic, nora, LINKS)
    User.objects.filter(pk=nora.pk).update(joined_at=timezone.now() - timedelta(days=4))
    nora.refresh_from_db()
    assert reply_to(topic, nora, LINKS)
    assert User.objects.get(pk=nora.pk).is_new is False


@pytest.mark.parametrize("what", ["days", "posts"])
def test_limits_do_not_end_after_days_or_posts_alone(topic, nora, mia, what):
    set_limits(days=3, posts=1)
    if what == "days":
        remove_post(post=reply_to(topic, nora, "Gone."), by=mia, reason="Spam.")
        User.objects.filter(pk=nora.pk).update(joined_at=timezone.now() - timedelta(days=4))
    else:
        reply_to(topic, nora, "Stands.")
    nora.refresh_from_db()
    with pytest.raises(PostPendingApproval):
        reply_to(topic, nora, LINKS)
    assert User.objects.get(pk=nora.pk).is_new


def test_repeated_text_in_another_topic_is_held_for_approval(talk, topic, ada, nora):
    other = start(talk, ada, "Another", "Else.")
    reply_to(topic, nora, LONG)
    with pytest.raises(PostPendingApproval):
        reply_to(other, nora, LONG.upper().replace("hundred", "hundred ") + " 7!")
    assert only_pending_post().why == "same"


def test_text_repeated_by_another_new_member_is_held_for_approval(topic, nora):
    reply_to(topic, nora, LONG)
    olga = make_user("olga")
    User.objects.filter(pk=olga.pk).update(is_new=True)
    olga.refresh_from_db()
    with pytest.raises(PostPendingApproval):
        reply_to(topic, olga, LONG)


@pytest.mark.parametrize("who", ["one", "several"])
def test_repeated_links_to_one_site_are_held_for_approval(topic, nora, who):
    set_limits(links_to_one_site=2 if who == "several" else 99)
    for number in range(2 if who == "several" else LINKS_PER_MEMBER):
        reply_to(topic, nora, f"https://shop{number}.bells.example/{'so' * number} is where {number} rings")
    with pytest.raises(PostPendingApproval):
        reply_to(topic, nora, "See [this](https://bells.example) too.")
    assert (only_pending_post().why, only_pending_post().what) == ("links", "→ bells.example")
    assert reply_to(topic, nora, "See https://another.example too.")


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("a.b.example", "b.example"),
        ("b.example", "b.example"),
        ("x.y.co.uk", "y.co.uk"),
        ("localhost", "localhost"),
    ],
)
def test_site_of_a_link_is_its_registrable_domain(host, site):
    assert sites_in(render(f"[x](https://{host}:81/?a=1&b=2)").html) == {site}


def test_short_text_can_be_repeated(topic, nora):
    for _ in range(3):
        reply_to(topic, nora, "The same here!")


def test_text_can_be_repeated_after_a_day(topic, nora):
    reply_to(topic, nora, LONG)
    TextFingerprint.objects.update(last_at=timezone.now() - timedelta(hours=25))
    assert reply_to(topic, nora, LONG)


def test_double_submit_is_not_a_repetition(talk, nora, sign_in):
    said = {"title": "T", "body": LONG, "submission_key": str(uuid4())}
    answers = [sign_in(nora).post("/s/talk/new/", said) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert not PendingPost.objects.exists()


def test_new_member_profile_text_is_visible_only_to_the_member_and_staff(nora, ben, mia, sign_in):
    """Spam that no post may contain ends up in profiles."""
    User.objects.filter(pk=nora.pk).update(about="x", about_html="<p>Buy bells</p>")
    seen = {who: "Buy bells" in sign_in(who).get("/u/nora/").text for who in (nora, mia, ben, None)}
    assert seen == {nora: True, mia: True, ben: False, None: False}
    User.objects.filter(pk=nora.pk).update(is_new=False)
    assert "Buy bells" in sign_in(None).get("/u/nora/").text


# The external check


def no_opinion(text, member):
    return PASSED


def hold_it(text, member):
    return Verdict(Action.HOLD, what=f"{member.name} said {text.strip()}")


def refuse_it(text, member):
    return Verdict(Action.REFUSE, message="We know this one.")


def break_down(text, member):
    raise OSError


def sleep_long(text, member):
    time.sleep(2)
    return Verdict(Action.REFUSE)


def test_external_check_can_hold_and_reject(topic, nora, settings):
    settings.TEXT_CHECK = "tests.forum.antispam.test_new_members.hold_it"
    with pytest.raises(PostPendingApproval):
        reply_to(topic, nora, "Bells!")
    assert (only_pending_post().why, only_pending_post().what) == ("outside", "nora said Bells!")
    settings.TEXT_CHECK = "tests.forum.antispam.test_new_members.refuse_it"
    with pytest.raises(PostRejected, match="We know this one"):
        reply_to(topic, nora, "Bells?")


@pytest.mark.parametrize("check", ["no_opinion", "break_down", "sleep_long", "is_not_there"])
def test_post_passes_when_the_external_check_passes_fails_or_times_out(
    topic, nora, settings, monkeypatch, check
):
    settings.DEADLINE_FACTOR = 1
    monkeypatch.setattr(external_check, "TIMEOUT", 0.1)
    settings.TEXT_CHECK = f"tests.forum.antispam.test_new_members.{check}"
    assert reply_to(topic, nora, "Bells!")


def test_external_check_is_skipped_for_established_members(topic, ben, settings):
    settings.TEXT_CHECK = "tests.forum.antispam.test_new_members.refuse_it"
    assert reply_to(topic, ben, "Bells!")


# Admins


def test_admin_can_change_the_new_member_limits(noor, sign_in):
    page = sign_in(noor).get("/manage/new-members/")
    said = {**page.context["form"].initial, "links": 7, "hold_first": "on"}
    assert sign_in(noor).post("/manage/new-members/", said).status_code == 302
    assert (NewMemberLimits.objects.get().links, NewMemberLimits.objects.get().hold_first) == (7, True)


def test_new_account_is_marked_as_new(client, db):
    fields = {"username": "Dora", "email": "dora@example.org", "password1": "grey-heron-42"}
    client.post("/account/signup/", {**fields, "accepts_rules": "on"})
    assert User.objects.get().is_new
