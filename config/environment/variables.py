"""Typed readers of environment variables. An invalid value stops the start with a message that says why."""

import os
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    said = text(name, default)
    if said not in options:
        raise ImproperlyConfigured(f"{name} is {said!r}; use one of {', '.join(options)}")
    return said


def yes(name: str, *, default: bool) -> bool:
    return choice(name, ("yes", "no"), "yes" if default else "no") == "yes"


def number(name: str, default: int, *, least: int, most: int) -> int:
    said = text(name, str(default))
    if not said.isascii() or not said.isdigit() or not least <= int(said) <= most:
        raise ImproperlyConfigured(f"{name} is {said!r}; use a whole number from {least} to {most}")
    return int(said)


def words(name: str, default: str = "") -> list[str]:
    """Returns a list separated by commas or spaces."""
    return text(name, default).replace(",", " ").split()


def time_zone(name: str, default: str) -> str:
    said = text(name, default)
    if said not in available_timezones():
        raise ImproperlyConfigured(f"{name} is {said!r}; use a name such as {default} or Europe/Berlin")
    return ZoneInfo(said).key
