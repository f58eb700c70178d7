"""/t/<id>/<slug>/official/: all staff replies in a topic, oldest first, for everyone who can read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from core.web.keyset_pagination import ROWS_PER_PAGE, id_in_query
from forum.access.lookup import visible_topic
from forum.models import Post
from forum.models.planned_for import planned_for


@require_safe
def staff_replies(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    after = max(id_in_query(request, "after") or 0, 1)  # the original post is no reply
    staff = User.objects.exclude(role=planned_for(User.Role.MEMBER.value)).values("pk")
    replies = Post.objects.not_removed().filter(
        topic=planned_for(topic.pk), author__in=staff, position__gt=min(after, 2**31 - 1)
    )
    posts = list(replies.select_related("author").order_by("position")[: ROWS_PER_PAGE + 1])
    for post in posts:
        post.topic = topic
    return render(
        request,
        "forum/topic_page/staff_replies_page.html",
        {
            "topic": topic,
            "posts": posts[:ROWS_PER_PAGE],
            "is_first": after == 1,
            "after": posts[ROWS_PER_PAGE - 1].position if len(posts) > ROWS_PER_PAGE else None,
        },
    )
