from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import FormerName, User
from accounts.names import name_key
from forum import versions
from forum.models import Post

POSTS_SHOWN = 20
COUNTED_MAX = 1_000


@require_safe
def member(request: HttpRequest, name: str) -> HttpResponse:
    """A member and what they wrote, as far as the reader may see it."""
    key = name_key(name)
    member = User.objects.filter(name_key=key).first()
    if member is None:
        return redirect(get_object_or_404(FormerName.objects.select_related("user"), name_key=key).user)
    if member.name != name:
        return redirect(member)
    posts = Post.objects.visible_to(request.user).filter(author=member, removal=None)
    counted = posts.order_by()[: COUNTED_MAX + 1].count()
    shown = list(_before(posts, request).select_related("topic").order_by("-pk")[: POSTS_SHOWN + 1])
    page = render(
        request,
        "forum/member.html",
        {
            "member": member,
            "posts": shown[:POSTS_SHOWN],
            "older": shown[POSTS_SHOWN - 1].pk if len(shown) > POSTS_SHOWN else None,
            "count": f"{COUNTED_MAX:,}+" if counted > COUNTED_MAX else f"{counted:,}",
            "count_is_one": counted == 1,
        },
    )
    if "before" in request.GET and not posts.filter(pk=request.GET["before"]).exists():
        return page  # an address that Belfry writes nowhere: one of millions that show the same
    return versions.rest(page, versions.of_member(member), versions.of_lists())


def _before(posts, request: HttpRequest):  # type: ignore[no-untyped-def]
    """`?before=<id>`: the posts that are older than that one."""
    said = request.GET.get("before")
    if said is None:
        return posts
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise BadRequest("before is not a number")
    return posts.filter(pk__lt=int(said))
