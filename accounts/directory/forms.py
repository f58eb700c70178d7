"""What admins fill in about other people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from accounts.models import Group, User
from accounts.models.log_entry import WHY_MAX
from core.text.name_keys import name_key

NAME_TAKEN = "Another group has this name."
GROUP_NAME_MAX = Group._meta.get_field("name").max_length


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=User.Role.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label="Reason",
        max_length=WHY_MAX,
        required=False,
        help_text="Kept in the log, where staff can read it.",
    )


class GroupForm(forms.Form):
    name = forms.CharField(max_length=GROUP_NAME_MAX)

    def __init__(self, *args: Any, group: Group | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Group.objects.exclude(pk=self.group.pk) if self.group else Group.objects.all()
        if others.filter(name__iexact=name).exists():
            raise ValidationError(NAME_TAKEN)
        return name

    def refuse_name(self) -> None:
        """Somebody else took it after the form had looked."""
        self.add_error("name", NAME_TAKEN)


class GroupMemberForm(forms.Form):
    """Find one person by name."""

    name = forms.CharField(
        label="Member’s name",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "data-names": reverse_lazy("forum:suggest_members")}
        ),
    )

    def clean_name(self) -> User:
        member = User.objects.filter(name_key=name_key(self.cleaned_data["name"])).first()
        if member is None:
            raise ValidationError("Nobody has this name.")
        return member
