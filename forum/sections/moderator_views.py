"""/manage/members/<id>/sections/: what somebody moderates."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, admins_only, posted
from accounts.models import User
from accounts.models.log_entry import WHY_MAX
from core.web.conditional_fields import needed_when
from forum.access.errors import NotAllowed
from forum.models import Section
from forum.sections import moderators as appointing
from forum.web.form_fields import Line


class AppointForm(forms.Form):
    where = forms.ChoiceField(
        label="Where do they moderate?",
        choices=[("all", "In all sections, those to come included"), ("some", "In these sections only:")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose all sections, or some."},
    )
    sections = needed_when(
        forms.ModelMultipleChoiceField(
            Section.objects.in_order(),
            label="Sections",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="In every other section they are an ordinary member.",
        ),
        "where",
        "some",
        words="required for “In these sections only”",
        only_then=True,
    )
    why = Line(
        label="Reason",
        max_length=WHY_MAX,
        required=False,
        help_text="Kept in the log, where staff can read it.",
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("where") == "some" and not self.errors.get("sections") and not said.get("sections"):
            self.add_error("sections", "Choose at least one.")
        return said

    @property
    def chosen(self) -> list[Section]:
        """Of a form that is right; none: all."""
        return list(self.cleaned_data["sections"]) if self.cleaned_data["where"] == "some" else []


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def appoint(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(User, pk=pk)
    if member.role == User.Role.ADMIN:
        raise NotAllowed
    initial = {"where": "some" if member.is_limited else "all", "sections": member.moderates or []}
    form = AppointForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        why, chosen = form.cleaned_data["why"], form.chosen
        appointing.appoint_moderator(member=member, by=request.user, sections=chosen, why=why)
        where = "of " + ", ".join(section.name for section in chosen) if chosen else "of all sections"
        messages.success(request, f"{member.name} is a moderator {where} now.")
        return redirect("manage_member", pk)
    shown = {"member": member, "form": form}
    return render(request, "forum/manage/appoint.html", shown, status=422 if form.is_bound else 200)
