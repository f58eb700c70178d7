"""Quotes a post in a reply."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.access.decorators import MemberRequest, members_only
from accounts.models import User
from accounts.rate_limiting import turns
from accounts.rate_limiting.in_memory import InMemoryLimit
from accounts.rate_limiting.rate_counter import Limit
from core.web.request_values import is_number, wants_json
from forum.access.lookup import readable_post
from forum.access.require import require, require_may_reply
from forum.models import Post
from forum.quotes.create import quotable, quote_of

# Units of 100 characters: the posts that fit into one URL, at full length, once a minute.
RATE = InMemoryLimit(Limit("quote", 4_000, 60))


@require_safe
@members_only
def quote(request: MemberRequest, pk: int) -> HttpResponse:
    """Redirects to a reply that quotes this post, with `?quote=`. A script gets the quote."""
    post = readable_post(request.user, pk)
    require_may_reply(request.user, post.topic)
    require(not post.is_removed)
    if wants_json(request):
        return JsonResponse({"quote": quotes_from([post], by=request.user)[0]})
    return redirect(f"{post.topic.url_for('reply')}?{urlencode({'quote': post.pk})}")


def quotes_from(posts: list[Post], *, by: User) -> list[str]:
    """Returns each post as a quote in Markdown."""
    if not posts:
        return []
    RATE.spend(by=by, amount=sum(1 + len(post.body) // 100 for post in posts))
    with turns.exclusive_turn(by=by, length=sum(len(post.body) for post in posts)):
        return [quote_of(post) for post in posts]


def requested_posts(request: HttpRequest, by: User) -> list[Post]:
    """Returns the posts of `?quote=1&quote=2` that this person may quote, in this order."""
    numbers = request.GET.getlist("quote")
    return quotable((int(pk) for pk in numbers if is_number(pk, digits=18)), by=by)
