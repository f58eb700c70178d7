"""Forms for admins about members and groups."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext, gettext_lazy as _

from accounts.directory.groups import GroupNameTaken
from accounts.models import Group, User
from accounts.models.log_entry import REASON_MAX
from core.text.name_keys import name_key
from core.web.preserved_input import Preserved

GROUP_NAME_MAX = Group._meta.get_field("name").max_length


class RoleForm(forms.Form):
    preserved = Preserved(labels={"why": _("Reason")})
    role = forms.ChoiceField(label=_("Role"), choices=User.Role.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MAX,
        required=False,
        help_text=_("Recorded in the log, which staff can read."),
    )


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=GROUP_NAME_MAX)

    def __init__(self, *args: Any, group: Group | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Group.objects.exclude(pk=self.group.pk) if self.group else Group.objects.all()
        if others.filter(name__iexact=name).exists():
            raise ValidationError(GroupNameTaken.explanation)
        return name


class GroupMemberForm(forms.Form):
    """Finds one member by username."""

    name = forms.CharField(
        label=_("Username"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "data-names": reverse_lazy(settings.MEMBER_SUGGESTIONS)}
        ),
    )

    def clean_name(self) -> User:
        member = User.objects.filter(name_key=name_key(self.cleaned_data["name"])).first()
        if member is None:
            raise ValidationError(gettext("No member has this username."))
        return member
