"""The member's own settings, username and account status."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, members_only, post_data
from accounts.access.suspension import open_while_suspended, status_summary
from accounts.models import Sanction
from accounts.profile import profile, rename as profile_rename
from accounts.profile.forms import SettingsForm, UsernameForm
from accounts.profile.taken_names import NameTaken
from accounts.rate_limiting.limits import RateLimitExceeded
from core.web import preserved_input


@require_safe
@members_only
def account(request: MemberRequest) -> HttpResponse:
    return redirect("account_settings")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def settings(request: MemberRequest) -> HttpResponse:
    saved = {"about": request.user.about, "time_zone": request.user.time_zone}
    form = SettingsForm(post_data(request), initial={**saved, **preserved_input.pop(request)})
    if request.method == "POST" and form.is_valid():
        try:
            profile.change_profile(by=request.user, **form.cleaned_data)
        except RateLimitExceeded as refusal:
            return _too_fast(request, form, refusal.retry_after)
        messages.success(request, _("Settings saved."))
        return redirect("account_settings")
    return render(
        request, "accounts/profile/settings.html", {"form": form}, status=422 if form.errors else 200
    )


def _too_fast(request: MemberRequest, form: SettingsForm, retry_after: int) -> HttpResponse:
    """Returns the form with the input and an error."""
    too_often = ngettext(
        "You’ve changed this too often. Wait %(seconds)d second and save again.",
        "You’ve changed this too often. Wait %(seconds)d seconds and save again.",
        retry_after,
    )
    form.add_error("about", too_often % {"seconds": retry_after})
    answer = render(request, "accounts/profile/settings.html", {"form": form}, status=429)
    answer["Retry-After"] = str(retry_after)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def name(request: MemberRequest) -> HttpResponse:
    form = UsernameForm(post_data(request), initial=preserved_input.pop(request), member=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            profile_rename.rename(by=request.user, name=form.cleaned_data["name"])
        except NameTaken:
            form.add_error("name", _("This username was just taken."))
        except profile_rename.TooSoon:
            form.add_error(None, _("You can change your username once every 90 days."))
        else:
            changed = _("Your username is now %(name)s. Links to your old username keep working.")
            messages.success(request, changed % form.cleaned_data)
            return redirect("account_settings")
    return render(
        request,
        "accounts/profile/name.html",
        {"form": form, "again_at": profile_rename.next_rename_at(request.user)},
        status=422 if form.errors else 200,
    )


@open_while_suspended
@require_safe
@members_only
def account_status(request: MemberRequest) -> HttpResponse:
    """Shows the member's sanctions and restrictions."""
    sanctions = Sanction.objects.filter(member=request.user).select_related("rule").order_by("-pk")
    context = {"sanctions": sanctions, "summary": status_summary(request.user)}
    return render(request, "accounts/profile/account_status.html", context)
