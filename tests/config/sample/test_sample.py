"""The sample community: everything there is to see, the accounts to see it with, and pages that open."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from config.backup.check_counters import faults
from config.sample.load import CONVERSATIONS
from config.sample.people import PASSWORD, PEOPLE
from forum.models import Highlight, Poll, Post, Section, Topic
from moderation.models import Case
from tests.conftest import browser_of
from tests.support.sample_community import community  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("community")]


def outage_topic() -> Topic:
    return Topic.objects.get(section__name="Announcements", title__contains="what broke")


@pytest.mark.slow
def test_counters_agree_with_the_posts():
    assert faults() == []


def test_outage_topic_has_replies_and_an_edit():
    original, *answers = outage_topic().posts.order_by("position")
    assert "<li>" in original.html
    assert original.edit_reason == "The alerts are back"
    assert "on again since" in original.body
    assert len(answers) == 13
    assert [answer.position for answer in answers if answer.folds] == [4, 5, 6, 14]
    assert original.thanked == 2
    assert answers[-1].posted_at - original.posted_at < timedelta(minutes=10)


def test_outage_topic_has_highlighted_staff_reply_and_open_case():
    assert Highlight.objects.get(topic=outage_topic()).post.author.is_staff
    assert Case.objects.open().get().post.topic == outage_topic()


def test_poll_has_votes():
    poll = Poll.objects.get()
    assert (poll.voters, poll.votes.count(), poll.options.count()) == (5, 5, 4)


def test_every_moderator_action_occurs():
    assert Topic.objects.filter(pin__isnull=False).exists()
    assert Topic.objects.filter(closure__read_instead=outage_topic()).exists()
    assert Highlight.objects.filter(post__position=1).exists()
    assert Post.objects.filter(removal__isnull=False).exists()
    assert set(Case.objects.settled().values_list("outcome", flat=True)) == {"removed", "no_breach"}


def test_edited_post_and_very_long_topic_occur():
    assert Post.objects.get(version=3).revisions.count() == 2
    assert Topic.objects.order_by("-reply_count")[0].reply_count > 200


@pytest.mark.parametrize("markup", ["<h", "<pre", "<table", "<blockquote", "<a ", "<ol", "<ul", "<code"])
def test_every_kind_of_markup_occurs(markup):
    assert Post.objects.filter(html__contains=markup).exists()


def test_every_kind_of_section_occurs():
    assert set(Section.objects.values_list("read_by", flat=True)) == set(Section.Audience.values)
    assert Section.objects.filter(archived_at__isnull=False).exists()
    assert [section.name for section in Section.objects.all() if section.is_announcement] == ["Announcements"]


def test_posts_are_in_order_and_in_the_past():
    times = list(Post.objects.order_by("pk").values_list("posted_at", flat=True))
    assert times == sorted(times)
    assert times[-1] < timezone.now()
    assert max(talk.steps[-1].minute - talk.began / timedelta(minutes=1) for talk in CONVERSATIONS) < 0


@pytest.mark.parametrize(
    ("name", "role"), [("admin", "admin"), ("moderator", "moderator"), ("member", "member")]
)
def test_sample_account_has_role_and_password(name, role):
    user = User.objects.by_name(name)
    assert user.role == role
    assert user.check_password(PASSWORD)


def test_all_members_are_verified_and_only_three_have_passwords():
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(PEOPLE)
    assert sum(user.has_usable_password() for user in User.objects.all()) == 3


@pytest.mark.slow
@pytest.mark.parametrize("name", [None, "member", "moderator", "admin"])
def test_every_page_opens(name):
    person = User.objects.by_name(name) if name else None
    browser = browser_of(person)
    visible = (
        Topic.objects.visible_to(person) if person else Topic.objects.filter(section__read_by="everyone")
    )
    pages = [
        "/",
        *(section.get_absolute_url() for section in Section.objects.filter(topics__in=visible).distinct()),
    ]
    pages += [topic.get_absolute_url() for topic in visible]
    pages += [post.url_for("history") for post in Post.objects.filter(topic__in=visible, version__gt=1)]
    pages += [user.get_absolute_url() for user in User.objects.all()]
    if person and person.is_staff:
        pages += ["/moderation/", *(case.get_absolute_url() for case in Case.objects.visible_to(person))]
    assert {page: browser.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_forum_with_members_is_not_changed():
    posts = Post.objects.count()
    call_command("sample_forum", if_empty=True)
    with pytest.raises(CommandError, match="has members already"):
        call_command("sample_forum")
    assert Post.objects.count() == posts


def test_production_is_rejected(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("sample_forum", posts=10)
