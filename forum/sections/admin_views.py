"""Pages at /manage/ for admins: sections and their rules."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, admins_only, posted
from forum.models import Section
from forum.sections import manage as sectioning
from forum.sections.forms import SectionForm


@require_safe
@admins_only
def manage(request: MemberRequest) -> HttpResponse:
    return redirect("manage_sections")


@require_safe
@admins_only
def sections(request: MemberRequest) -> HttpResponse:
    ordered = Section.objects.in_order().prefetch_related("grants__group")
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
            made = sectioning.make_section(by=request.user, **form.terms)
        except sectioning.SectionNameTaken:
            form.refuse_name()
        else:
            messages.success(request, f"The section {made.name} is made.")
            return redirect("manage_sections")
    status = 422 if form.is_bound else 200
    return render(request, "forum/manage/section.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def section(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section.objects, pk=pk)
    form = SectionForm(posted(request), section=section, initial=SectionForm.initial_of(section))
    if request.method == "POST" and form.is_valid():
        try:
            changed = sectioning.change_section(section=section, by=request.user, **form.terms)
        except sectioning.SectionNameTaken:
            form.refuse_name()
        else:
            messages.success(request, f"The section {changed.name} is saved.{_goes_on(form)}")
            return redirect("manage_sections")
    status = 422 if form.is_bound else 200
    return render(request, "forum/manage/section.html", {"form": form, "section": section}, status=status)


def _goes_on(form: SectionForm) -> str:
    """What is not done yet when the page says that all is saved."""
    if "fold_thanks" not in form.changed_data:
        return ""
    return " What is new in its topics is counted again now; in a very large section that takes some minutes."


@require_POST
@admins_only
def move_up(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section, pk=pk)
    sectioning.move_section(section=section, by=request.user, up=True)
    messages.success(request, f"{section.name} moved up.")
    return redirect("manage_sections")


@require_POST
@admins_only
def move_down(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section, pk=pk)
    sectioning.move_section(section=section, by=request.user, up=False)
    messages.success(request, f"{section.name} moved down.")
    return redirect("manage_sections")


@require_POST
@admins_only
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section, pk=pk)
    sectioning.archive_section(section=section, by=request.user)
    messages.success(request, f"{section.name} is archived: it can be read and takes nothing new.")
    return redirect("manage_sections")


@require_POST
@admins_only
def unarchive(request: MemberRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section, pk=pk)
    sectioning.archive_section(section=section, by=request.user, archive=False)
    messages.success(request, f"{section.name} is out of the archive.")
    return redirect("manage_sections")
