"""A moderator of some sections is staff there and an ordinary member in all others: list rules and item rules agree,
and every staff permission checks it."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Group, User
from accounts.models.sanction import PERMANENT
from forum.access import permissions
from forum.models import Attachment, Closure, PendingPost, Post, Removal, Section, SectionGrant, Topic
from forum.web.compiled_queries import sql_for
from moderation.access.permissions import can_see_case
from moderation.models import Case
from tests.conftest import make_user, start

pytestmark = pytest.mark.django_db

STAFF_PERMISSIONS = [
    permissions.can_highlight,
    permissions.can_unhighlight,
    lambda person, post: permissions.can_close(person, post.topic),
    lambda person, post: permissions.can_pin(person, post.topic),
]


def update_user(member: User, **said) -> User:
    User.objects.filter(pk=member.pk).update(**said)
    return User.objects.get(pk=member.pk)


@pytest.fixture
def sections(db):
    """One of every kind of access, each twice."""
    group = Group.objects.create(name="Weavers")
    made = []
    for n, (read_by, twice) in enumerate(itertools.product(Section.Audience.values, "ab")):
        section = Section.objects.create(
            name=f"S{n}",
            slug=f"s{n}",
            read_by=read_by,
            description=twice,
            start_by="staff",
            reply_by="members",
        )
        SectionGrant.objects.create(section=section, group=group, act="read")
        made.append(section)
    return made


@pytest.fixture
def people(sections, ada, mia, noor):
    """Everybody with any power, limited, suspended or silenced; and those who have none."""
    here = [section.pk for section in sections[::2]]
    max = update_user(make_user("max", "moderator"), moderates=here)
    weaver = update_user(make_user("weaver", "moderator"), moderates=here[:1])
    Group.objects.get().members.add(weaver)
    gone = update_user(make_user("gone", "moderator"), moderates=here, suspended_until=PERMANENT)
    nell = update_user(make_user("nell", "admin"), suspended_until=PERMANENT)
    zed = update_user(make_user("zed"), suspended_until=PERMANENT)
    quiet = update_user(make_user("quiet", "moderator"), moderates=here, silenced_until=PERMANENT)
    return [AnonymousUser(), ada, mia, noor, max, weaver, gone, nell, zed, quiet]


@pytest.fixture
def all_content(sections, people, ada, mia, noor):
    authors = [person for person in people if person.is_authenticated]
    for section in sections:
        for closed in (False, True):
            topic = start(section, noor)
            kinds = itertools.product(authors, (None, noor))
            for position, (author, remover) in enumerate(kinds, start=2):
                post = Post.objects.create(
                    topic=topic, author=author, position=position, body="x", html="x", excerpt="x", renderer=1,
                    submission_key=f"{topic.pk:016x}{position:016x}",
                )  # fmt: skip
                if remover:
                    Removal.objects.create(post=post, removed_by=remover)
                else:
                    Case.objects.create(post=post, author=post.author, revision=1)
            if closed:
                Closure.objects.create(topic=topic, closed_by=mia, reason="r")


def all_posts() -> list[Post]:
    return list(Post.objects.with_details().with_topic())


@pytest.mark.slow
def test_list_rules_match_item_rules(people, all_content):
    cases = list(Case.objects.select_related("post__topic__section"))
    for person in people:
        sections = {s for s in Section.objects.all() if permissions.can_read(person, s)}
        assert set(Section.objects.visible_to(person)) == sections, person
        assert set(Topic.objects.visible_to(person)) == {
            t for t in Topic.objects.select_related("section") if t.section in sections
        }
        readable = {p for p in all_posts() if permissions.can_read_text(person, p)}
        assert set(Post.objects.visible_to(person)) == readable, person
        assert set(Case.objects.visible_to(person)) == {c for c in cases if can_see_case(person, c)}, person


@pytest.mark.slow
def test_compiled_query_matches_the_queryset_for_every_kind_of_user(people, all_content):
    """Queries are compiled once per process, for kinds of people; each kind gets exactly what it may see."""
    from django.db import connection

    for person in people:
        sql, params = sql_for(person, lambda who: Post.objects.visible_to(who).values_list("pk"))
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found = {pk for (pk,) in cursor.fetchall()}
        assert found == set(Post.objects.visible_to(person).values_list("pk", flat=True)), person


def test_readers_condition_matches_can_read(people, sections):
    members = [person for person in people if person.is_authenticated]
    for section in sections:
        expected = {person for person in members if permissions.can_read(person, section)}
        assert (
            set(User.objects.filter(section.readers_condition(), pk__in=[m.pk for m in members])) == expected
        )


@pytest.mark.slow
def test_moderator_has_staff_permissions_only_in_own_sections(people, all_content):
    max, noor = people[4], people[3]
    for post in all_posts():
        there = post.topic.section_id in max.moderates
        assert permissions.is_staff_in(max, post.topic.section) is there
        for right in STAFF_PERMISSIONS:
            assert right(max, post) is (there and right(noor, post))
        if not there:
            assert not permissions.can_edit(max, post) or post.author_id == max.pk
            assert not permissions.can_remove(max, post) or post.author_id == max.pk
            assert not permissions.can_restore(max, post)
        else:
            assert permissions.can_edit(max, post)
            assert permissions.can_remove(max, post) is not post.is_removed


@pytest.mark.slow
def test_suspended_user_has_only_the_permissions_of_a_guest(people, all_content):
    acts = [getattr(permissions, name) for name in dir(permissions) if name.startswith("can_")]
    acts = [act for act in acts if act.__code__.co_argcount > 1 and act is not permissions.can_read_histories]
    suspended = [person for person in people if person.is_authenticated and person.is_suspended]
    assert len(suspended) == 3
    guest = people[0]
    for person, post, act in itertools.product(suspended, all_posts(), acts):
        section, topic = post.topic.section, post.topic
        pending = PendingPost(author=person, section=section, topic=topic)
        things = {"section": section, "topic": topic, "pending": pending}
        thing = things.get(act.__code__.co_varnames[1], post)
        if act is permissions.can_see_attachment:
            thing = Attachment(post=post, owner=person)
        assert act(person, thing) is act(guest, thing), act


@pytest.mark.slow
def test_silenced_moderator_cannot_write_but_can_report_and_bookmark(people, all_content):
    """A silenced moderator is staff in half the sections: the rule applies there too."""
    quiet = people[-1]
    writing = (
        permissions.can_edit,
        permissions.can_restore,
        permissions.can_thank,
        permissions.can_always_show,
        permissions.can_vote,
        permissions.can_quote,
    )
    posts = all_posts()
    for post in posts:
        assert not any(right(quiet, post) for right in writing)
        assert not permissions.can_rename(quiet, post.topic)
        assert not permissions.can_reply(quiet, post.topic)
        assert not permissions.can_start_topic(quiet, post.topic.section)
    assert any(permissions.can_report(quiet, post) for post in posts)
    assert any(permissions.can_bookmark(quiet, post) for post in posts)
