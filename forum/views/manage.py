"""Pages at /manage/ for admins: sections and their rules."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import MemberRequest, admins_only, posted
from forum import sectioning
from forum.models import Section
from forum.section_forms import SectionForm


@require_safe
@admins_only
def manage(request: MemberRequest) -> HttpResponse:
    return redirect("manage_sections")


@require_safe
@admins_only
def sections(request: MemberRequest) -> HttpResponse:
    ordered = Section.objects.in_order()
    return render(
        request,
        "forum/manage/sections.html",
        {
            "sections": ordered.filter(archived_at=None),
            "archived": ordered.exclude(archived_at=None),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def new_section(request: MemberRequest) -> HttpResponse:
    form = SectionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            sectioning.make_section(by=request.user, **form.terms)
            return redirect("manage_sections")
        except sectioning.SectionNameTaken:
            form.refuse_name()
    status = 422 if form.is_bound else 200
    return render(request, "forum/manage/section.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def section(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section.objects, pk=pk)
    form = SectionForm(posted(request), section=section, initial=SectionForm.initial_of(section))
    if request.method == "POST" and form.is_valid():
        try:
            sectioning.change_section(section=section, by=request.user, **form.terms)
            return redirect("manage_sections")
        except sectioning.SectionNameTaken:
            form.refuse_name()
    status = 422 if form.is_bound else 200
    return render(request, "forum/manage/section.html", {"form": form, "section": section}, status=status)


@require_POST
@admins_only
def move_up(request: MemberRequest, pk: int) -> HttpResponse:
    sectioning.move_section(section=get_object_or_404(Section, pk=pk), by=request.user, up=True)
    return redirect("manage_sections")


@require_POST
@admins_only
def move_down(request: MemberRequest, pk: int) -> HttpResponse:
    sectioning.move_section(section=get_object_or_404(Section, pk=pk), by=request.user, up=False)
    return redirect("manage_sections")


@require_POST
@admins_only
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    sectioning.archive_section(section=get_object_or_404(Section, pk=pk), by=request.user)
    return redirect("manage_sections")


@require_POST
@admins_only
def unarchive(request: MemberRequest, pk: int) -> HttpResponse:
    sectioning.archive_section(section=get_object_or_404(Section, pk=pk), by=request.user, archive=False)
    return redirect("manage_sections")
