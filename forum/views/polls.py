"""Vote in the poll of a topic, and take that back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.asking import MemberRequest, members_only
from forum import voting
from forum.models import Topic
from forum.poll_forms import VoteForm
from forum.views.topics import visible_topic


@require_POST
@members_only
def vote(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = _with_poll(request, pk)
    poll = voting.require_may_vote(request.user, topic)
    form = VoteForm(request.POST, poll=poll)
    if not form.is_valid():
        return render(request, "forum/vote.html", {"topic": topic, "form": form}, status=422)
    voting.vote(topic=topic, by=request.user, options=form.cleaned_data["option"])
    messages.success(request, "Your vote is counted.")
    return redirect(f"{topic.get_absolute_url()}#poll")


@require_POST
@members_only
def unvote(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = _with_poll(request, pk)
    voting.take_vote_back(topic=topic, by=request.user)
    messages.success(request, "Your vote is taken back.")
    return redirect(f"{topic.get_absolute_url()}#poll")


def _with_poll(request: MemberRequest, pk: int) -> Topic:
    topic = visible_topic(request.user, pk)
    if not topic.has_poll:
        raise Http404
    return topic
