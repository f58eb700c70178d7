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

TOKENS = re.compile(r'(name="(?:csrfmiddlewaretoken|submission_key)" value=)"[^"]+"')


@pytest.fixture
def marked(news, talk, ada, ben, cleo, mia, noor) -> Topic:
    """A topic with every kind of mark."""
    asks = PollTerms(("Tea & <b>milk</b>", "Coffee"), "Which & <why>?", is_multiple=True, days=3)
    topic = start(talk, ada, "A <b>topic</b> & more", poll=asks)
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
    made, kept = (client.get(topic.get_absolute_url()).text for _ in range(2))
    assert same(made) == same(kept)
    assert page_slots.EDGE not in made
    return Page(made)


TOKENS = re.compile(r'(name="(?:csrfmiddlewaretoken|submission_key)" value=)"[^"]+"')
MOMENT = re.compile(r"""(name="at" value="|&amp;at=)\d+""")
COUNT = re.compile(r"(>Unread)[^\n]*(</a>\n)")


def same(html: str) -> str:
    """Removes what differs each time, and the count that has just gone down by this topic."""
    return COUNT.sub(r"\1\2", MOMENT.sub(r"\1", TOKENS.sub(r"\1", html)))


def post_at(page: Page, position: int) -> Page:
    return page.one(f'article[data-position="{position}"]')


OTHERS = {"quote", "report", "save", "thank"}  # what a member does with another member's post
STAFF = {"quote", "report", "save", "thank", "edit", "highlight", "remove", "staff_reply"}
OWN_OF_STAFF = STAFF - {"report", "thank"}


def test_a_member_finds_on_each_post_what_they_may_do_and_have_done(marked, cleo, sign_in):
    page = page_of(sign_in(cleo), marked)
    assert {int(post["data-position"]): post.acts for post in page.all("article")} == {
        1: {"quote", "report", "save", "thank", "vote", "unvote"},
        2: OTHERS | {"history"},
        3: OTHERS - {"thank"} | {"history", "unthank"},
        4: OTHERS - {"save"} | {"unsave"},
        5: OTHERS | {"history"},
        6: OTHERS,
        7: OTHERS,
        8: set(),  # removed by its author
        9: set(),  # removed by staff
        10: OTHERS,
        11: OTHERS,
        12: {"quote", "save", "edit", "unfold", "remove"},  # Cleo's own
        13: OTHERS - {"thank"} | {"unthank"},
    }
    assert "Changed since you thanked" in post_at(page, 3).text
    assert [post_at(page, 1).text.count(f"Highlighted by {who}") for who in ("a moderator", "mia")] == [1, 0]
    assert post_at(page, 9).text.endswith(
        "was removed by a moderator, " + moment(page, 9) + ": It named <somebody>. #9"
    )
    assert post_at(page, 11).text.count("You can’t read the quoted post.") == 2
    assert not page.has(".rail [data-act]")


def test_a_moderator_finds_theirs_with_names_and_removed_texts(marked, mia, sign_in):
    page = page_of(sign_in(mia), marked)
    assert {int(post["data-position"]): post.acts for post in page.all("article")} == {
        1: STAFF - {"highlight"} | {"unhighlight", "vote"},
        2: STAFF | {"history"},
        3: STAFF - {"thank"} | {"history", "unthank"},
        4: OWN_OF_STAFF - {"highlight"} | {"unhighlight"},
        5: STAFF | {"history", "unhighlight"},  # edited since, so its highlight can be confirmed
        6: STAFF - {"highlight"} | {"unhighlight"},
        7: OWN_OF_STAFF - {"highlight"} | {"unhighlight"},
        8: {"restore", "staff_reply"},
        9: {"restore", "staff_reply"},
        10: OWN_OF_STAFF,
        11: OWN_OF_STAFF,
        12: STAFF | {"unfold"},
        13: STAFF | {"unfold"},
    }
    assert "Highlighted by mia Moderator" in post_at(page, 1).text
    assert "Changed since you read it" in post_at(page, 5).text
    for position, text in ((8, "Number 6 of ben."), (9, "Number 7 of ada.")):
        assert post_at(page, position).one("details .post-body").text == text
    assert [post_at(page, 11).text.count(f"{who} wrote") for who in ("ben", "ada")] == [2, 1]
    assert {"close", "unpin", "move"} <= page.one(".rail").acts


def moment(page: Page, position: int) -> str:
    return post_at(page, position).one("time").text


def test_what_is_typed_is_words_wherever_it_stands(marked, cleo, sign_in):
    page = page_of(sign_in(cleo), marked)
    assert page.one("h1").text == "A <b>topic</b> & more"
    poll = page.one(".poll")
    assert poll.one("h3").text == "Which & <why>?"
    assert poll.texts(".option") == ["Tea & <b>milk</b>", "Coffee"]
    assert [option["value"] for option in poll.all("meter")] == ["2", "1"]
    assert poll.texts("dd") == ["ben cleo", "cleo"]


@pytest.mark.parametrize(("audience", "reads"), [("everyone", 3), ("members", 3), ("staff", 0)])
def test_histories_are_led_to_for_whoever_may_read_them(marked, cleo, mia, sign_in, audience, reads):
    Section.objects.update(history_by=audience)
    Topic.objects.get(pk=marked.pk).change()
    assert len(page_of(sign_in(mia), marked).all("[data-act=history]")) == 3
    assert len(page_of(sign_in(cleo), marked).all("[data-act=history]")) == reads
    assert len(page_of(sign_in(None), marked).all("[data-act=history]")) == (
        3 if audience == "everyone" else 0
    )


def test_guests_find_nothing_to_do(marked, sign_in):
    page = page_of(sign_in(None), marked)
    assert set.union(*(post.acts for post in page.all("article"))) == {"history"}
    assert page.one(".after > .closure").text == "Sign in or sign up to reply."


def test_a_closed_topic_says_why_and_leads_on(marked, talk, ada, cleo, mia, sign_in):
    close_topic(topic=marked, by=mia, reason="Done & over", read_instead=start(talk, ada))
    for who, name in ((cleo, "a moderator"), (mia, "mia Moderator")):
        page = page_of(sign_in(who), marked)
        assert "Done & over" in page.one(".notices").text
        assert name in page.one(".notices").text
        assert page.one(".after > .closure").text.endswith("Continue in Slow search.")
        assert "reply" not in page.acts


def test_places_that_posts_have_left_and_terms(topic, talk, ben, cleo, mia, sign_in):
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


@pytest.mark.parametrize("is_secret", [False, True])
def test_a_poll_that_is_over_takes_no_votes(marked, cleo, sign_in, is_secret):
    Poll.objects.update(closes_at=timezone.now(), is_secret=is_secret)
    poll = page_of(sign_in(cleo), marked).one(".poll")
    assert poll.acts == set()
    assert poll.has("dl") is not is_secret


def test_the_line_that_says_what_is_new(topic, cleo, ben, sign_in):
    client = sign_in(cleo)
    client.get(topic.get_absolute_url())
    reply_to(topic, ben)
    page = Page(client.get(topic.get_absolute_url()))
    assert page.one(".unread-line").text.startswith("New since")
    assert page.one(".facts .new")["href"] == "#new"


def test_a_slot_that_nobody_fills_is_seen(topic, cleo, sign_in, monkeypatch):
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


def test_what_is_kept_holds_no_removed_text(marked, ada, ben, mia, sign_in):
    for person in (None, ada, ben, mia):
        sign_in(person).get(marked.get_absolute_url())
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
        assert removed in sign_in(mia).get(marked.get_absolute_url()).text


def test_nothing_of_one_reader_reaches_another(marked, ada, mia, cleo, sign_in):
    own = sign_in(mia).get(marked.get_absolute_url()).text
    assert "/u/mia/" in own
    page = sign_in(cleo).get(marked.get_absolute_url()).text
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


def test_a_new_name_or_role_shows_at_once(topic, ben, cleo, noor, sign_in):
    from accounts.access import roles
    from accounts.profile import rename as profile_rename

    client = sign_in(cleo)
    client.get(topic.get_absolute_url())
    profile_rename.rename(by=ben, name="benedict")
    assert "benedict" in client.get(topic.get_absolute_url()).text
    roles.change_role(member=ben, role="moderator", by=noor)
    assert '<span class="role">Moderator</span>' in client.get(topic.get_absolute_url()).text


def test_a_page_is_kept_for_its_version_alone(topic, ben):
    first = get_fragment(topic.pk, topic.version, 0, 1)
    assert get_fragment(topic.pk, topic.version, 0, 1) is first
    assert get_fragment(topic.pk, topic.version + 1, 0, 1) is not first
    assert get_fragment(topic.pk, topic.version, 1, 1) is not first


def test_all_forms_of_a_page_say_one_token(marked, cleo, sign_in):
    """Masking a token takes as long as everything else that a post's row needs on a cached page."""
    page = sign_in(cleo).get(marked.get_absolute_url()).text
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert len(tokens) > 4
    assert len(set(tokens)) == 1
