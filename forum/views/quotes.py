from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.asked import is_number, wants_json
from accounts.asking import MemberRequest, members_only
from accounts.models import User
from forum import posting
from forum.models import Post
from forum.quoting import quotable, quote_of
from forum.refusals import NotAllowed
from forum.views.posts import readable_post


@require_safe
@members_only
def quote(request: MemberRequest, pk: int) -> HttpResponse:
    """To the answer that quotes this post; `?quote=` says there which posts. To a script, the quote alone."""
    post = readable_post(request.user, pk)
    posting.require_may_reply(request.user, post.topic)
    if post.is_removed:
        raise NotAllowed
    if wants_json(request):
        return JsonResponse({"quote": quote_of(post)})
    return redirect(f"{post.topic.url_for('reply')}?{urlencode({'quote': post.pk})}")


def asked_quotes(request: HttpRequest, by: User) -> list[Post]:
    """The posts of `?quote=1&quote=2` that this person may quote, in this order."""
    said = request.GET.getlist("quote")
    return quotable((int(pk) for pk in said if is_number(pk, digits=18)), by=by)
