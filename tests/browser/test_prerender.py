"""A page that the browser prerenders changes no draft."""

import json

import pytest
from playwright.sync_api import expect

from forum.models import Draft, Topic
from tests.browser.composer_helpers import area
from tests.browser.conftest import OpenAsCleo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRERENDERING = "Object.defineProperty(document, 'prerendering', { value: true, configurable: true })"
ACTIVATE = """Object.defineProperty(document, 'prerendering', { value: false });
document.dispatchEvent(new Event("prerenderingchange"))"""


def test_prerendered_page_restores_local_draft_only_once_shown(open_as_cleo: OpenAsCleo, topic: Topic, cleo):
    page = open_as_cleo()
    page.goto(topic.get_absolute_url())
    key, kept = f"draft:{cleo.pk}:reply:{topic.pk}", {"sent": False, "fields": {"body": "Half a thought."}}
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [key, json.dumps(kept)])
    page.add_init_script(PRERENDERING)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(topic.get_absolute_url(), wait_until="networkidle")
    assert [url for url in sent if "/drafts/" in url] == []
    expect(area(page)).to_have_value("")
    assert page.evaluate("(key) => localStorage.getItem(key)", key)
    page.evaluate(ACTIVATE)
    expect(area(page)).to_have_value("Half a thought.")
    assert Draft.objects.get().body == "Half a thought."
