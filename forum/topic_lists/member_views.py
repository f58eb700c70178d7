from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access.permissions import can_remove_picture
from accounts.models import FormerName, User
from core.text.name_keys import name_key
from core.web.keyset_pagination import id_in_query, newest_first
from forum.approval.display import render_for_member
from forum.models import Post
from forum.web.page_versions import cache_with, of_lists, of_member

POSTS_SHOWN = 20
COUNTED_MAX = 1_000


@require_safe
def member(request: HttpRequest, name: str) -> HttpResponse:
    """A member’s profile and the posts that the reader can see."""
    key = name_key(name)
    member = User.objects.filter(name_key=key).first()
    if member is None:
        return redirect(get_object_or_404(FormerName.objects.select_related("user"), name_key=key).user)
    if member.name != name:
        return redirect(member)
    posts = Post.objects.visible_to(request.user).by(member).not_removed()
    post_count = posts.order_by("-pk")[
        : COUNTED_MAX + 1
    ].count()  # in the order of an index, so that it stays fast
    before = id_in_query(request, "before")
    page = newest_first(posts.select_related("topic"), before=before, size=POSTS_SHOWN)
    response = render(
        request,
        "forum/topic_lists/member.html",
        {
            "member": member,
            "posts": page.rows,
            "older": page.last_id,
            "is_first": page.is_first,
            # For search engines: the same for every reader.
            "summary_html": "" if member.is_new else member.about_html,
            "shows_about": not member.is_new or request.user == member or request.user.is_staff,
            "may_remove_picture": member.picture
            and member.pk != request.user.pk
            and can_remove_picture(request.user, member),
            "pending": render_for_member(request, member),
            "is_own": request.user == member,
            "has_hidden_bio": member.about_html and member.is_new and request.user == member,
            "post_count": post_count,
            "count": f"{COUNTED_MAX:,}+" if post_count > COUNTED_MAX else f"{post_count:,}",
        },
    )
    if before is not None and not posts.filter(pk=before).exists():
        return response  # a URL that no page links to; not cached, since millions of them would show the same
    return cache_with(response, of_member(member), of_lists())
