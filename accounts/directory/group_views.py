"""/manage/groups/: create and manage groups."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, admins_only
from accounts.directory.forms import GroupForm, GroupMemberForm
from accounts.directory.groups import (
    GroupInUse,
    GroupNameTaken,
    add_to_group,
    create_group,
    delete_group,
    remove_from_group,
    rename_group,
)
from accounts.models import Group, User
from core.web.form_pages import errors_shown_in, form_page, post_data


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def groups(request: MemberRequest) -> HttpResponse:
    """Lists the groups, with a form to create one."""
    form = GroupForm(post_data(request))
    if form.is_valid():
        with errors_shown_in(form, GroupNameTaken):
            group = create_group(name=form.cleaned_data["name"], by=request.user)
            messages.success(request, _("Created the group %(name)s.") % {"name": group.name})
            return redirect("manage_group", group.pk)
    all_groups = Group.objects.annotate(count=Count("members"))
    return form_page(request, "accounts/directory/groups.html", form, groups=all_groups)


@require_safe
@admins_only
def group(request: MemberRequest, pk: int) -> HttpResponse:
    return _show(request, get_object_or_404(Group, pk=pk))


@require_POST
@admins_only
def rename(request: MemberRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(Group, pk=pk)
    form = GroupForm(request.POST, group=group)
    if form.is_valid():
        with errors_shown_in(form, GroupNameTaken):
            rename_group(group=group, name=form.cleaned_data["name"], by=request.user)
            messages.success(request, _("Renamed the group to %(name)s.") % form.cleaned_data)
            return redirect("manage_group", pk)
    return _show(request, group, name_form=form)


@require_POST
@admins_only
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(Group, pk=pk)
    try:
        delete_group(group=group, by=request.user)
    except GroupInUse as error:
        messages.error(request, error.explanation)
        return _show(request, group, status=error.status)
    messages.success(request, _("Deleted the group %(name)s.") % {"name": group.name})
    return redirect("manage_groups")


@require_POST
@admins_only
def add_member(request: MemberRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(Group, pk=pk)
    form = GroupMemberForm(request.POST, auto_id="id_member_%s")
    if not form.is_valid():
        return _show(request, group, member_form=form)
    member = form.cleaned_data["name"]
    add_to_group(group=group, member=member, by=request.user)
    names = {"member": member.name, "group": group.name}
    messages.success(request, _("Added %(member)s to %(group)s.") % names)
    return redirect("manage_group", pk)


@require_POST
@admins_only
def remove_member(request: MemberRequest, pk: int, member_pk: int) -> HttpResponse:
    group, member = get_object_or_404(Group, pk=pk), get_object_or_404(User, pk=member_pk)
    remove_from_group(group=group, member=member, by=request.user)
    names = {"member": member.name, "group": group.name}
    messages.success(request, _("Removed %(member)s from %(group)s.") % names)
    return redirect("manage_group", pk)


def _show(
    request: MemberRequest,
    group: Group,
    *,
    name_form: GroupForm | None = None,
    member_form: GroupMemberForm | None = None,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "accounts/directory/group.html",
        {
            "group": group,
            "grants": group.grants.distinct("section").select_related("section"),
            "members": group.members.order_by("name_key"),
            "name_form": name_form or GroupForm(initial={"name": group.name}),
            "member_form": member_form or GroupMemberForm(auto_id="id_member_%s"),
        },
        status=422 if name_form or member_form else status,
    )
