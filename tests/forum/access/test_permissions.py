"""The list rules and the item rules are equivalent: for everything in every state, for everybody, they agree."""

import itertools
from copy import deepcopy

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import Group, Person
from forum.access import permissions
from forum.models import Closure, Post, Removal, Section, SectionGrant, StaffReply, Topic
from tests.conftest import make_user, start

pytestmark = pytest.mark.django_db

AUDIENCES = Section.Audience.values


@pytest.fixture(scope="module")
def _shared_people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        people = make_people()
        make_content(people)
        yield people
        transaction.set_rollback(True)


@pytest.fixture
def people(_shared_people, db) -> list[Person]:
    """Made for each test, so that values cached on them are not shared."""
    return deepcopy(_shared_people)


def make_people() -> list[Person]:
    """Returns a guest, an author, another member, a member of the group, staff; last a moderator of every third
    section."""
    author, other, weaver = (make_user(name) for name in ("author", "other", "weaver"))
    Group.objects.create(name="Weavers").members.add(weaver)
    staff = make_user("moderator", "moderator"), make_user("admin", "admin")
    return [AnonymousUser(), author, other, weaver, *staff, make_user("limited", "moderator")]


def make_content(people: list[Person]) -> None:
    """Makes a section for every rule, in each a topic in every state, with every kind of post."""
    _, ada, _, _, mia, *_ = people
    group = Group.objects.get()
    rules = itertools.product(AUDIENCES, AUDIENCES[1:], (None, timezone.now()))
    for n, (read_by, write_by, archived_at) in enumerate(rules):
        section = Section.objects.create(
            name=f"S{n}", slug=f"s{n}", read_by=read_by, start_by=write_by, reply_by=write_by
        )
        SectionGrant.objects.bulk_create(
            SectionGrant(section=section, group=group, act=act) for act in SectionGrant.Act.values
        )
        for state in ("stands", "closed", "due", "removed", "merged"):
            topic = start(section, mia)
            for position, author, remover in ((2, ada, None), (3, ada, ada), (4, ada, mia), (5, mia, None)):
                post = Post.objects.create(
                    topic=topic, author=author, position=position, body="x", html="x", excerpt="x", renderer=1,
                    submission_key=f"{topic.pk:016x}{position:016x}",
                )  # fmt: skip
                if remover:
                    Removal.objects.create(post=post, removed_by=remover)
            if state == "closed":
                Closure.objects.create(topic=topic, closed_by=mia, reason="r")
            if state == "due":
                Topic.objects.filter(pk=topic.pk).update(closes_at=timezone.now())
            Topic.objects.filter(pk=topic.pk).update(
                is_removed=state == "removed", is_merged=state == "merged"
            )
        Section.objects.filter(pk=section.pk).update(archived_at=archived_at)
    people[-1].moderates = list(Section.objects.order_by("pk").values_list("pk", flat=True))[::3]
    people[-1].save()


def test_section_list_matches_can_read(people):
    for person in people:
        listed = set(Section.objects.visible_to(person))
        assert listed == {s for s in Section.objects.all() if permissions.can_read(person, s)}, person
        assert listed


def test_topic_list_matches_can_read_topic(people):
    topics = Topic.objects.with_state()
    for person in people:
        listed = set(Topic.objects.visible_to(person))
        assert listed == {t for t in topics if permissions.can_read_topic(person, t)}, person
        assert listed


def test_open_and_listed_querysets_match_topic_properties(people):
    """The topic agrees with the querysets about deadlines and about being visible."""
    topics = list(Topic.objects.with_state())
    assert set(Topic.objects.open()) == {topic for topic in topics if not topic.is_closed}
    assert set(Topic.objects.listed()) == {topic for topic in topics if topic.is_listed}


def test_staff_reply_list_matches_can_read_staff_replies(people):
    """One under each topic's newest post."""
    posts = Post.objects.filter(position=5).select_related("topic__section")
    StaffReply.objects.bulk_create(
        StaffReply(topic=post.topic, post=post, author=people[4], body="x", html="x", renderer=1,
                   submission_key=f"{post.pk:032x}")
        for post in posts
    )  # fmt: skip
    for person in people:
        listed = set(StaffReply.objects.visible_to(person).values_list("post", flat=True))
        may = {post.pk for post in posts if permissions.can_read_staff_replies(person, post.topic)}
        assert listed == may, person


@pytest.mark.slow
def test_post_list_matches_can_read_text(people):
    posts = Post.objects.with_details().select_related("topic__section", "topic__closure")
    for person in people:
        listed = set(Post.objects.visible_to(person))
        assert listed == {p for p in posts if permissions.can_read_text(person, p)}, person
        assert listed


@pytest.mark.slow
def test_post_permissions_require_read_access_to_the_topic(people):
    rights = [
        permissions.can_edit,
        permissions.can_report,
        permissions.can_remove,
        permissions.can_restore,
        permissions.can_vote,
        permissions.can_read_history,
        permissions.can_read_text,
    ]
    posts = list(Post.objects.with_details().select_related("topic__section", "topic__closure"))
    for right in rights:
        allowed = [(person, p) for person, p in itertools.product(people, posts) if right(person, p)]
        assert allowed, right.__name__
        assert all(permissions.can_read_topic(person, p.topic) for person, p in allowed), right.__name__


def test_guest_has_no_write_permissions(people):
    guest = people[0]
    for post in Post.objects.with_details().select_related("topic__section", "topic__closure"):
        for right in (
            permissions.can_edit,
            permissions.can_report,
            permissions.can_remove,
            permissions.can_restore,
            permissions.can_highlight,
        ):
            assert not right(guest, post)
        assert not permissions.can_reply(guest, post.topic)
        assert not permissions.can_vote(guest, post)
        assert not permissions.can_start_topic(guest, post.topic.section)


def test_inactive_account_has_no_permissions(topic, mia):
    mia.is_active = False
    assert not mia.is_staff
    assert not permissions.can_reply(mia, topic)
    assert not permissions.can_vote(mia, topic.posts.get(position=1))
    assert not permissions.can_close(mia, topic)
    assert not permissions.can_highlight(mia, topic.posts.get(position=2))
