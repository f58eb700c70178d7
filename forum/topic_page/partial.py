"""What a small act changes on the topic page: those parts of it alone, each with its id, by the same templates. A
script puts them in the place of the old ones (static/js/in-place.js)."""

from typing import Any

from django.template.loader import render_to_string

from accounts.models import User
from forum.models import Post, Topic
from forum.polls import polls as polling, vote as voting
from forum.thanks.thank import name_those_who_thank
from forum.topic_page.page import post_acts
from forum.topic_page.reader_marks import NOTHING, own_act, own_on


def thanks(post: Post, person: User, csrf_token: Any) -> str:
    """The button that thanks or takes it back, and who thanks now."""
    post = Post.objects.with_marks().with_topic().get(pk=post.pk)
    own = own_on(person, [post]).get(post.pk, NOTHING)
    name_those_who_thank([post])
    who = {"post": post, "acts": post_acts(post, person), "own": own}
    return own_act("thank", post, own, csrf_token) + render_to_string("forum/parts/who_thanks.html", who)


def saving(post: Post, person: User, csrf_token: Any) -> str:
    """The button that saves, or the one that takes off the list."""
    return own_act("save", post, own_on(person, [post]).get(post.pk, NOTHING), csrf_token)


def poll(topic: Topic, person: User, csrf_token: Any) -> str:
    """The poll as it stands for this person now."""
    topic = Topic.objects.with_state().get(pk=topic.pk)
    original = topic.posts.with_marks().get(position=1)
    original.topic = topic
    polling.put_poll_on([original], topic)
    votes = voting.votes_of(person, topic.poll)
    ballot = polling.ballot(topic.poll, original, person, votes)
    shown = {"poll": topic.poll, "ballot": ballot, "csrf_token": csrf_token}
    return render_to_string("forum/parts/poll.html", shown)
