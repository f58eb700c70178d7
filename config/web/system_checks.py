"""Checks before Belfry starts. README.md explains the id of each."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from config.availability.health import DURABLE, unwanted_settings
from config.database import migration_history

SECRET_LENGTH_MIN = 50
SECRET_VARIETY_MIN = 10  # different characters


@register(Tags.security)
def production_is_safe(**kwargs: Any) -> list[CheckMessage]:
    """Refuses to start production with a weak secret, without hosts, or in debug mode."""
    if not settings.PRODUCTION:
        return []
    problems: list[CheckMessage] = []
    if _is_weak(settings.SECRET_KEY):
        problems.append(
            Error("BELFRY_SECRET_KEY is weak", hint="Use 50 or more random characters.", id="belfry.E001")
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        problems.append(
            Error(
                "BELFRY_HOSTS does not name the forum's hosts",
                hint="Use your own, such as forum.example.",
                id="belfry.E002",
            )
        )
    if settings.DEBUG:
        problems.append(Error("BELFRY_DEBUG is on in production", hint="Set it to no.", id="belfry.E003"))
    if not settings.SITE_URL.startswith("https://"):
        problems.append(
            Error(
                "BELFRY_SITE_URL is not https",
                hint="Use a URL such as https://forum.example.",
                id="belfry.E004",
            )
        )
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        problems.append(
            Warning(
                "Mail is written to the log",
                hint="Set BELFRY_SMTP_HOST, or nobody can sign up.",
                id="belfry.W001",
            )
        )
    return problems


def _is_weak(secret: str) -> bool:
    is_guessable = len(secret) < SECRET_LENGTH_MIN or len(set(secret)) < SECRET_VARIETY_MIN
    return is_guessable or secret == settings.WEAK_SECRET


def refuse_unsafe_production() -> None:
    """For the web server, which does not run Django's checks."""
    if wrong := [problem for problem in production_is_safe() if problem.is_serious()]:
        raise ImproperlyConfigured("; ".join(f"{problem.msg} ({problem.hint})" for problem in wrong))


@register(Tags.database)
def commits_are_durable(**kwargs: Any) -> list[CheckMessage]:
    """Acknowledged data must be durable: checks the settings of the server."""
    if not kwargs.get("databases") or not settings.PRODUCTION:
        return []
    try:
        return [
            Error(f"PostgreSQL runs with {name} = {value}", id="belfry.E005")
            for name, value in unwanted_settings(DURABLE).items()
        ]
    except DatabaseError:
        return []  # start without the database: Belfry waits for it


@register(Tags.database)
def database_is_of_this_version(**kwargs: Any) -> list[CheckMessage]:
    """Needed because production runs no migrations at start, which would check the same."""
    try:
        refusals = [migration_history.refusal(connections[name]) for name in kwargs.get("databases") or []]
    except DatabaseError:
        return []
    return [Error(why, id="belfry.E006") for why in refusals if why]
