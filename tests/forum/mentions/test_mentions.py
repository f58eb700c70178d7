"""`@name` links to a member: to whom, where, and where it stays text."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Group, User
from accounts.profile import rename as profile_rename
from core.text import render
from core.text.references import MentionedMember, References
from forum.access import permissions
from forum.models import Mention, Section, SectionGrant
from forum.posts.edit import edit_post
from tests.conftest import make_user, reply_to, start
from tests.payloads.dom import elements, faults
from tests.payloads.xss import CORE, PAYLOADS

pytestmark = pytest.mark.django_db


def mention_links(html: str) -> list[tuple[str, str]]:
    return [(a.text, a.get("href")) for a in elements(html) if a.tag == "a" and a.get("class") == "mention"]


def mentions_in_reply(topic, by, body: str) -> list[tuple[str, str]]:
    return mention_links(reply_to(topic, by, body).html)


def test_mention_links_to_the_member_page(topic, cleo, ada, ben):
    assert mentions_in_reply(topic, cleo, "Thanks @ada and @Ben!") == [
        ("@ada", "/u/ada/"),
        ("@Ben", "/u/ben/"),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ada.", ["@ada"]),
        ("Ask @ada... or (@ben), “@cleo”.", ["@ada", "@ben", "@cleo"]),
        ("@ada.lovelace. knows", ["@ada.lovelace"]),
        ("@ada.lovelace.knows", ["@ada.lovelace"]),
        ("@ada-who-knows", ["@ada"]),
        ("@ada's, @ben/@cleo", ["@ada", "@ben"]),
        ("*@ada* **_@ben_** @cleo_", ["@ada", "@ben", "@cleo"]),
        ("# @ada\n\n- @ben\n\n| @cleo |\n|---|\n| x |", ["@ada", "@ben", "@cleo"]),
        ("@鐘楼、ありがとう", ["@鐘楼"]),
        ("@adalovelace @a @ ada @nobody @@ada @-ada", []),
        ("mail@ada me.@ada x-@ada mail_@ada @ada@example.org <x@ada> ada@ben.example", []),
        ("`@ada` ``@ben``\n\n```\n@cleo\n```", []),
        (
            "[@ada](/x) [see *@ben*](/x) https://a.example/@ada www.a.example/@ada <https://a.example/@ben>",
            [],
        ),
        (r"\@ada &#64;ada", []),
        ("> @ada said\n>> @ben", []),
    ],
)
def test_mentions_are_recognized_in_text(topic, ada, ben, cleo, text, names):
    for name in ("ada.lovelace", "鐘楼"):
        make_user_called(name)
    assert [words for words, _ in mentions_in_reply(topic, cleo, text)] == names


def make_user_called(name: str) -> User:
    user = make_user(f"x{User.objects.count()}")
    user.set_name(name)
    user.save()
    return user


def test_post_links_at_most_ten_mentioned_members(topic, ada):
    people = [make_user(f"person{number}") for number in "abcdefghjkmn"]
    post = reply_to(topic, ada, " ".join(f"@{person.name} @{person.name}" for person in people))
    assert len(mention_links(post.html)) == 20
    assert post.html.count("@person") == 24
    assert set(post.mentions.values_list("member", flat=True)) == {person.pk for person in people[:10]}


def test_names_in_code_and_links_do_not_count_toward_the_mention_limit(topic, ada, cleo):
    text = " ".join(f"`@x{number}` [@y{number}](/x)" for number in range(200))
    assert mentions_in_reply(topic, cleo, f"{text} @ada") == [("@ada", "/u/ada/")]


def test_only_members_who_can_read_the_section_are_linked(topic, talk, ada, ben, cleo, mia):
    ringers = Group.objects.create(name="Ringers")
    ringers.members.add(ben)
    SectionGrant.objects.create(section=talk, group=ringers, act=SectionGrant.Act.READ)
    text = "@ada @ben @mia"
    for audience, names in [
        (Section.Audience.MEMBERS, ["@ada", "@ben", "@mia"]),
        (Section.Audience.GROUPS, ["@ben", "@mia"]),
        (Section.Audience.STAFF, ["@mia"]),
    ]:
        Section.objects.filter(pk=talk.pk).update(read_by=audience)
        topic.section.refresh_from_db()
        post = reply_to(topic, mia, text)
        assert [words for words, _ in mention_links(post.html)] == names, audience
        edited = edit_post(post=post, by=mia, body=f"{text}!", version=1)
        assert [words for words, _ in mention_links(edited.html)] == names, audience


def test_readers_condition_matches_can_read(talk, ada, ben, cleo, mia, noor):
    ringers, painters = Group.objects.create(name="Ringers"), Group.objects.create(name="Painters")
    ringers.members.add(ben)
    painters.members.add(cleo)
    SectionGrant.objects.create(section=talk, group=ringers, act=SectionGrant.Act.READ)
    SectionGrant.objects.create(section=talk, group=painters, act=SectionGrant.Act.REPLY)
    for audience in Section.Audience:
        talk.read_by = audience
        one_by_one = {user for user in User.objects.all() if permissions.can_read(user, talk)}
        assert set(User.objects.filter(talk.readers_condition())) == one_by_one, audience


def test_member_without_a_confirmed_email_is_not_linked(topic, ada):
    User.objects.create_user("newcomer", "newcomer@example.org", "a-bell-in-a-tower")
    assert mentions_in_reply(topic, ada, "@newcomer") == []


def test_former_name_links_to_the_renamed_member(topic, ada, ben, guest):
    post = reply_to(topic, ada, "@ben")
    profile_rename.rename(by=ben, name="benedict")
    assert guest.get(mention_links(post.html)[0][1])["Location"] == "/u/benedict/"
    assert mentions_in_reply(topic, ada, "@ben @benedict") == [
        ("@ben", "/u/benedict/"),
        ("@benedict", "/u/benedict/"),
    ]


def test_mention_rows_match_the_mentioned_members(topic, ada, ben, cleo, mia):
    post = reply_to(topic, ada, "@ben @ben @cleo @nobody")
    rows = post.mentions.values_list("member__name", flat=True)
    assert set(rows) == {"ben", "cleo"}
    edit_post(post=post, by=ada, body="@mia and @ben", version=1)
    assert set(rows.all()) == {"ben", "mia"}
    topic = start(topic.section, ada, body="@cleo")
    assert topic.posts.get().mentions.get().member == cleo


def test_mention_in_a_removed_post_is_visible_only_to_author_and_staff(topic, talk, ada, ben, mia):
    from moderation.posts.remove import remove_post

    post = reply_to(topic, ada, "@ben")
    assert Mention.objects.visible_to(ben).count() == 1
    remove_post(post=post, by=mia, reason="r")
    assert Mention.objects.visible_to(ben).count() == 0
    assert Mention.objects.visible_to(mia).count() == Mention.objects.visible_to(ada).count() == 1


def test_text_without_mentions_costs_no_mention_queries(topic, ada):
    def queries(body: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            reply_to(topic, ada, body)
        return len(captured)

    queries("What is asked once a process is asked now.")
    assert queries("Nobody.") == queries("`@ben` ada@example.org") == queries("@ben") - 3


HOSTILE = References(
    people={
        key: MentionedMember(1, f'/u/x/"onmouseover="alert(1)" x="{key}')
        for key in ("ada", "alert", "scrlpt", "svg")
    }
)


@pytest.mark.parametrize(
    "payloads", [PAYLOADS[::8], pytest.param(PAYLOADS, marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_xss_payload_beside_a_mention_is_harmless(payloads):
    for payload in payloads:
        for text in (f"@ada{payload}", f"{payload}@ada", f"@{payload}", f"[@ada {payload}](/x '@ada')"):
            assert faults(render(text, host="forum.example", refers_to=HOSTILE).html) == [], text
    assert len(CORE) > 5


def test_html_entities_cannot_produce_reserved_characters():
    html = render("&#xf5d1;img src=x onerror=alert(1)&#xf5d2; &#xf5d0;lt; &#0;", host="forum.example").html
    assert html == "<p>\ufffdimg src=x onerror=alert(1)\ufffd \ufffdlt; \ufffd</p>"
