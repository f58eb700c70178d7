"""Pages below /moderation/members/: the list, the history of a member, notes, and looking up IP addresses and email."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, post_data, staff_only
from accounts.directory.sorting import sorting_of as sorted_as_asked
from accounts.models import User
from core.web import preserved_input as kept
from core.web.keyset_pagination import id_in_query, page_after
from forum.access.errors import NotAllowed
from moderation.access import permissions
from moderation.members import lookup as looking_up, member_file as members, staff_notes as noting
from moderation.members.forms import LookUpForm, LookUpReasonForm, NoteForm

MAX_QUERY = 60


@require_safe
@staff_only
def members_list(request: MemberRequest) -> HttpResponse:
    """The list, newest first or in the order of `?sort=`. `?q=` is the beginning of a name, `?show=` a kind of members,
    and `?before=` the id after which the page starts."""
    said, kind = request.GET.get("q", "")[:MAX_QUERY].strip(), request.GET.get("show", "")
    kind = kind if kind in members.FILTERS else ""
    sorting = sorted_as_asked(request, q=said, show=kind)
    page = page_after(members.search(said, kind), sorting.order, after=id_in_query(request, "before"))
    shown = {"page": page, "said": said, "kind": kind, "filters": members.FILTERS, "sorting": sorting}
    shown["onward"] = page.last_id and sorting.onward(page.last_id)
    return render(request, "moderation/members.html", shown)


@require_safe
@staff_only
def member(request: MemberRequest, who: str) -> HttpResponse:
    about = member_or_404(who)
    if about.name != who:
        return redirect("moderation:member", about.name)
    return _show(request, about, NoteForm())


@require_POST
@staff_only
def note(request: MemberRequest, who: str) -> HttpResponse:
    about = member_or_404(who)
    require_permission(permissions.can_read_notes(request.user, about))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, about, form, status=422)
    noting.note_member(member=about, by=request.user, **form.cleaned_data)
    messages.success(request, _("Note added. Only staff can see it."))
    return redirect("moderation:member", about.name)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@never_cache
def look_up_member(request: MemberRequest, who: str) -> HttpResponse:
    """Shows the result in the response to the POST, so that it has no URL."""
    about = member_or_404(who)
    require_permission(permissions.can_act_on_account(request.user, about))
    form = LookUpReasonForm(post_data(request), initial=kept.pop(request))
    known = None
    if request.method == "POST" and form.is_valid():
        known = looking_up.look_up_member(member=about, by=request.user, **form.cleaned_data)
    shown = {"member": about, "form": form, "known": known}
    return render(request, "moderation/look_up_member.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@never_cache
def look_up(request: MemberRequest) -> HttpResponse:
    require_permission(permissions.can_look_up_ip_or_email(request.user))
    form = LookUpForm(post_data(request), initial=kept.pop(request))
    found = None
    if request.method == "POST" and form.is_valid():
        try:
            found = looking_up.look_up(by=request.user, **form.cleaned_data)
        except looking_up.InvalidQuery:
            form.add_error("said", _("Enter a valid IP address, network or email."))
    shown = {"form": form, "found": found, "most": looking_up.MAX_SHOWN}
    return render(request, "moderation/look_up.html", shown, status=422 if form.errors else 200)


def member_or_404(who: str) -> User:
    """Returns the member with this name, former name or id. Responds with 404 if there is none."""
    about = members.find_member(who)
    if about is None:
        raise Http404
    return about


def require_permission(may: bool) -> None:
    """Raises NotAllowed unless the person has the permission."""
    if not may:
        raise NotAllowed


def _show(request: MemberRequest, about: User, form: NoteForm, *, status: int = 200) -> HttpResponse:
    shown = {"file": members.member_file(about, request.user), "member": about, "form": form}
    return render(request, "moderation/member.html", shown, status=status)
