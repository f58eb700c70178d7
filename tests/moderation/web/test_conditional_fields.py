"""Fields that only some choices require: the label says when, and if one is missing the form is shown again."""

import re

import pytest

from accounts.models import Group
from moderation.reports.report import report_post
from tests.conftest import make_user


@pytest.fixture
def pages(topic, bens, ben, ada) -> dict[str, str]:
    case = report_post(post=bens, by=ada, reason="spam").case
    return {
        "report": f"/p/{bens.pk}/report/",
        "suspend": "/moderation/members/ben/suspend/",
        "silence": "/moderation/members/ben/silence/",
        "warn": "/moderation/members/ben/warn/",
        "timer": f"/t/{topic.pk}/slow-search/timer/",
        "appoint": f"/manage/members/{make_user('cora', 'moderator').pk}/sections/",
        "section": f"/manage/sections/{topic.section_id}/",
        "case": f"/moderation/cases/{case.pk}/",
    }


CONDITIONAL_FIELDS = [
    ("report", "comment", "reason=other", "required for “Something else”"),
    ("suspend", "date", "how_long=date", "required for “Custom date”"),
    ("silence", "date", "how_long=date", "required for “Custom date”"),
    ("warn", "date", "how_long=date", "required for “Custom date”"),
    ("timer", "at", "days=", "or enter a number of days"),
    ("timer", "days", "at=", "or enter a date and time"),
    ("appoint", "sections", "where=some", "required for “Only these sections”"),
    ("section", "read_groups", "read_by=groups", "required for “Members of selected groups”"),
    ("section", "start_groups", "start_by=groups", "required for “Members of selected groups”"),
    ("section", "reply_groups", "reply_by=groups", "required for “Members of selected groups”"),
    ("case", "reason", "outcome=removed,edited,warned,closed,suspended", "required if you take action"),
    ("case", "body", "outcome=edited", "required for “Edit the post”"),
]


@pytest.mark.parametrize(("page", "name", "when", "words"), CONDITIONAL_FIELDS)
def test_label_says_when_field_is_required(sign_in, pages, noor, page, name, when, words):
    Group.objects.create(name="Testers")
    text = sign_in(noor).get(pages[page]).text
    rest = text.partition(f'data-needed-when="{when}"')[2]
    field = re.split(r'<div class="field|<fieldset|<div class="actions', rest)[0]
    assert f'name="{name}"' in field
    assert f"({words})</span>" in field


@pytest.mark.parametrize(
    ("page", "sent", "name", "error"),
    [
        ("report", {"reason": "other", "comment": " "}, "comment", "Please describe what is wrong"),
        ("suspend", {"how_long": "date", "reason": "Spam."}, "date", "Enter an end date."),
        ("timer", {"reason": "Old."}, "at", "Enter either a date and time or a number of days"),
        ("appoint", {"where": "some"}, "sections", "Choose at least one section."),
        (
            "section",
            {"name": "Talk", "read_by": "groups", "start_by": "members", "reply_by": "members"},
            "read_groups",
            "Choose at least one group.",
        ),
    ],
)
def test_missing_conditional_field_shows_error_on_that_field(sign_in, pages, noor, page, sent, name, error):
    Group.objects.create(name="Testers")
    response = sign_in(noor).post(pages[page], sent)
    assert response.status_code == 422
    assert error in str(response.context["form"].errors[name])


def test_section_form_says_that_there_are_no_groups(sign_in, pages, noor):
    sent = {"name": "Talk", "read_by": "groups", "start_by": "members", "reply_by": "members"}
    response = sign_in(noor).post(pages["section"], sent)
    assert response.status_code == 422
    assert "There are no groups yet" in str(response.context["form"].errors["read_by"])


def test_group_list_is_not_inside_collapsed_details(sign_in, pages, noor):
    """In a collapsed list, a moderator who chooses "Members of selected groups" would miss it."""
    Group.objects.create(name="Testers")
    page = sign_in(noor).get(pages["section"]).text
    before = page[: page.index('name="read_groups"')]
    assert before.count("<details") == before.count("</details>")
