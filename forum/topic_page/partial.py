"""The parts of a topic page that a small action changes, each with its id, from the same templates. A script replaces
the old parts with them (static/js/in-place.js)."""

from typing import Any

from django.template.loader import render_to_string

from accounts.models import User
from core.web.page_slots import fill_slots_with
from forum.models import Post, Topic
from forum.polls import polls as polls_polls
from forum.polls.vote import votes_of
from forum.thanks.thank import thanked_by
from forum.topic_page.page import post_actions
from forum.topic_page.reader_marks import NO_MARKS, action_with_state, changed_since, marks_on


def thanks(post: Post, person: User, csrf_token: Any) -> str:
    """Returns the thank button and who has thanked."""
    post = Post.objects.with_details().with_topic().get(pk=post.pk)
    marks = marks_on(person, [post]).get(post.pk, NO_MARKS)
    acts = post_actions(post, person)
    context = {"post": post, "acts": acts, "thanked_by": thanked_by([post]).get(post.pk, ())}
    note = changed_since(post, marks, may_read_history="history" in acts)
    with fill_slots_with({"changed-thanked": lambda _: note}):
        return action_with_state("thank", post, marks, csrf_token) + render_to_string(
            "forum/topic_page/who_thanks.html", context
        )


def bookmark(post: Post, person: User, csrf_token: Any) -> str:
    """Returns the bookmark button."""
    return action_with_state("save", post, marks_on(person, [post]).get(post.pk, NO_MARKS), csrf_token)


def poll(topic: Topic, person: User, csrf_token: Any) -> str:
    """Returns the poll as this person sees it now."""
    topic = Topic.objects.with_state().get(pk=topic.pk)
    original = topic.posts.with_details().get(position=1)
    original.topic = topic
    shown = polls_polls.shown_poll(topic, [original])
    if shown is None:
        return ""
    ballot = polls_polls.ballot(shown, original, person, votes_of(person, topic.poll))
    return polls_polls.render(ballot, csrf_token)
