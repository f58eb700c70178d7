"""A field that only some choices require: with scripts, the browser asks for it in place."""

import pytest
from playwright.sync_api import expect

from accounts.models import Group
from moderation.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_report_for_other_reason_requires_comment(open_browser, topic, bens, ada):
    person = open_browser("ada")
    person.sign_in()
    page = person.page
    page.goto(topic.get_absolute_url())
    page.locator(f"#p{bens.pk} a[data-act=report]").click()
    dialog = page.get_by_role("dialog")
    comment = dialog.locator("textarea[name=comment]")
    mark = dialog.locator("[data-needed]")
    expect(mark).to_have_text("(optional)")
    dialog.locator("input[value=other]").check()
    expect(mark).to_have_text("(required)")
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog).to_be_visible()
    expect(comment).to_be_focused()
    assert comment.evaluate("field => field.validity.valueMissing")
    assert not Report.objects.exists()
    dialog.locator("input[value=spam]").check()
    expect(mark).to_have_text("(optional)")
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog).to_have_count(0)
    assert Report.objects.get().reason == "spam"


def test_group_choices_appear_only_for_group_access(open_browser, talk, noor):
    Group.objects.create(name="Testers")
    person = open_browser("noor")
    person.sign_in()
    page = person.page
    page.goto(f"/manage/sections/{talk.pk}/")
    groups = page.get_by_role("group", name="Groups that can start topics")
    expect(groups).to_be_hidden()
    page.get_by_label("Who can start topics").select_option("groups")
    expect(groups.get_by_label("Testers")).to_be_visible()
    page.get_by_label("Who can start topics").select_option("members")
    expect(groups).to_be_hidden()
