"""One's own page of settings, and one's name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, members_only, posted
from accounts.models import Sanction
from accounts.profile import profile, rename as renaming
from accounts.profile.forms import NameForm, SettingsForm
from accounts.profile.taken_names import NameTaken
from accounts.rate_limiting import limits as rates
from core.web import preserved_input as kept


@require_safe
@members_only
def account(request: MemberRequest) -> HttpResponse:
    return redirect("account_settings")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def settings(request: MemberRequest) -> HttpResponse:
    stands = {"about": request.user.about, "time_zone": request.user.time_zone}
    form = SettingsForm(posted(request), initial={**stands, **kept.take(request)})
    if request.method == "POST" and form.is_valid():
        try:
            profile.change(by=request.user, **form.cleaned_data)
        except rates.TooFast as refusal:
            return _too_fast(request, form, refusal.retry_after)
        messages.success(request, "Saved.")
        return redirect("account_settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


def _too_fast(request: MemberRequest, form: SettingsForm, retry_after: int) -> HttpResponse:
    """The form again, with what was typed."""
    form.add_error(
        "about", f"You changed this very often. Please wait {retry_after} seconds, then save it again."
    )
    answer = render(request, "accounts/settings.html", {"form": form}, status=429)
    answer["Retry-After"] = str(retry_after)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def name(request: MemberRequest) -> HttpResponse:
    form = NameForm(posted(request), initial=kept.take(request), member=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            renaming.rename(by=request.user, name=form.cleaned_data["name"])
        except NameTaken:
            form.add_error("name", "This name was taken a moment ago.")
        except renaming.TooSoon:
            form.add_error(None, "You may change your name once in 90 days.")
        else:
            messages.success(request, f"You are {form.cleaned_data['name']} now. Your old name leads to you.")
            return redirect("account_settings")
    return render(
        request,
        "accounts/name.html",
        {"form": form, "again_at": renaming.may_rename_at(request.user)},
        status=422 if form.errors else 200,
    )


@require_safe
@members_only
def standing(request: MemberRequest) -> HttpResponse:
    """What staff decided about one's own account: a page that is there for who is suspended too."""
    sanctions = Sanction.objects.filter(member=request.user).select_related("rule").order_by("-pk")
    return render(request, "accounts/standing.html", {"sanctions": sanctions})
