"""/manage/members/<id>/sections/: which sections a member moderates."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, admins_only
from accounts.models import User
from accounts.models.log_entry import REASON_MAX
from core.web.conditional_fields import required_when
from core.web.form_pages import form_page, post_data
from forum.access.require import require
from forum.models import Section
from forum.sections.moderators import appoint_moderator
from forum.web.form_fields import LineField

REQUIRED_HINT: Any = _("required for “Only these sections”")


class AppointForm(forms.Form):
    where = forms.ChoiceField(
        label=_("Sections to moderate"),
        choices=[("all", _("All sections, including future ones")), ("some", _("Only these sections:"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose all sections or some sections.")},
    )
    sections = required_when(
        forms.ModelMultipleChoiceField(
            Section.objects.in_order(),
            label=_("Sections"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("In other sections they have the permissions of an ordinary member."),
        ),
        "where",
        "some",
        hint=REQUIRED_HINT,
        only_then=True,
    )
    why = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        required=False,
        help_text=_("Saved in the audit log, where staff can read it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        if (
            cleaned_data.get("where") == "some"
            and not self.errors.get("sections")
            and not cleaned_data.get("sections")
        ):
            self.add_error("sections", _("Choose at least one section."))
        return cleaned_data

    @property
    def chosen(self) -> list[Section]:
        """Returns the chosen sections of a valid form; an empty list means all."""
        return list(self.cleaned_data["sections"]) if self.cleaned_data["where"] == "some" else []


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def appoint(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(User, pk=pk)
    require(member.role != User.Role.ADMIN)
    initial = {"where": "some" if member.is_limited else "all", "sections": member.moderates or []}
    form = AppointForm(post_data(request), initial=initial)
    if form.is_valid():
        reason, chosen = form.cleaned_data["why"], form.chosen
        appoint_moderator(member=member, by=request.user, sections=chosen, reason=reason)
        if chosen:
            message = _("%(name)s is now a moderator of %(sections)s.")
        else:
            message = _("%(name)s is now a moderator of all sections.")
        sections = ", ".join(section.name for section in chosen)
        messages.success(request, message % {"name": member.name, "sections": sections})
        return redirect("manage_member", pk)
    return form_page(request, "forum/sections/appoint.html", form, member=member)
