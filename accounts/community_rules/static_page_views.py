"""/privacy/ and /contact/ for everyone; /manage/pages/ for admins."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, admins_only
from accounts.community_rules.forms import PageForm
from accounts.community_rules.rules import PageConflict, change_page
from accounts.models import StaticPage
from core.web import preserved_input
from core.web.form_pages import form_page, post_data, show_in


@require_safe
def static_page(request: HttpRequest, name: str) -> HttpResponse:
    """Shows a custom page. A page without text has a note that says so."""
    page = StaticPage.objects.filter(name=name).first() or StaticPage(name=name)
    return render(request, "accounts/community_rules/static_page.html", {"page": page})


@require_safe
@admins_only
def manage_pages(request: MemberRequest) -> HttpResponse:
    written = {page.name: page for page in StaticPage.objects.select_related("changed_by")}
    pages = [written.get(name) or StaticPage(name=name, version=0) for name in StaticPage.Name.values]
    return render(request, "accounts/community_rules/pages.html", {"pages": pages})


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def manage_page(request: MemberRequest, name: str) -> HttpResponse:
    if name not in StaticPage.Name.values:
        raise Http404
    page = StaticPage.objects.filter(name=name).first()
    form = PageForm(post_data(request), page=page, typed=preserved_input.pop(request))
    if form.is_valid():
        try:
            page = change_page(name=name, by=request.user, **form.cleaned_data)
        except PageConflict as error:
            form.set_base_version("version", error.page.version)
            show_in(form, error)
        else:
            messages.success(request, _("Saved the page %(title)s.") % {"title": page.title})
            return redirect(page)
    page = page or StaticPage(name=name)
    return form_page(request, "accounts/community_rules/edit_page.html", form, page=page)
