"""The parts of a topic page that a small action changes, each with its id, from the same templates. A script replaces
the old parts with them (static/js/in-place.js)."""

from typing import Any

from django.template.loader import render_to_string

from accounts.models import User
from core.web import page_slots as slots
from forum.models import Post, Topic
from forum.polls import polls as polling, vote as voting
from forum.thanks.thank import who_thanks
from forum.topic_page.page import post_acts
from forum.topic_page.reader_marks import NOTHING, changed_since, own_act, own_on


def thanks(post: Post, person: User, csrf_token: Any) -> str:
    """Returns the thank button and who has thanked."""
    post = Post.objects.with_marks().with_topic().get(pk=post.pk)
    own = own_on(person, [post]).get(post.pk, NOTHING)
    acts = post_acts(post, person)
    shown = {"post": post, "acts": acts, "thanked_by": who_thanks([post]).get(post.pk, ())}
    changed = changed_since(post, own, may_read_history="history" in acts)
    with slots.filled_by({"changed-thanked": lambda _: changed}):
        return own_act("thank", post, own, csrf_token) + render_to_string(
            "forum/parts/who_thanks.html", shown
        )


def saving(post: Post, person: User, csrf_token: Any) -> str:
    """Returns the bookmark button."""
    return own_act("save", post, own_on(person, [post]).get(post.pk, NOTHING), csrf_token)


def poll(topic: Topic, person: User, csrf_token: Any) -> str:
    """Returns the poll as this person sees it now."""
    topic = Topic.objects.with_state().get(pk=topic.pk)
    original = topic.posts.with_marks().get(position=1)
    original.topic = topic
    shown = polling.shown_poll(topic, [original])
    if shown is None:
        return ""
    ballot = polling.ballot(shown, original, person, voting.votes_of(person, topic.poll))
    return polling.render(ballot, csrf_token)
