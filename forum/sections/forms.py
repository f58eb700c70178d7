"""The form for a section's name and rules."""

from typing import Any

from django import forms

from accounts.models import Group
from core.web.conditional_fields import needed_when
from forum.models import Section, SectionGrant
from forum.models.limits import DESCRIPTION_MAX
from forum.web.form_fields import Line, Text

NAME_TAKEN = "Another section has this name."
WHO_WRITES = [choice for choice in Section.Audience.choices if choice[0] != Section.Audience.EVERYONE]


def _groups(label: str, audience: str) -> forms.ModelMultipleChoiceField:
    groups = forms.ModelMultipleChoiceField(
        Group.objects.all(), required=False, label=label, widget=forms.CheckboxSelectMultiple
    )
    chosen = Section.Audience.GROUPS
    return needed_when(groups, audience, chosen, words=f"required for “{chosen.label}”")


class SectionForm(forms.Form):
    name = Line(max_length=60)
    description = Text(max_length=DESCRIPTION_MAX, required=False, rows=3)
    read_by = forms.ChoiceField(label="Who may read", choices=Section.Audience.choices, initial="everyone")
    read_groups = _groups("Groups that may read", "read_by")
    start_by = forms.ChoiceField(
        label="Who may start topics",
        choices=WHO_WRITES,
        initial="members",
        help_text="Staff only, with members answering, makes it an announcement section.",
    )
    start_groups = _groups("Groups that may start topics", "start_by")
    reply_by = forms.ChoiceField(label="Who may answer", choices=WHO_WRITES, initial="members")
    reply_groups = _groups("Groups that may answer", "reply_by")

    history_by = forms.ChoiceField(
        label="Who may read what posts said before",
        choices=Section.HistoryAudience.choices,
        initial="everyone",
        required=False,
        help_text="Each post’s earlier revisions, and what changed between them.",
    )
    fold_thanks = forms.BooleanField(
        label="Fold answers that are only thanks",
        required=False,
        initial=True,
        help_text="They stand together behind one line, and nobody has them unread. Authors and staff can unfold one.",
    )

    reports_to_hold = forms.IntegerField(
        label="Hide a post when its reports weigh",
        min_value=0,
        max_value=100,
        initial=3,
        required=False,
        help_text="Until somebody of staff has looked. A report weighs about 1, and two members must agree. 0: never.",
    )
    hold_first = forms.BooleanField(
        label="The first posts of new members wait for approval",
        required=False,
        help_text="Only they and staff see a text that waits. How many first posts, admins say at New members.",
    )

    def __init__(self, *args: Any, section: Section | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        if not Group.objects.exists():
            for act in SectionGrant.Act.values:
                del self.fields[f"{act}_groups"]

    @classmethod
    def initial_of(cls, section: Section) -> dict[str, Any]:
        groups: dict[str, list[int]] = {f"{act}_groups": [] for act in SectionGrant.Act.values}
        for grant in section.grants.all():
            groups[f"{grant.act}_groups"].append(grant.group_id)
        return {field: getattr(section, field) for field in Section.TERMS} | groups

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Section.objects.exclude(pk=self.section.pk) if self.section else Section.objects.all()
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return name

    def clean_reports_to_hold(self) -> int:
        """Left empty, it stays what it was."""
        said = self.cleaned_data["reports_to_hold"]
        return said if said is not None else getattr(self.section, "reports_to_hold", 3)

    def clean_history_by(self) -> str:
        """Never opened by a form that does not speak of it."""
        as_it_was = self.section.history_by if self.section else Section.HistoryAudience.EVERYONE
        return self.cleaned_data["history_by"] or as_it_was

    def refuse_name(self) -> None:
        """Somebody else took it after the form had looked."""
        self.add_error("name", NAME_TAKEN)

    def clean(self) -> dict[str, Any]:
        for act in SectionGrant.Act.values:
            groups = f"{act}_groups"
            if self.cleaned_data.get(f"{act}_by") != Section.Audience.GROUPS or self.cleaned_data.get(groups):
                continue
            if groups in self.fields:
                self.add_error(groups, "Choose at least one group.")
            else:
                self.add_error(f"{act}_by", "There are no groups yet. Make one at Groups first.")
        return self.cleaned_data

    @property
    def terms(self) -> dict[str, Any]:
        """What the acts of sectioning.py take."""
        fields = {name: self.cleaned_data[name] for name in Section.TERMS}
        grants = {
            act: self.cleaned_data[f"{act}_groups"]
            for act in SectionGrant.Act.values
            if fields[f"{act}_by"] == Section.Audience.GROUPS
        }
        return fields | {"grants": grants}
