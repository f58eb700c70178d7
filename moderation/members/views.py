"""Pages below /moderation/members/: the list, the history of a member, notes, and looking up IP addresses and email."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, staff_only
from accounts.directory.sorting import sorting_of
from accounts.models import User
from core.web.form_pages import errors_shown_in, form_for, form_page
from core.web.keyset_pagination import id_in_query, page_after
from forum.access.require import require
from moderation.access import permissions
from moderation.members import lookup as members_lookup, member_file
from moderation.members.forms import LookUpForm, LookUpReasonForm, NoteForm
from moderation.members.staff_notes import note_member

MAX_QUERY = 60


@require_safe
@staff_only
def members_list(request: MemberRequest) -> HttpResponse:
    """The list, newest first or in the order of `?sort=`. `?q=` is the beginning of a name, `?show=` a kind of members,
    and `?before=` the id after which the page starts."""
    query, kind = request.GET.get("q", "")[:MAX_QUERY].strip(), request.GET.get("show", "")
    kind = kind if kind in member_file.FILTERS else ""
    sorting = sorting_of(request, q=query, show=kind)
    page = page_after(member_file.search(query, kind), sorting.order, after=id_in_query(request, "before"))
    context = {"page": page, "query": query, "kind": kind, "filters": member_file.FILTERS, "sorting": sorting}
    context["onward"] = page.last_id and sorting.onward(page.last_id)
    return render(request, "moderation/members/members.html", context)


@require_safe
@staff_only
def member(request: MemberRequest, who: str) -> HttpResponse:
    member = member_or_404(who)
    if member.name != who:
        return redirect("moderation:member", member.name)
    return _show(request, member, NoteForm())


@require_POST
@staff_only
def note(request: MemberRequest, who: str) -> HttpResponse:
    member = member_or_404(who)
    require(permissions.can_read_notes(request.user, member))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, member, form)
    note_member(member=member, by=request.user, **form.cleaned_data)
    messages.success(request, _("Note added. Only staff can see it."))
    return redirect("moderation:member", member.name)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@never_cache
def look_up_member(request: MemberRequest, who: str) -> HttpResponse:
    """Shows the result in the response to the POST, so that it has no URL."""
    member = member_or_404(who)
    require(permissions.can_act_on_account(request.user, member))
    form = form_for(request, LookUpReasonForm)
    private_data = None
    if form.is_valid():
        reason = form.cleaned_data["why"]
        private_data = members_lookup.look_up_member(member=member, by=request.user, reason=reason)
    return form_page(
        request, "moderation/members/look_up_member.html", form, member=member, private_data=private_data
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@never_cache
def look_up(request: MemberRequest) -> HttpResponse:
    require(permissions.can_look_up_ip_or_email(request.user))
    form = form_for(request, LookUpForm)
    members = None
    if form.is_valid():
        query, reason = form.cleaned_data["said"], form.cleaned_data["why"]
        with errors_shown_in(form, members_lookup.InvalidQuery):
            members = members_lookup.look_up(query=query, by=request.user, reason=reason)
    limit = members_lookup.MAX_SHOWN
    return form_page(request, "moderation/members/look_up.html", form, members=members, limit=limit)


def member_or_404(who: str) -> User:
    """Returns the member with this name, former name or id. Responds with 404 if there is none."""
    member = member_file.find_member(who)
    if member is None:
        raise Http404
    return member


def _show(request: MemberRequest, member: User, form: NoteForm) -> HttpResponse:
    file = member_file.member_file(member, request.user)
    return form_page(request, "moderation/members/member.html", form, file=file, member=member)
