"""/manage/members/: find members and change their role."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import roles
from accounts.access.decorators import MemberRequest, admins_only
from accounts.directory.forms import RoleForm
from accounts.directory.sorting import sorting_of
from accounts.models import Group, User
from core.text.name_keys import name_key
from core.web.form_pages import errors_shown_in, form_page, post_data
from core.web.keyset_pagination import id_in_query, page_after

MEMBERS_PER_PAGE = 50
QUERY_MAX = 200
ROLE_CHANGED = {
    User.Role.MEMBER: gettext_lazy("%(name)s is now a member."),
    User.Role.MODERATOR: gettext_lazy("%(name)s is now a moderator."),
    User.Role.ADMIN: gettext_lazy("%(name)s is now an admin."),
}


@require_safe
@admins_only
def members(request: MemberRequest) -> HttpResponse:
    """Lists members. `?sort=` is the order, `?q=` a part of the name, `?before=` the id after which the page begins."""
    query = request.GET.get("q", "")[:QUERY_MAX].strip()
    sorting = sorting_of(request, q=query)
    page = page_after(
        _find_members(query), sorting.order, after=id_in_query(request, "before"), size=MEMBERS_PER_PAGE
    )
    return render(
        request,
        "accounts/directory/members.html",
        {
            "members": page.rows,
            "query": query,
            "sorting": sorting,
            "next": page.last_id,
            "onward": page.last_id and sorting.onward(page.last_id),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def member(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(User, pk=pk)
    form = RoleForm(post_data(request), initial={"role": member.role})
    if form.is_valid():
        role, reason = form.cleaned_data["role"], form.cleaned_data["why"]
        with errors_shown_in(form, roles.LastAdminError):
            roles.change_role(member=member, role=role, by=request.user, reason=reason)
            changed = str(ROLE_CHANGED[role])
            messages.success(request, changed % {"name": member.name})
            return redirect("manage_member", pk)
    groups = Group.objects.filter(members=member)
    return form_page(request, "accounts/directory/member.html", form, member=member, groups=groups)


def _find_members(query: str) -> QuerySet[User]:
    if not query:
        return User.objects.all()
    # By name only. Finding a member by email is an action that is logged.
    return User.objects.filter(name_key__contains=name_key(query))
