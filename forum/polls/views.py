"""Vote in the poll of a topic, and remove the vote."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access.decorators import MemberRequest, members_only
from core.web.request_values import wants_json
from forum.access.lookup import visible_topic
from forum.models import Topic
from forum.polls import vote as polls_vote
from forum.polls.forms import VoteForm
from forum.web.act_done import ActionDone


@require_POST
@members_only
def vote(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = _with_poll(request, pk)
    poll = polls_vote.require_may_vote(request.user, topic)
    form = VoteForm(request.POST, poll=poll)
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse({"error": form.errors["option"][0]}, status=422)
        return render(request, "forum/polls/vote.html", {"topic": topic, "form": form}, status=422)
    polls_vote.vote(topic=topic, by=request.user, options=form.cleaned_data["option"])
    return ActionDone(f"{topic.get_absolute_url()}#voting", subject=topic, announcement=_("Vote saved."))


@require_POST
@members_only
def unvote(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = _with_poll(request, pk)
    polls_vote.retract_vote(topic=topic, by=request.user)
    return ActionDone(f"{topic.get_absolute_url()}#voting", subject=topic, announcement=_("Vote removed."))


def _with_poll(request: MemberRequest, pk: int) -> Topic:
    topic = visible_topic(request.user, pk)
    if not topic.has_poll:
        raise Http404
    return topic
