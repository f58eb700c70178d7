"""Thank for a post, undo that, and always show a collapsed one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access.decorators import MemberRequest, members_only
from forum.access.lookup import readable_post
from forum.thanks import folding
from forum.thanks.thank import thank_post, undo_thanks
from forum.web.act_done import ActionDone


@require_POST
@members_only
def thank(request: MemberRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    thank_post(post=post, by=request.user)
    return ActionDone(
        post.actions_url, subject=post, announcement=_("You thanked %(name)s.") % {"name": post.author.name}
    )


@require_POST
@members_only
def unthank(request: MemberRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    undo_thanks(post=post, by=request.user)
    return ActionDone(post.actions_url, subject=post, announcement=_("Thanks removed."))


@require_POST
@members_only
def unfold(request: MemberRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    folding.always_show(post=post, by=request.user)
    messages.success(request, _("This reply will always be shown."))
    return redirect(post)
