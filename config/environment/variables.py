"""Typed readers of environment variables. An invalid value stops the start with a message that says why."""

import os
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name} is {value!r}; use one of {', '.join(options)}")
    return value


def yes(name: str, *, default: bool) -> bool:
    return choice(name, ("yes", "no"), "yes" if default else "no") == "yes"


def number(name: str, default: int, *, minimum: int, maximum: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not minimum <= int(value) <= maximum:
        raise ImproperlyConfigured(f"{name} is {value!r}; use a whole number from {minimum} to {maximum}")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Returns a list separated by commas or spaces."""
    return text(name, default).replace(",", " ").split()


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    if value not in available_timezones():
        raise ImproperlyConfigured(f"{name} is {value!r}; use a name such as {default} or Europe/Berlin")
    return ZoneInfo(value).key
