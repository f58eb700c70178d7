"""Two people edit one post in a real browser: edits of different places are merged, and for a conflict a page shows at
once what to do."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from core.diffs.merge import END_MARKER, SAVED_VERSION_MARKER, YOUR_VERSION_MARKER
from forum.models import Post
from forum.posts.edit import edit_post
from tests.browser.person import axe_violations
from tests.browser.test_page_layout import DESKTOP, PHONE
from tests.conftest import browser_of, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RECIPE = "Flour\n\nTwo eggs\n\nSalt"
OpenEdit = Callable[..., Page]


@pytest.fixture
def recipe(talk, ada) -> Post:
    return start(talk, ada, body=RECIPE).posts.get()


@pytest.fixture
def open_edit(chromium: Browser, site: str, ada, mia, recipe: Post) -> Iterator[OpenEdit]:
    """Ada opens the form; then Mia saves an edit to three eggs."""
    contexts = []

    def opened(**options: object) -> Page:
        context = chromium.new_context(base_url=site, **options)
        contexts.append(context)
        session = browser_of(ada).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page = context.new_page()
        page.goto(recipe.url_for("edit"))
        edit_post(post=recipe, by=mia, body=RECIPE.replace("Two", "Three"), version=1, reason="Too dry")
        return page

    yield opened
    for context in contexts:
        context.close()


def submit_edit(page: Page, body: str) -> None:
    page.locator("main [name=body]").fill(body)
    page.locator("main button[data-act=edit]").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_conflict_is_resolved_by_editing_merged_text(open_edit: OpenEdit, recipe: Post, scripts: bool):
    page = open_edit(java_script_enabled=scripts)
    submit_edit(page, RECIPE.replace("Two", "Four").replace("Salt", "Pepper"))
    expect(page.get_by_role("heading", level=1)).to_have_text("mia edited this post while you were editing")
    together = page.locator("details[open]")
    expect(together.locator("textarea")).to_have_value(
        f"Flour\n\n{YOUR_VERSION_MARKER}\nFour eggs\n{SAVED_VERSION_MARKER}\nThree eggs\n{END_MARKER}\n\nPepper"
    )
    together.locator("textarea").fill("Flour\n\nSeven eggs\n\nPepper")
    together.get_by_role("button", name="Save merged text").click()
    expect(page.locator(f"#p{recipe.pk} .post-body")).to_contain_text("Seven eggs")
    assert Post.objects.get(pk=recipe.pk).version == 3


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_conflict_is_resolved_with_own_version(open_edit: OpenEdit, recipe: Post, scripts: bool):
    page = open_edit(java_script_enabled=scripts)
    submit_edit(page, RECIPE.replace("Two", "Four"))
    page.get_by_text("Your version", exact=True).click()
    page.get_by_role("button", name="Save my version").click()
    expect(page.locator(f"#p{recipe.pk} .post-body")).to_contain_text("Four eggs")


def test_conflict_is_resolved_with_current_version(open_edit: OpenEdit, recipe: Post):
    page = open_edit()
    submit_edit(page, RECIPE.replace("Two", "Four"))
    page.get_by_text("The current version", exact=True).click()
    page.get_by_role("link", name="Keep the current version").click()
    expect(page.locator(f"#p{recipe.pk} .post-body")).to_contain_text("Three eggs")
    assert Post.objects.get(pk=recipe.pk).version == 2


def test_non_overlapping_edits_are_merged_without_conflict_page(open_edit: OpenEdit, recipe: Post):
    page = open_edit()
    submit_edit(page, RECIPE.replace("Salt", "Pepper"))
    expect(page.locator(".messages[role=status]")).to_contain_text(
        "Your edit was merged with edits by mia, saved in the meantime."
    )
    expect(page.locator(f"#p{recipe.pk} .post-body")).to_contain_text("Three eggs")
    page.get_by_role("link", name="See what changed").click()
    expect(page.locator(".diff ins")).to_have_text(["Three", "Pepper"])


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desk"])
def test_conflict_page_has_no_axe_violations_or_side_scroll(open_edit: OpenEdit, size, theme):
    page = open_edit(viewport=size, color_scheme=theme)
    submit_edit(page, RECIPE.replace("Two", "Four" * 100))
    expect(page.locator(".meeting")).to_have_count(1)
    for choice in ("Your version", "The current version", "Both edits"):
        if page.locator("details[open] summary b").text_content() != choice:
            page.get_by_text(choice, exact=True).click()
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
