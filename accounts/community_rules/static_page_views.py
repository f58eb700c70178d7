"""/privacy/ and /contact/ for everyone; /manage/pages/ for admins."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, admins_only, posted
from accounts.community_rules import rules as ruling
from accounts.community_rules.forms import PageForm
from accounts.models import PlainPage
from core.web import preserved_input as kept


@require_safe
def shown(request: HttpRequest, name: str) -> HttpResponse:
    """Shows a custom page. A page without text has a note that says so."""
    page = PlainPage.objects.filter(name=name).first() or PlainPage(name=name)
    return render(request, "accounts/plain_page.html", {"page": page})


@require_safe
@admins_only
def manage_pages(request: MemberRequest) -> HttpResponse:
    written = {page.name: page for page in PlainPage.objects.select_related("changed_by")}
    pages = [written.get(name) or PlainPage(name=name, version=0) for name in PlainPage.Name.values]
    return render(request, "accounts/manage/pages.html", {"pages": pages})


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def manage_page(request: MemberRequest, name: str) -> HttpResponse:
    if name not in PlainPage.Name.values:
        raise Http404
    page = PlainPage.objects.filter(name=name).first()
    form = PageForm(posted(request), page=page, typed=kept.take(request))
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            page = ruling.change_page(name=name, by=request.user, **form.cleaned_data)
        except ruling.PageMovedOn as moved:
            status = 409
            form.restart_from("version", moved.page.version)
            form.add_error(
                "text", _("Another admin changed this page meanwhile. Save again to replace their version.")
            )
        else:
            messages.success(request, _("Saved the page %(title)s.") % {"title": page.title})
            return redirect(page)
    shown = {"form": form, "page": page or PlainPage(name=name)}
    return render(request, "accounts/manage/page.html", shown, status=status)
