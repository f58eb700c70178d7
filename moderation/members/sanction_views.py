"""Pages that warn, silence and suspend a member, lift a sanction, and remove all posts of a member."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, staff_only
from accounts.models import Rule, Sanction, User
from core.web.form_pages import form_for, form_page
from forum.access.require import require
from moderation.access import permissions
from moderation.access.errors import AlreadyLifted, AlreadySanctioned, NothingToRemove
from moderation.members import remove_all_posts as members_remove_all_posts
from moderation.members.forms import LiftForm, RemoveAllPostsForm, SanctionForm
from moderation.members.member_file import member_file
from moderation.members.sanction import (
    lift_sanction,
    silence_member,
    suspend_at_least,
    suspend_member,
    warn_member,
)
from moderation.members.views import member_or_404

IMPOSE: dict[Sanction.Kind, Callable[..., Sanction]] = {
    Sanction.Kind.WARNING: warn_member,
    Sanction.Kind.SILENCE: silence_member,
    Sanction.Kind.SUSPENSION: suspend_member,
}
SUCCESS_MESSAGES = {
    Sanction.Kind.WARNING: gettext_lazy("%(name)s was warned and notified."),
    Sanction.Kind.SILENCE: gettext_lazy("%(name)s was silenced and notified."),
    Sanction.Kind.SUSPENSION: gettext_lazy("%(name)s was suspended and signed out everywhere."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def warn(request: MemberRequest, who: str) -> HttpResponse:
    return _impose(request, who, Sanction.Kind.WARNING)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def silence(request: MemberRequest, who: str) -> HttpResponse:
    return _impose(request, who, Sanction.Kind.SILENCE)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def suspend(request: MemberRequest, who: str) -> HttpResponse:
    return _impose(request, who, Sanction.Kind.SUSPENSION)


def _impose(request: MemberRequest, who: str, kind: Sanction.Kind) -> HttpResponse:
    member = member_or_404(who)
    require(permissions.can_sanction(request.user, member, kind))
    earlier = list(Sanction.objects.filter(member=member).select_related("by", "rule").order_by("-pk")[:5])
    form = form_for(request, SanctionForm, initial={"seen": earlier[0].pk if earlier else 0}, kind=kind)
    context: dict[str, Any] = {"member": member, "kind": kind, "earlier": earlier, "error_message": ""}
    if form.is_valid():
        try:
            IMPOSE[kind](member=member, by=request.user, **form.arguments)
        except AlreadySanctioned as error:
            form.mark_as_seen(error.sanction)
            context |= {"error_message": error.explanation, "status": error.status}
        else:
            messages.success(request, SUCCESS_MESSAGES[kind] % {"name": member.name})
            return redirect("moderation:member", member.name)
    return form_page(request, "moderation/members/sanction.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def lift(request: MemberRequest, who: str, pk: int) -> HttpResponse:
    member = member_or_404(who)
    sanction = Sanction.objects.select_related("by", "rule", "lifted_by").filter(pk=pk, member=member).first()
    if sanction is None:
        raise Http404
    sanction.member = member
    require(permissions.can_lift(request.user, sanction))
    form = form_for(request, LiftForm)
    context: dict[str, Any] = {"member": member, "sanction": sanction, "error_message": ""}
    if not sanction.is_active:
        error = AlreadyLifted(sanction)
        context |= {"error_message": error.explanation, "status": error.status if form.is_bound else 200}
    elif form.is_valid():
        try:
            lift_sanction(sanction=sanction, by=request.user, **form.cleaned_data)
        except AlreadyLifted as error:
            context |= {"error_message": error.explanation, "status": error.status}
        else:
            message = _("The sanction was lifted. %(name)s was notified.")
            messages.success(request, message % {"name": member.name})
            return redirect("moderation:member", member.name)
    return form_page(request, "moderation/members/lift_sanction.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def remove_all_posts(request: MemberRequest, who: str) -> HttpResponse:
    member = member_or_404(who)
    require(permissions.can_act_on_account(request.user, member))
    form = form_for(request, RemoveAllPostsForm)
    context: dict[str, Any] = {"member": member, "error_message": ""}
    if form.is_valid():
        try:
            _remove_all_posts(request, member, **form.cleaned_data)
        except NothingToRemove as error:
            context |= {"error_message": error.explanation, "status": error.status}
        else:
            return redirect("moderation:member", member.name)
    file = member_file(member, request.user)
    return form_page(request, "moderation/members/remove_all_posts.html", form, file=file, **context)


def _remove_all_posts(
    request: MemberRequest, member: User, *, reason: str, rule: Rule | None, suspend: bool
) -> None:
    with transaction.atomic():
        if suspend:
            suspend_at_least(member=member, by=request.user, reason=reason, rule=rule)
        entry = members_remove_all_posts.remove_all_posts(
            member=member, by=request.user, reason=reason, rule=rule
        )
    count = len(entry.facts["after"]["posts"])
    if count <= members_remove_all_posts.MAX_IMMEDIATE:
        message = _("All posts by %(name)s were removed (%(count)s). You can undo this in the log.")
    else:
        message = _("All posts by %(name)s are being removed (%(count)s). You can undo this in the log.")
    messages.success(
        request, message % {"name": member.name, "count": members_remove_all_posts.removed_in_words(entry)}
    )
