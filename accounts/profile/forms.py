"""What people say about themselves, and the clock they read by."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.models.user import ABOUT_MAX
from accounts.profile import taken_names as naming
from core.text.name_keys import check_name, name_key
from core.web.times import city, offset_now, places

Choices = list[tuple[str, str | list[tuple[str, str]]]]


def zones_to_choose() -> Choices:
    """By continent, and city first, so that typing it into the list finds it: `Berlin (Europe), UTC+1`."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in places():
        regions.setdefault(zone.partition("/")[0], []).append((zone, _readable(zone)))
    grouped = [(region, sorted(zones, key=lambda zone: zone[1])) for region, zones in regions.items()]
    return [("", f"As the community: {_readable(settings.TIME_ZONE)}"), ("UTC", "UTC"), *grouped]


def _readable(zone: str) -> str:
    region = zone.partition("/")[0]
    return f"{city(zone)} ({region}), {offset_now(zone)}" if region != zone else zone


class SettingsForm(forms.Form):
    about = forms.CharField(  # its length is counted below: browsers cut at a maxlength without a word
        label="About you",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-grow": ""}),
        help_text="Shown on your page, to everybody. Written like a post.",
    )
    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=zones_to_choose,
        help_text="All times are shown in it. Type the name of a city to find yours.",
    )

    def clean_about(self) -> str:
        about = self.cleaned_data["about"].replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(about) > ABOUT_MAX:
            raise ValidationError(f"At most {ABOUT_MAX:,} characters; yours has {len(about):,}.")
        return about


class NameForm(forms.Form):
    name = forms.CharField(
        label="New name",
        max_length=60,  # folding a book into a key would take long; the right length is check_name's to say
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        help_text="2 to 30 letters, digits, dots, dashes or underscores.",
    )

    def __init__(self, *args: object, member: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.member = member

    def clean_name(self) -> str:
        name = check_name(self.cleaned_data["name"])
        if name == self.member.name:
            raise ValidationError("This is your name already.")
        if naming.is_taken(name_key(name), but_by=self.member):
            raise ValidationError("This name is taken, or looks too much like one that is.")
        return name
