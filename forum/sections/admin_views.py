"""Pages at /manage/ for admins: sections and their rules."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, admins_only
from core.web.form_pages import errors_shown_in, form_page, post_data
from forum.models import Section
from forum.sections.forms import SectionForm
from forum.sections.manage import (
    SectionNameTaken,
    archive_section,
    change_section,
    create_section,
    move_section,
)


@require_safe
@admins_only
def manage(request: MemberRequest) -> HttpResponse:
    return redirect("manage_sections")


@require_safe
@admins_only
def sections(request: MemberRequest) -> HttpResponse:
    all_sections = Section.objects.in_order().prefetch_related("grants__group")
    return render(
        request,
        "forum/sections/sections.html",
        {
            "sections": all_sections.filter(archived_at=None),
            "archived": all_sections.exclude(archived_at=None),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def new_section(request: MemberRequest) -> HttpResponse:
    form = SectionForm(post_data(request))
    if form.is_valid():
        with errors_shown_in(form, SectionNameTaken):
            section = create_section(by=request.user, **form.terms)
            messages.success(request, _("Section %(name)s created.") % {"name": section.name})
            return redirect("manage_sections")
    return form_page(request, "forum/sections/section_form.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def section(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section.objects, pk=pk)
    form = SectionForm(post_data(request), section=section, initial=SectionForm.initial_of(section))
    if form.is_valid():
        with errors_shown_in(form, SectionNameTaken):
            saved = change_section(section=section, by=request.user, **form.terms)
            messages.success(request, _saved_message(saved, form))
            return redirect("manage_sections")
    return form_page(request, "forum/sections/section_form.html", form, section=section)


def _saved_message(section: Section, form: SectionForm) -> str:
    if "fold_thanks" in form.changed_data:
        message = _(
            "Section %(name)s saved. Unread posts are being counted again, which takes some minutes in a very large"
            " section."
        )
    else:
        message = _("Section %(name)s saved.")
    return message % {"name": section.name}


@require_POST
@admins_only
def move_up(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section, pk=pk)
    move_section(section=section, by=request.user, up=True)
    messages.success(request, _("%(name)s moved up.") % {"name": section.name})
    return redirect("manage_sections")


@require_POST
@admins_only
def move_down(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section, pk=pk)
    move_section(section=section, by=request.user, up=False)
    messages.success(request, _("%(name)s moved down.") % {"name": section.name})
    return redirect("manage_sections")


@require_POST
@admins_only
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section, pk=pk)
    archive_section(section=section, by=request.user)
    messages.success(request, _("%(name)s archived (read-only).") % {"name": section.name})
    return redirect("manage_sections")


@require_POST
@admins_only
def unarchive(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section, pk=pk)
    archive_section(section=section, by=request.user, archive=False)
    messages.success(request, _("%(name)s unarchived.") % {"name": section.name})
    return redirect("manage_sections")
