"""The permalink of a post."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from forum.access.lookup import visible_post


@require_safe
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    post = visible_post(request.user, pk)
    return redirect(f"{post.url_on_page}#p{post.pk}")
