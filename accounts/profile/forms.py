"""Forms for the profile, the time zone and the username."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import User
from accounts.models.user import ABOUT_MAX
from accounts.profile.taken_names import is_taken
from core.text.name_keys import check_name, name_key
from core.web.preserved_input import Preserved
from core.web.times import city, offset_now, time_zone_names

Choices = list[tuple[str, str | list[tuple[str, str]]]]


def time_zone_choices() -> Choices:
    """Returns the time zones by continent. Each begins with the city, so that typing it finds it in the list."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in time_zone_names():
        regions.setdefault(zone.partition("/")[0], []).append((zone, _readable(zone)))
    grouped = [(region, sorted(zones, key=lambda zone: zone[1])) for region, zones in regions.items()]
    default = gettext("Community default: %(zone)s") % {"zone": _readable(settings.TIME_ZONE)}
    return [("", default), ("UTC", "UTC"), *grouped]


def _readable(zone: str) -> str:
    """Returns `Berlin (Europe), UTC+1` for `Europe/Berlin`."""
    region = zone.partition("/")[0]
    return f"{city(zone)} ({region}), {offset_now(zone)}" if region != zone else zone


class SettingsForm(forms.Form):
    preserved = Preserved(labels={"about": _("About you")})
    about = forms.CharField(  # no maxlength: browsers would cut the text silently; clean_about counts
        label=_("About you"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-grow": ""}),
        help_text=_("Shown on your public profile. Markdown supported."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=time_zone_choices,
        help_text=_("Dates and times are shown in this zone. Type the name of a city to find it."),
    )

    def clean_about(self) -> str:
        about = self.cleaned_data["about"].replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(about) > ABOUT_MAX:
            too_long = gettext("Use at most %(most)s characters. You used %(count)s.")
            raise ValidationError(too_long % {"most": f"{ABOUT_MAX:,}", "count": f"{len(about):,}"})
        return about


class UsernameForm(forms.Form):
    name = forms.CharField(
        label=_("New username"),
        max_length=60,  # bounds the work; check_name checks the length of names
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        help_text=_("2 to 30 letters, digits, dots, dashes or underscores."),
    )

    def __init__(self, *args: object, member: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.member = member

    def clean_name(self) -> str:
        name = check_name(self.cleaned_data["name"])
        if name == self.member.name:
            raise ValidationError(gettext("This is already your username."))
        if is_taken(name_key(name), except_for=self.member):
            raise ValidationError(gettext("That username is taken or too similar to another."))
        return name
