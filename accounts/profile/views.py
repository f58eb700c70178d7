"""The member's own settings, username and account status."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, members_only
from accounts.access.restriction_messages import status_summary
from accounts.access.suspension import open_while_suspended
from accounts.models import Sanction
from accounts.profile import profile, rename as profile_rename
from accounts.profile.forms import SettingsForm, UsernameForm
from accounts.profile.taken_names import NameTaken
from core.web.form_pages import errors_shown_in, form_for, form_page


@require_safe
@members_only
def account(request: MemberRequest) -> HttpResponse:
    return redirect("account_settings")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def settings(request: MemberRequest) -> HttpResponse:
    saved = {"about": request.user.about, "time_zone": request.user.time_zone}
    form = form_for(request, SettingsForm, initial=saved)
    if form.is_valid():
        with errors_shown_in(form, profile.ChangedTooOften):
            profile.change_profile(by=request.user, **form.cleaned_data)
            messages.success(request, _("Settings saved."))
            return redirect("account_settings")
    return form_page(request, "accounts/profile/settings.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def name(request: MemberRequest) -> HttpResponse:
    form = form_for(request, UsernameForm, member=request.user)
    if form.is_valid():
        with errors_shown_in(form, NameTaken, profile_rename.TooSoon):
            profile_rename.rename(by=request.user, name=form.cleaned_data["name"])
            changed = _("Your username is now %(name)s. Links to your old username keep working.")
            messages.success(request, changed % form.cleaned_data)
            return redirect("account_settings")
    again_at = profile_rename.next_rename_at(request.user)
    return form_page(request, "accounts/profile/name.html", form, again_at=again_at)


@open_while_suspended
@require_safe
@members_only
def account_status(request: MemberRequest) -> HttpResponse:
    """Shows the member's sanctions and restrictions."""
    sanctions = Sanction.objects.filter(member=request.user).select_related("rule").order_by("-pk")
    context = {"sanctions": sanctions, "summary": status_summary(request.user)}
    return render(request, "accounts/profile/account_status.html", context)
