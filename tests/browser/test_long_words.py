"""A community where every word is a hundred letters long: no page scrolls sideways, on any screen."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Cast, Concat, Left
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.site.expectations import EXPECTATIONS
from tests.site.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = "w" * 100
APP_LABELS = ("accounts", "forum", "moderation", "notifications")
# Columns that hold identifiers or words of Belfry's own.
EXCLUDED_COLUMNS = {
    "slug",
    "key",
    "name_key",
    "password",
    "email",
    "time_zone",
    "content_type",
    "picture",
    "url",
    "kind",
}
WIDTHS = (1280, 800, 390, 320)
NON_PAGE_SUFFIXES = (
    "/livez",
    ".txt",
    ".ico",
    "/feed/",
    "/feeds/",
    "/announcements/",
    "/highlights/",
    "/suggest/members/",
    "/download/",
)


def text_columns(model: type[models.Model]) -> Iterator[models.Field]:
    """Returns the columns that hold what members typed."""
    for field in model._meta.concrete_fields:
        is_typed = isinstance(field, (models.CharField, models.TextField)) and not field.choices
        if (
            is_typed
            and not field.unique
            and field.name not in EXCLUDED_COLUMNS
            and not field.name.endswith("_key")
        ):
            yield field


def lengthen_words() -> None:
    """Makes every word long, in every row that has one."""
    for model in apps.get_models():
        if model._meta.app_label in APP_LABELS and model is not User:
            with without_triggers(model):
                lengthen_words_in_rows(model)
    for person in User.objects.exclude(name="ada"):
        name = f"{person.pk}{'w' * 30}"[:30]
        User.objects.filter(pk=person.pk).update(name=name, name_key=name)
    User.objects.update(about=WORD, about_html=f"<p>{WORD}</p>")


def lengthen_words_in_rows(model: type[models.Model]) -> None:
    """Each word begins with the number of its row, since some must differ."""
    for field in text_columns(model):
        before, after = ("<p>", "</p>") if field.name.endswith("html") else ("", "")
        words = (Value(before), Cast("pk", models.TextField()), Value(WORD + after))
        said = Concat(*words, output_field=models.TextField())
        some = model._base_manager.exclude(**{field.name: ""})
        some.update(**{field.name: Left(said, field.max_length) if field.max_length else said})


@contextmanager
def without_triggers(model: type[models.Model]) -> Iterator[None]:
    """Disables the trigger that protects the audit log, for the duration of the block."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")


@pytest.fixture
def world_with_long_words() -> World:
    world = make_world()
    lengthen_words()
    return world


def pages(world: World, chromium: Browser, site: str) -> Iterator[tuple[str, Page]]:
    """Each page as the one who sees most of it: an admin, or else its author, or else a guest."""
    seen: set[str] = set()
    for role in ("admin", "author", "guest"):
        context = chromium.new_context(base_url=site, reduced_motion="reduce")
        context.set_default_timeout(30_000)
        if role != "guest":
            session = world.clients[role].cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page = context.new_page()
        for address in (one.address for one in EXPECTATIONS if one.get[role] in ("200", "409")):
            if address not in seen and not address.endswith(NON_PAGE_SUFFIXES):
                seen.add(address)
                response = page.goto(world.address(address))
                assert response is not None
                if response.headers["content-type"].startswith("text/html"):  # not for pictures
                    yield address, page
        context.close()


def test_no_page_scrolls_sideways_with_long_words(world_with_long_words: World, chromium: Browser, site: str):
    wide, seen = [], 0
    for address, page in pages(world_with_long_words, chromium, site):
        seen += 1
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((one) => (one.open = true))")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            needed = page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                wide.append(f"{address} at {width}: {needed}")
    assert wide == []
    assert seen > 80
