"""Topic pages are assembled from shared fragments, and show each of their readers what they must."""

import re

import pytest
from django.utils import timezone

from core.web import page_slots
from forum.bookmarks.bookmark import add_bookmark
from forum.models import Poll, Section, Topic
from forum.polls import vote as polls_vote
from forum.polls.polls import PollTerms
from forum.posts.edit import edit_post
from forum.thanks.thank import thank_post
from forum.topic_page import fragment_cache, render as topic_page_render
from forum.topic_page.fragment_cache import get_fragment
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from moderation.topics.pin import pin_topic
from moderation.topics.split import split_posts
from moderation.topics.timers import set_auto_close, set_slow_mode
from tests.conftest import reply_to, start
from tests.support.page import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic_with_all_marks(news, talk, ada, ben, cleo, mia, noor) -> Topic:
    """A topic with every kind of mark."""
    poll_terms = PollTerms(("Tea & <b>milk</b>", "Coffee"), "Which & <why>?", is_multiple=True, days=3)
    topic = start(talk, ada, "A <b>topic</b> & more", poll=poll_terms)
    tea, coffee = topic.poll.options.values_list("pk", flat=True)
    for by, options in ((ben, [tea]), (cleo, [tea, coffee])):
        polls_vote.vote(topic=topic, by=by, options=options)
    posts = [
        reply_to(topic, by, f"Number {number} of {by.name}.") for number, by in enumerate([ben, ada, mia] * 3)
    ]
    quotes = "\n\n".join(
        f"> [x wrote](/p/{post.pk}/?revision=1):\n> Number" for post in (posts[0], posts[6], posts[7])
    )
    reply_to(topic, mia, quotes)
    edit_post(post=posts[0], by=ben, body="Better words", version=1, reason="")
    edit_post(post=posts[1], by=mia, body="Staff's words", version=1, reason="Rude & long")
    highlight_post(post=topic.posts.get(position=1), by=mia)
    for post in posts[2:6]:
        highlight_post(post=post, by=noor)
    edit_post(post=posts[3], by=ben, body="Edited after it", version=1, reason="")
    remove_post(post=posts[6], by=ben)
    remove_post(post=posts[7], by=mia, reason="It named <somebody>.")
    pin_topic(topic=topic, by=mia)
    folded = [reply_to(topic, by, "Thank you!") for by in (cleo, ben)]
    for by in (ben, cleo, mia):
        thank_post(post=posts[1], by=by)
    thank_post(post=posts[0], by=ada)
    thank_post(post=folded[1], by=cleo)
    edit_post(post=posts[1], by=ada, body="Ada's again", version=2)
    add_bookmark(post=posts[2], by=cleo, note="A note of mine")
    topic.refresh_from_db()
    return topic


def page_of(client, topic: Topic) -> Page:
    """Returns the page, made anew and from the cache: both are the same."""
    fresh, cached = (client.get(topic.get_absolute_url()).text for _ in range(2))
    assert same(fresh) == same(cached)
    assert page_slots.EDGE not in fresh
    return Page(fresh)


TOKENS = re.compile(r'(name="(?:csrfmiddlewaretoken|submission_key)" value=)"[^"]+"')
TIMESTAMP = re.compile(r"""(name="at" value="|&amp;at=)\d+""")
UNREAD_COUNT = re.compile(r"(>Unread)[^\n]*(</a>\n)")


def same(html: str) -> str:
    """Removes what differs each time, and the count that has just gone down by this topic."""
    return UNREAD_COUNT.sub(r"\1\2", TIMESTAMP.sub(r"\1", TOKENS.sub(r"\1", html)))


def post_at(page: Page, position: int) -> Page:
    return page.one(f'article[data-position="{position}"]')


ACTIONS_ON_OTHERS = {"quote", "report", "save", "thank"}  # what a member does with another member's post
STAFF_ACTIONS = {"quote", "report", "save", "thank", "edit", "highlight", "remove", "staff_reply"}
STAFF_ACTIONS_ON_OWN = STAFF_ACTIONS - {"report", "thank"}


@pytest.mark.slow
def test_member_sees_own_actions_and_marks_on_each_post(topic_with_all_marks, cleo, sign_in):
    page = page_of(sign_in(cleo), topic_with_all_marks)
    assert {int(post["data-position"]): post.acts for post in page.all("article")} == {
        1: {"quote", "report", "save", "thank", "vote", "unvote"},
        2: ACTIONS_ON_OTHERS | {"history"},
        3: ACTIONS_ON_OTHERS - {"thank"} | {"history", "unthank"},
        4: ACTIONS_ON_OTHERS - {"save"} | {"unsave"},
        5: ACTIONS_ON_OTHERS | {"history"},
        6: ACTIONS_ON_OTHERS,
        7: ACTIONS_ON_OTHERS,
        8: set(),  # removed by its author
        9: set(),  # removed by staff
        10: ACTIONS_ON_OTHERS,
        11: ACTIONS_ON_OTHERS,
        12: {"quote", "save", "edit", "unfold", "remove"},  # Cleo's own
        13: ACTIONS_ON_OTHERS - {"thank"} | {"unthank"},
    }
    assert "Changed since you thanked" in post_at(page, 3).text
    assert [post_at(page, 1).text.count(f"Highlighted by {who}") for who in ("a moderator", "mia")] == [1, 0]
    assert post_at(page, 9).text.endswith(
        "was removed by a moderator, " + posting_time(page, 9) + ": It named <somebody>. #9"
    )
    assert post_at(page, 11).text.count("You can’t read the quoted post.") == 2
    assert not page.has(".rail [data-act]")


@pytest.mark.slow
def test_moderator_sees_staff_actions_names_and_removed_text(topic_with_all_marks, mia, sign_in):
    page = page_of(sign_in(mia), topic_with_all_marks)
    assert {int(post["data-position"]): post.acts for post in page.all("article")} == {
        1: STAFF_ACTIONS - {"highlight"} | {"unhighlight", "vote"},
        2: STAFF_ACTIONS | {"history"},
        3: STAFF_ACTIONS - {"thank"} | {"history", "unthank"},
        4: STAFF_ACTIONS_ON_OWN - {"highlight"} | {"unhighlight"},
        5: STAFF_ACTIONS | {"history", "unhighlight"},  # edited since, so its highlight can be confirmed
        6: STAFF_ACTIONS - {"highlight"} | {"unhighlight"},
        7: STAFF_ACTIONS_ON_OWN - {"highlight"} | {"unhighlight"},
        8: {"restore", "staff_reply"},
        9: {"restore", "staff_reply"},
        10: STAFF_ACTIONS_ON_OWN,
        11: STAFF_ACTIONS_ON_OWN,
        12: STAFF_ACTIONS | {"unfold"},
        13: STAFF_ACTIONS | {"unfold"},
    }
    assert "Highlighted by mia Moderator" in post_at(page, 1).text
    assert "Changed since you read it" in post_at(page, 5).text
    for position, text in ((8, "Number 6 of ben."), (9, "Number 7 of ada.")):
        assert post_at(page, position).one("details .post-body").text == text
    assert [post_at(page, 11).text.count(f"{who} wrote") for who in ("ben", "ada")] == [2, 1]
    assert {"close", "unpin", "move"} <= page.one(".rail").acts


def posting_time(page: Page, position: int) -> str:
    return post_at(page, position).one("time").text


@pytest.mark.slow
def test_typed_html_in_title_and_poll_is_escaped(topic_with_all_marks, cleo, sign_in):
    page = page_of(sign_in(cleo), topic_with_all_marks)
    assert page.one("h1").text == "A <b>topic</b> & more"
    poll = page.one(".poll")
    assert poll.one("h3").text == "Which & <why>?"
    assert poll.texts(".option") == ["Tea & <b>milk</b>", "Coffee"]
    assert [option["value"] for option in poll.all("meter")] == ["2", "1"]
    assert poll.texts("dd") == ["ben cleo", "cleo"]


@pytest.mark.slow
@pytest.mark.parametrize(("audience", "history_links"), [("everyone", 3), ("members", 3), ("staff", 0)])
def test_history_links_are_shown_to_allowed_readers_only(
    topic_with_all_marks, cleo, mia, sign_in, audience, history_links
):
    Section.objects.update(history_by=audience)
    Topic.objects.get(pk=topic_with_all_marks.pk).change()
    assert len(page_of(sign_in(mia), topic_with_all_marks).all("[data-act=history]")) == 3
    assert len(page_of(sign_in(cleo), topic_with_all_marks).all("[data-act=history]")) == history_links
    assert len(page_of(sign_in(None), topic_with_all_marks).all("[data-act=history]")) == (
        3 if audience == "everyone" else 0
    )


@pytest.mark.slow
def test_guest_sees_only_history_links_and_sign_in_note(topic_with_all_marks, sign_in):
    page = page_of(sign_in(None), topic_with_all_marks)
    assert set.union(*(post.acts for post in page.all("article"))) == {"history"}
    assert page.one(".after > .closure").text == "Sign in or sign up to reply."


@pytest.mark.slow
def test_closed_topic_shows_reason_and_continuation_link(topic_with_all_marks, talk, ada, cleo, mia, sign_in):
    close_topic(topic=topic_with_all_marks, by=mia, reason="Done & over", read_instead=start(talk, ada))
    for who, name in ((cleo, "a moderator"), (mia, "mia Moderator")):
        page = page_of(sign_in(who), topic_with_all_marks)
        assert "Done & over" in page.one(".notices").text
        assert name in page.one(".notices").text
        assert page.one(".after > .closure").text.endswith("Continue in Slow search.")
        assert "reply" not in page.acts


def test_moved_post_stubs_auto_close_and_reader_time_zone_are_shown(topic, talk, ben, cleo, mia, sign_in):
    posts = [reply_to(topic, by, f"Number {number}.") for number, by in enumerate([cleo, ben, mia])]
    split_posts(topic=topic, posts=[p.pk for p in posts[:2]], section=talk, title="Aside", by=mia)
    set_auto_close(topic=topic, by=mia, days=14)
    set_slow_mode(topic=topic, by=mia, minutes=10)
    cleo.time_zone = "Asia/Dubai"
    cleo.save()
    page = page_of(sign_in(cleo), topic)
    assert page.one(".moved-away")["data-places-left"] == "2"
    assert "if no one replies" in page.one(".facts").text
    assert "UTC+4" in post_at(page, 1).text


@pytest.mark.slow
@pytest.mark.parametrize("is_secret", [False, True])
def test_closed_poll_offers_no_voting(topic_with_all_marks, cleo, sign_in, is_secret):
    Poll.objects.update(closes_at=timezone.now(), is_secret=is_secret)
    poll = page_of(sign_in(cleo), topic_with_all_marks).one(".poll")
    assert poll.acts == set()
    assert poll.has("dl") is not is_secret


@pytest.mark.slow
def test_unread_line_and_new_link_are_shown(topic, cleo, ben, sign_in):
    client = sign_in(cleo)
    client.get(topic.get_absolute_url())
    reply_to(topic, ben)
    page = Page(client.get(topic.get_absolute_url()))
    assert page.one(".unread-line").text.startswith("New since")
    assert page.one(".facts .new")["href"] == "#new"


def test_unfilled_placeholder_raises_error(topic, cleo, sign_in, monkeypatch):
    """The control: a forgotten placeholder is an error, never nothing."""
    filled = topic_page_render._post_fillers
    monkeypatch.setattr(
        topic_page_render,
        "_post_fillers",
        lambda *given: {k: fill for k, fill in filled(*given).items() if k != "removed"},
    )
    remove_post(post=topic.posts.get(position=2), by=topic.posts.get(position=2).author)
    with pytest.raises(KeyError):
        sign_in(cleo).get(topic.get_absolute_url())


@pytest.mark.slow
def test_cached_fragments_contain_no_removed_text(topic_with_all_marks, ada, ben, mia, sign_in):
    for person in (None, ada, ben, mia):
        sign_in(person).get(topic_with_all_marks.get_absolute_url())
    (fragment,) = fragment_cache.fragment_of.cache.values()
    shared = (
        repr(fragment)
        + repr([post.__dict__ for post in fragment.posts])
        + repr(fragment_cache.with_actions.cache)
    )
    frames = repr(list(topic_page_render.cached_frame.cache.values()))
    assert "Number 1 of ada" not in shared  # nor text that an edit removed
    assert "Number 8 of mia" in shared  # the control
    for removed in ("Number 6 of ben", "Number 7 of ada"):
        assert removed not in shared + frames
        assert removed in sign_in(mia).get(topic_with_all_marks.get_absolute_url()).text


@pytest.mark.slow
def test_cached_page_leaks_nothing_between_readers(topic_with_all_marks, ada, mia, cleo, sign_in):
    own = sign_in(mia).get(topic_with_all_marks.get_absolute_url()).text
    assert "/u/mia/" in own
    page = sign_in(cleo).get(topic_with_all_marks.get_absolute_url()).text
    for private in (
        '<summary class="me"><span>mia</span>',
        "Show removed text",
        'data-act="highlight"',
        "Manage topic",
    ):
        assert private in own
        assert private not in page
    tokens = [re.findall(r'csrfmiddlewaretoken" value="([^"]+)', html) for html in (own, page)]
    assert not set(tokens[0]) & set(tokens[1])


def test_new_name_or_role_is_shown_at_once(topic, ben, cleo, noor, sign_in):
    from accounts.access import roles
    from accounts.profile import rename as profile_rename

    client = sign_in(cleo)
    client.get(topic.get_absolute_url())
    profile_rename.rename(by=ben, name="benedict")
    assert "benedict" in client.get(topic.get_absolute_url()).text
    roles.change_role(member=ben, role="moderator", by=noor)
    assert '<span class="role">Moderator</span>' in client.get(topic.get_absolute_url()).text


def test_fragment_is_cached_per_topic_version(topic, ben):
    first = get_fragment(topic.pk, topic.version, 0, 1)
    assert get_fragment(topic.pk, topic.version, 0, 1) is first
    assert get_fragment(topic.pk, topic.version + 1, 0, 1) is not first
    assert get_fragment(topic.pk, topic.version, 1, 1) is not first


@pytest.mark.slow
def test_all_forms_on_a_page_share_one_csrf_token(topic_with_all_marks, cleo, sign_in):
    """Masking a token takes as long as everything else that a post's row needs on a cached page."""
    page = sign_in(cleo).get(topic_with_all_marks.get_absolute_url()).text
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert len(tokens) > 4
    assert len(set(tokens)) == 1
