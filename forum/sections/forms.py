"""The form for a section's name and rules."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language_info, gettext_lazy as _

from accounts.models import Group
from core.web.conditional_fields import required_when
from forum.models import Section, SectionGrant
from forum.models.maximum_lengths import DESCRIPTION_MAX
from forum.search_index.stems import ALGORITHMS
from forum.sections.manage import SectionNameTaken
from forum.web.form_fields import LineField, TextField

WHO_WRITES = [choice for choice in Section.Audience.choices if choice[0] != Section.Audience.EVERYONE]


def _groups(label: Any, audience: str) -> forms.ModelMultipleChoiceField:
    groups = forms.ModelMultipleChoiceField(
        Group.objects.all(), required=False, label=label, widget=forms.CheckboxSelectMultiple
    )
    audience_groups = Section.Audience.GROUPS
    groups.chooses_groups = True  # type: ignore[attr-defined]
    hint: Any = format_lazy(_("required for “{choice}”"), choice=audience_groups.label)
    return required_when(groups, audience, audience_groups, hint=hint)


def language_choices() -> list[tuple[str, Any]]:
    """Returns the languages whose words search can reduce to stems, by name, and “another”."""
    names = [(code, get_language_info(code)["name_translated"]) for code in ALGORITHMS]
    return [*sorted(names, key=lambda choice: choice[1]), ("", _("Another language"))]


class SectionForm(forms.Form):
    name = LineField(label=_("Name"), max_length=60)
    description = TextField(label=_("Description"), max_length=DESCRIPTION_MAX, required=False, rows=3)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=language_choices,
        initial="en",
        required=False,
        help_text=_(
            "Search finds other forms of a word in this language, such as “batteries” for “battery”."
        ),
    )
    read_by = forms.ChoiceField(label=_("Who can read"), choices=Section.Audience.choices, initial="everyone")
    read_groups = _groups(_("Groups that can read"), "read_by")
    start_by = forms.ChoiceField(
        label=_("Who can start topics"),
        choices=WHO_WRITES,
        initial="members",
        help_text=_("If only staff can start topics and members can reply, it’s an announcement section."),
    )
    start_groups = _groups(_("Groups that can start topics"), "start_by")
    reply_by = forms.ChoiceField(label=_("Who can reply"), choices=WHO_WRITES, initial="members")
    reply_groups = _groups(_("Groups that can reply"), "reply_by")

    history_by = forms.ChoiceField(
        label=_("Who can see edit history"),
        choices=Section.HistoryAudience.choices,
        initial="everyone",
        required=False,
        help_text=_("Earlier revisions of each post, and the changes between them."),
    )
    fold_thanks = forms.BooleanField(
        label=_("Collapse replies that only say thanks"),
        required=False,
        initial=True,
        help_text=_(
            "They are grouped in one line and don’t count as unread. Authors and staff can choose to always show one."
        ),
    )

    auto_hide_threshold = forms.IntegerField(
        label=_("Auto-hide threshold for reported posts"),
        min_value=0,
        max_value=100,
        initial=3,
        required=False,
        help_text=_(
            "A post is hidden until staff review it when the weights of its reports add up to this. A report weighs"
            " 0.5 to 3, usually 1, and at least two members must report, unless this is 1. 0 turns this off."
        ),
    )
    hold_first = forms.BooleanField(
        label=_("First posts of new members need approval"),
        required=False,
        help_text=_(
            "Only the author and staff can see a pending post. The number of first posts is set in New-member limits."
        ),
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
            raise forms.ValidationError(SectionNameTaken.explanation)
        return name

    def clean_auto_hide_threshold(self) -> int:
        """Left empty, it keeps its value."""
        threshold = self.cleaned_data["auto_hide_threshold"]
        return threshold if threshold is not None else getattr(self.section, "auto_hide_threshold", 3)

    def clean_language(self) -> str:
        """A form without this field keeps the value."""
        if "language" in self.data:
            return self.cleaned_data["language"]
        return self.section.language if self.section else self.fields["language"].initial

    def clean_history_by(self) -> str:
        """A form without this field keeps the value, so that it never opens the history."""
        current = self.section.history_by if self.section else Section.HistoryAudience.EVERYONE
        return self.cleaned_data["history_by"] or current

    def clean(self) -> dict[str, Any]:
        for act in SectionGrant.Act.values:
            groups = f"{act}_groups"
            if self.cleaned_data.get(f"{act}_by") != Section.Audience.GROUPS or self.cleaned_data.get(groups):
                continue
            if groups in self.fields:
                self.add_error(groups, _("Choose at least one group."))
            else:
                self.add_error(f"{act}_by", _("There are no groups yet. Create one in Groups first."))
        return self.cleaned_data

    @property
    def terms(self) -> dict[str, Any]:
        """Returns the arguments of the actions in manage.py."""
        fields = {name: self.cleaned_data[name] for name in Section.TERMS}
        grants = {
            act: self.cleaned_data[f"{act}_groups"]
            for act in SectionGrant.Act.values
            if fields[f"{act}_by"] == Section.Audience.GROUPS
        }
        return fields | {"grants": grants}
