"""Helpers of the tests of the composer."""

from playwright.sync_api import Locator, Page, expect


def area(page: Page) -> Locator:
    return page.locator("textarea[name=body]")


def wait_until_saved(page: Page | Locator) -> None:
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")
