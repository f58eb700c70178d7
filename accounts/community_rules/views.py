"""/rules/ for everyone, in every version; /manage/rules/ for admins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, admins_only
from accounts.community_rules.forms import RulesForm
from accounts.community_rules.rules import RulesConflict, publish_rules
from accounts.models import Rule, RulesVersion
from core.web import preserved_input
from core.web.form_pages import form_page, post_data, show_in


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Shows the current rules."""
    return _show(request, RulesVersion.objects.current())


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Shows one version of the rules, which may be the current one. Links to a rule lead here."""
    return _show(request, get_object_or_404(RulesVersion, number=number))


def _show(request: HttpRequest, shown: RulesVersion | None) -> HttpResponse:
    versions = list(RulesVersion.objects.order_by("-number"))
    context = {
        "shown": shown,
        "rules": shown.rules.order_by("number") if shown else [],
        "versions": versions,
        "is_current": shown is None or shown == versions[0],
    }
    return render(request, "accounts/community_rules/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def manage_rules(request: MemberRequest) -> HttpResponse:
    current = RulesVersion.objects.current()
    current_rules = list(Rule.objects.current())
    number = current.number if current else 0
    form = RulesForm(
        post_data(request), rules=current_rules, based_on=number, typed=preserved_input.pop(request)
    )
    if form.is_valid():
        try:
            published = publish_rules(by=request.user, **form.arguments)
        except RulesConflict as error:
            form.set_base_version("based_on", error.newest)
            show_in(form, error)
        else:
            if published == current:
                messages.info(request, _("Nothing changed, so no new version was published."))
            else:
                message = _("Published version %(number)d of the rules.")
                messages.success(request, message % {"number": published.number})
            return redirect("manage_rules")
    return form_page(request, "accounts/community_rules/edit_rules.html", form, current=current)
