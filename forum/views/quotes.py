from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts import turns
from accounts.asked import is_number, wants_json
from accounts.asking import MemberRequest, members_only
from accounts.models import User
from accounts.pace import Pace
from accounts.rates import Limit
from forum import posting
from forum.models import Post
from forum.quoting import quotable, quote_of
from forum.refusals import NotAllowed
from forum.views.posts import readable_post

# Hundreds of characters quoted from: all that one address may name, of full length, once a minute.
PACE = Pace(Limit("quote", 4_000, 60))


@require_safe
@members_only
def quote(request: MemberRequest, pk: int) -> HttpResponse:
    """To the answer that quotes this post; `?quote=` says there which posts. To a script, the quote alone."""
    post = readable_post(request.user, pk)
    posting.require_may_reply(request.user, post.topic)
    if post.is_removed:
        raise NotAllowed
    if wants_json(request):
        return JsonResponse({"quote": quotes_from([post], by=request.user)[0]})
    return redirect(f"{post.topic.url_for('reply')}?{urlencode({'quote': post.pk})}")


def quotes_from(posts: list[Post], *, by: User) -> list[str]:
    """What these posts say, each as a quote."""
    if not posts:
        return []
    PACE.spend(by=by, amount=sum(1 + len(post.body) // 100 for post in posts))
    with turns.turn(by=by, length=sum(len(post.body) for post in posts)):
        return [quote_of(post) for post in posts]


def asked_quotes(request: HttpRequest, by: User) -> list[Post]:
    """The posts of `?quote=1&quote=2` that this person may quote, in this order."""
    said = request.GET.getlist("quote")
    return quotable((int(pk) for pk in said if is_number(pk, digits=18)), by=by)
