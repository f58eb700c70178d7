"""/moderation/waiting/: what waits for approval, oldest first; letting in and refusing, one or many."""

from collections.abc import Callable, Iterable

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, posted, staff_only
from core.web import preserved_input as kept
from core.web.keyset_pagination import asked_id, oldest_first
from core.web.request_values import is_number
from core.web.times import exact
from forum.access.errors import NotAllowed
from forum.approval import display as shown_waiting
from forum.models import WaitingPost
from moderation.access.errors import AlreadyLookedAt, CannotBeLetIn
from moderation.approval import approve as approving
from moderation.approval.forms import RefuseWaitingForm
from moderation.web.select_all import asks_for_all, query_without_all

AT_ONCE = 100
LET_IN = ("%d text let in.", "%d texts let in.")
REFUSED = ("%d text refused.", "%d texts refused.")
DEEDS = {"let_in": "let in", "refused": "refused", "taken_back": "taken back"}


@require_safe
@staff_only
def waiting_texts(request: MemberRequest) -> HttpResponse:
    found = WaitingPost.objects.to_settle_for(request.user).with_place()
    page = oldest_first(found, after=asked_id(request, "after"))
    shown = {
        "page": page,
        "lines": shown_waiting.lines(page.rows, request.user),
        "long_since": timezone.now() - approving.LONG,
        "form": RefuseWaitingForm(reason_required=True),
        "all": asks_for_all(request),
        "query": query_without_all(request),
    }
    return render(request, "moderation/waiting.html", shown)


@require_POST
@staff_only
def let_in(request: MemberRequest) -> HttpResponse:
    chosen = _chosen(request, request.POST)
    _do_each(request, chosen, lambda one: approving.let_in(waiting=one, by=request.user), LET_IN)
    return redirect("moderation:waiting")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def refuse(request: MemberRequest) -> HttpResponse:
    """`?waiting=` are the numbers of texts; `?by=` the number of a member, for all of theirs. The form names each that
    was shown: what they sent meanwhile is not refused unread."""
    is_asked = request.method != "POST"
    if is_asked and "by" in request.GET:
        chosen = _all_by(request, request.GET["by"])
    else:
        chosen = _chosen(request, request.GET if is_asked else request.POST)
    form = RefuseWaitingForm(posted(request), initial=kept.take(request), reason_required=True)
    if not is_asked and form.is_valid():
        reason = form.cleaned_data["reason"]
        _do_each(
            request,
            chosen,
            lambda one: approving.refuse(waiting=one, by=request.user, reason=reason),
            REFUSED,
        )
        return redirect("moderation:waiting")
    shown = {"lines": shown_waiting.lines(chosen, request.user), "form": form}
    return render(request, "moderation/refuse_waiting.html", shown, status=422 if form.is_bound else 200)


def _chosen(request: MemberRequest, asked: QueryDict) -> list[WaitingPost]:
    """Those of them that this person may see, settled or not."""
    numbers = [int(said) for said in asked.getlist("waiting") if is_number(said, digits=18)][:AT_ONCE]
    seen = WaitingPost.objects.visible_to(request.user).with_place().order_by("pk")
    return list(seen.filter(pk__in=numbers)) if numbers else []


def _all_by(request: MemberRequest, author: str) -> list[WaitingPost]:
    """All that wait of a member, as far as this person may see them."""
    seen = WaitingPost.objects.visible_to(request.user).with_place().order_by("pk")
    return list(seen.waiting().filter(author=int(author))[:AT_ONCE]) if is_number(author, digits=18) else []


def _do_each(
    request: MemberRequest,
    chosen: Iterable[WaitingPost],
    act: Callable[[WaitingPost], object],
    deed: tuple[str, str],
) -> None:
    """Each in a transaction of its own: what cannot be done to one is no reason for the others."""
    done = 0
    for one in chosen:
        try:
            act(one)
        except AlreadyLookedAt as refusal:
            messages.warning(request, _already(refusal.waiting))
        except CannotBeLetIn as refusal:
            messages.warning(request, f"“{one.heading}” by {one.author.name} waits on: {refusal.why}.")
        except NotAllowed:
            messages.warning(request, f"“{one.heading}” is not yours to decide about.")
        else:
            done += 1
    if done:
        messages.success(request, ngettext(*deed, done) % done)
    elif not chosen:
        messages.warning(request, "Choose at least one text first.")


def _already(waiting: WaitingPost) -> str:
    who = waiting.settled_by.name if waiting.settled_by else ""
    when = exact(waiting.settled_at) if waiting.settled_at else ""
    return f"“{waiting.heading}” was {DEEDS[waiting.outcome]} already by {who}, {when}."
