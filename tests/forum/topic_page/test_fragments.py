"""Topic pages put together from shared fragments are, to the letter, what the plain templates give."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from core.web import page_slots as slots
from forum.access.permissions import can_read_text, is_staff_in
from forum.bookmarks import bookmark as saving
from forum.composer import composer as composing
from forum.composer.contexts import Answering
from forum.composer.forms import ReplyForm
from forum.drafts import store as drafts
from forum.models import Highlight, Poll, Section, Topic
from forum.polls import polls as polling, vote as voting
from forum.polls.polls import PollTerms
from forum.posts import edit as editing
from forum.quotes.display import quotes_in, text_of
from forum.read_state import unread
from forum.thanks import thank as thanking
from forum.topic_page import fragment_cache as fragments, moderator_actions as recorded, render as showing
from forum.topic_page.fragment_cache import fragment_of
from forum.topic_page.moved_posts import put_places_left
from forum.topic_page.page import PostLine, TopicPage, post_acts, topic_acts
from forum.topic_page.page_state import standing_of
from forum.topic_page.reader_marks import NOTHING, own_on
from forum.web.pagination import Pages
from moderation.posts import highlight as highlighting, remove as removing
from moderation.topics import close as closing, pin as pinning, split as splitting, timers as timing
from tests.conftest import answer, start

pytestmark = pytest.mark.django_db

TOKENS = re.compile(r'(name="(?:csrfmiddlewaretoken|submission_key)" value=)"[^"]+"')


@pytest.fixture
def marked(news, talk, ada, ben, cleo, mia, noor) -> Topic:
    """A topic with every kind of mark."""
    asks = PollTerms(("Tea & <b>milk</b>", "Coffee"), "Which & <why>?", is_multiple=True, days=3)
    topic = start(talk, ada, "A <b>topic</b> & more", poll=asks)
    tea, coffee = topic.poll.options.values_list("pk", flat=True)
    for by, options in ((ben, [tea]), (cleo, [tea, coffee])):
        voting.vote(topic=topic, by=by, options=options)
    posts = [
        answer(topic, by, f"Number {number} of {by.name}.") for number, by in enumerate([ben, ada, mia] * 3)
    ]
    quotes = "\n\n".join(
        f"> [x wrote](/p/{post.pk}/?revision=1):\n> Number" for post in (posts[0], posts[6], posts[7])
    )
    answer(topic, mia, quotes)
    editing.edit_post(post=posts[0], by=ben, body="Better words", version=1, reason="")
    editing.edit_post(post=posts[1], by=mia, body="Staff's words", version=1, reason="Rude & long")
    highlighting.highlight(post=topic.posts.get(position=1), by=mia)
    for post in posts[2:6]:
        highlighting.highlight(post=post, by=noor)
    editing.edit_post(post=posts[3], by=ben, body="Edited after it", version=1, reason="")
    removing.remove_post(post=posts[6], by=ben)
    removing.remove_post(post=posts[7], by=mia, reason="It named <somebody>.")
    pinning.pin_topic(topic=topic, by=mia)
    folded = [answer(topic, by, "Thank you!") for by in (cleo, ben)]
    for by in (ben, cleo, mia):
        thanking.thank_post(post=posts[1], by=by)
    thanking.thank_post(post=posts[0], by=ada)
    thanking.thank_post(post=folded[1], by=cleo)
    editing.edit_post(post=posts[1], by=ada, body="Ada's again", version=2)
    saving.save_post(post=posts[2], by=cleo, note="A note of mine")
    topic.refresh_from_db()
    return topic


def plain(topic: Topic, person, number: int = 1) -> str:
    """The page as its templates give it with nothing left open."""
    topic = Topic.objects.with_state().get(pk=topic.pk)
    posts = list(topic.posts.on_page(number).with_marks())
    quotes = quotes_in([text_of(post) for post in posts], person)
    for post in posts:
        post.html = quotes.fill(text_of(post), post.html)
    reached = person.is_authenticated and standing_of(person, topic.pk).reached
    for post in posts:
        post.topic = topic
    places = [unread.Place(post.position, post.posted_at, post.is_folded) for post in posts]
    begins = reached.news_begin_at(places) if reached else None
    put_places_left(posts, topic, number)
    thanking.name_those_who_thank(posts)
    polling.put_poll_on(posts, topic)
    own = own_on(person, posts)
    deeds = recorded.put_deeds_on(topic, posts)
    lines = [
        PostLine(
            post,
            can_read_text(person, post),
            post_acts(post, person),
            own.get(post.pk, NOTHING),
            reached.since if post.position == begins else None,
            post.poll and polling.ballot(post.poll, post, person, voting.votes_of(person, post.poll)),
            reached.read_before_edit(post, person) if reached else None,
            is_staff_in(person, topic.section),
        )
        for post in posts
    ]
    page = TopicPage(
        topic=topic,
        person=person,
        pages=Pages(number, topic.pages),
        posts=lines,
        highlights=list(Highlight.objects.of_topic(topic)),
        acts=topic_acts(topic, person),
        instead=topic.closure.read_instead if topic.is_closed else None,
        reading=unread.reading_of(topic, posts, reached, person, reached.as_of) if reached else None,
        news=unread.news_on_page(topic, places, reached) if reached else None,
        deeds=deeds,
        is_recorded=recorded.record_of(topic).exists(),
    )
    request = RequestFactory().get(topic.get_absolute_url())
    request.user, request.session = person, {}
    request._messages = []
    composer = "reply" in page.acts and composer_of(topic, person, request)
    context = {"page": page, "topic": topic, "composer": composer}
    with timezone.override(person.zone if person.is_authenticated else None):
        return render_to_string("forum/topic.html", context, request)


def composer_of(topic: Topic, person, request) -> composing.Composer:
    place = Answering(topic)
    draft = drafts.of(person, place.name)
    form = ReplyForm(initial=composing.fields_of(draft))
    return composing.compose(request, person, place, form, begun=composing.Begun(draft=draft))


MOMENT = re.compile(r"""(name="at" value="|&amp;at=)\d+""")
COUNT = re.compile(r"(>Unread)[^\n]*(</a>\n)")


def same(html: str) -> str:
    """Without what differs each time, and without the count that has just gone down by this topic."""
    return COUNT.sub(r"\1\2", MOMENT.sub(r"\1", TOKENS.sub(r"\1", html)))


def assert_all_as_plain(topic: Topic, people, sign_in) -> None:
    for person in [*people, AnonymousUser()]:
        client = sign_in(person if person.is_authenticated else None)
        for _ in range(2):  # made, and then kept
            expected = same(plain(topic, person))
            assert same(client.get(topic.get_absolute_url()).content.decode()) == expected
            assert slots.EDGE not in expected


def test_every_mark_for_everybody(marked, ada, ben, cleo, mia, noor, sign_in):
    cleo.time_zone = "Asia/Dubai"
    cleo.save()
    assert_all_as_plain(marked, [cleo, ada, ben, mia, noor], sign_in)


@pytest.mark.parametrize("audience", ["members", "staff"])
def test_and_where_some_may_read_histories(marked, ada, ben, cleo, mia, sign_in, audience):
    Section.objects.update(history_by=audience)
    Topic.objects.get(pk=marked.pk).change()
    assert_all_as_plain(marked, [cleo, ada, ben, mia], sign_in)


def test_and_closed(marked, talk, ada, ben, cleo, mia, sign_in):
    closing.close_topic(topic=marked, by=mia, reason="Done & over", read_instead=start(talk, ada))
    assert_all_as_plain(marked, [cleo, ada, ben, mia], sign_in)


def test_and_with_places_that_posts_have_left_and_on_terms(topic, talk, ada, ben, cleo, mia, sign_in):
    posts = [answer(topic, by, f"Number {number}.") for number, by in enumerate([cleo, ben, mia])]
    splitting.split_posts(topic=topic, posts=[p.pk for p in posts[:2]], section=talk, title="Aside", by=mia)
    timing.set_timer(topic=topic, by=mia, days=14)
    timing.slow_down(topic=topic, by=mia, minutes=10)
    cleo.time_zone = "Asia/Dubai"
    cleo.save()
    page = sign_in(cleo).get(topic.get_absolute_url()).content.decode()
    assert 'data-places-left="2"' in page
    assert "If nobody answers, closes" in page
    assert_all_as_plain(topic, [cleo, ada, ben, mia], sign_in)


@pytest.mark.parametrize("is_secret", [False, True])
def test_and_with_a_poll_that_is_over(marked, ada, ben, cleo, mia, sign_in, is_secret):
    Poll.objects.update(closes_at=timezone.now(), is_secret=is_secret)
    assert_all_as_plain(marked, [cleo, ada, ben, mia], sign_in)


def test_with_the_line_that_says_what_is_new(topic, cleo, ben, sign_in):
    sign_in(cleo).get(topic.get_absolute_url())
    answer(topic, ben)
    expected = same(plain(topic, cleo))
    assert "New since" in expected
    assert same(sign_in(cleo).get(topic.get_absolute_url()).content.decode()) == expected


def test_a_slot_that_nobody_fills_is_seen(topic, cleo, sign_in, monkeypatch):
    """The control: a forgotten slot is an error and never nothing."""
    filled = showing._in_posts
    monkeypatch.setattr(
        showing, "_in_posts", lambda *given: {k: fill for k, fill in filled(*given).items() if k != "removed"}
    )
    removing.remove_post(post=topic.posts.get(position=2), by=topic.posts.get(position=2).author)
    with pytest.raises(KeyError):
        sign_in(cleo).get(topic.get_absolute_url())


def test_what_is_kept_holds_no_removed_text(marked, ada, ben, mia, sign_in):
    for person in (None, ada, ben, mia):
        sign_in(person).get(marked.get_absolute_url())
    (fragment,) = fragments._kept._things.values()
    shared = (
        repr(fragment)
        + repr([post.__dict__ for post in fragment.posts])
        + repr(fragments._kept_with_acts._things)
    )
    frames = repr(list(showing._kept._things.values()))
    assert "Number 1 of ada" not in shared  # nor what was edited away
    assert "Number 8 of mia" in shared  # the control
    for removed in ("Number 6 of ben", "Number 7 of ada"):
        assert removed not in shared + frames
        assert removed in sign_in(mia).get(marked.get_absolute_url()).content.decode()


def test_nothing_of_one_reader_reaches_another(marked, ada, mia, cleo, sign_in):
    own = sign_in(mia).get(marked.get_absolute_url()).content.decode()
    assert "/u/mia/" in own
    page = sign_in(cleo).get(marked.get_absolute_url()).content.decode()
    for private in (
        '<summary class="me"><span>mia</span>',
        "Show the removed text",
        'data-act="highlight"',
        "Manage this",
    ):
        assert private in own
        assert private not in page
    tokens = [re.findall(r'csrfmiddlewaretoken" value="([^"]+)', html) for html in (own, page)]
    assert not set(tokens[0]) & set(tokens[1])


def test_a_new_name_or_role_shows_at_once(topic, ben, cleo, noor, sign_in):
    from accounts.access import roles
    from accounts.profile import rename as renaming

    client = sign_in(cleo)
    client.get(topic.get_absolute_url())
    renaming.rename(by=ben, name="benedict")
    assert "benedict" in client.get(topic.get_absolute_url()).content.decode()
    roles.change_role(member=ben, role="moderator", by=noor)
    assert '<span class="role">Moderator</span>' in client.get(topic.get_absolute_url()).content.decode()


def test_a_page_is_kept_for_its_version_alone(topic, ben):
    first = fragment_of(topic.pk, topic.version, 0, 1)
    assert fragment_of(topic.pk, topic.version, 0, 1) is first
    assert fragment_of(topic.pk, topic.version + 1, 0, 1) is not first
    assert fragment_of(topic.pk, topic.version, 1, 1) is not first


def test_all_forms_of_a_page_say_one_token(marked, cleo, sign_in):
    """Making one takes as long as everything else that a post's row needs of a page that is kept."""
    page = sign_in(cleo).get(marked.get_absolute_url()).content.decode()
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert len(tokens) > 4
    assert len(set(tokens)) == 1
