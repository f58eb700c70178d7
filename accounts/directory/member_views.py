"""/manage/members/: find somebody, give or take a role."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import roles
from accounts.access.decorators import MemberRequest, admins_only, posted
from accounts.directory.forms import RoleForm
from accounts.directory.sorting import asked as sorted_as_asked
from accounts.models import Group, User
from core.text.name_keys import name_key
from core.web.keyset_pagination import asked_id, ordered

MEMBERS_PER_PAGE = 50
QUERY_MAX = 200
ROLES = {User.Role.MEMBER: "a member", User.Role.MODERATOR: "a moderator", User.Role.ADMIN: "an admin"}


@require_safe
@admins_only
def members(request: MemberRequest) -> HttpResponse:
    """Newest first, or as `?sort=` says. `?q=` finds by a part of the name, `?before=` an id shows what follows it."""
    said = request.GET.get("q", "")[:QUERY_MAX].strip()
    sorting = sorted_as_asked(request, q=said)
    page = ordered(_found(said), sorting.order, after=asked_id(request, "before"), size=MEMBERS_PER_PAGE)
    return render(
        request,
        "accounts/manage/members.html",
        {
            "members": page.rows,
            "said": said,
            "sorting": sorting,
            "next": page.last_id,
            "onward": page.last_id and sorting.onward(page.last_id),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def member(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(User, pk=pk)
    form = RoleForm(posted(request), initial={"role": member.role})
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            roles.change_role(member=member, by=request.user, **form.cleaned_data)
        except roles.LastAdmin:
            status = 409
            form.add_error(
                "role",
                f"There would be no admin left: {member.name} is the only one. Make another one first.",
            )
        else:
            messages.success(request, f"{member.name} is {ROLES[form.cleaned_data['role']]} now.")
            return redirect("manage_member", pk)
    return render(
        request,
        "accounts/manage/member.html",
        {"member": member, "form": form, "groups": Group.objects.filter(members=member)},
        status=status,
    )


def _found(said: str) -> QuerySet[User]:
    if not said:
        return User.objects.all()
    # By name alone: who has which e-mail address is looked up by an act that leaves a line in the log.
    return User.objects.filter(name_key__contains=name_key(said))
