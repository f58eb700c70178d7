"""Pages for staff notes in topics."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.decorators import MemberRequest, members_only
from core.web.form_pages import form_for, form_page
from core.web.request_values import is_number
from forum.access import permissions
from forum.models import Post, StaffReply
from moderation.access.lookup import managed_topic
from moderation.posts.forms import StaffReplyForm
from moderation.posts.staff_replies import add_staff_note, remove_staff_note


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def write(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """Adds a note to the post with the id in `?post=`, or to the newest post."""
    topic = managed_topic(request, pk, permissions.can_read_staff_replies)
    post_id = request.GET.get("post", "")
    posts = topic.posts.with_details().defer("body", "html")
    target = posts.filter(pk=int(post_id)).first() if is_number(post_id, digits=18) else None
    target = target or posts.order_by("-position")[0]
    form = form_for(request, StaffReplyForm, initial={"post": target.pk})
    if form.is_valid():
        post = get_object_or_404(Post.objects.filter(topic=topic), pk=form.cleaned_data["post"])
        body, key = form.cleaned_data["body"], form.cleaned_data["submission_key"]
        reply = add_staff_note(post=post, by=request.user, body=body, submission_key=key)
        messages.success(request, _("Note added. Only staff can see it."))
        return redirect(reply.post)
    return form_page(request, "moderation/posts/staff_note.html", form, topic=topic, post=target)


@require_POST
@members_only
def remove(request: MemberRequest, pk: int, slug: str, reply: int) -> HttpResponse:
    topic = managed_topic(request, pk, permissions.can_read_staff_replies)
    note = get_object_or_404(StaffReply.objects.visible_to(request.user).filter(topic=topic), pk=reply)
    remove_staff_note(reply=note, by=request.user)
    messages.success(request, _("Note removed. It is no longer shown, but stays in the database."))
    return redirect(note.post)
