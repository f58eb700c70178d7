"""What is refused is given back, in fields and in diffs, and what is asked for is said again. None of it runs."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from forum.editing import edit_post
from moderation.closing import close_topic
from moderation.reporting import report_post
from tests.browser.conftest import OpenProbe
from tests.browser.hostile import some
from tests.browser.probe import Probe
from tests.payloads.xss import PAYLOADS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_limits"),
]

HALVES = some(len(PAYLOADS))[::2], some(len(PAYLOADS))[1::2]
TOO_LONG = "x" * 2_100


@pytest.fixture(params=HALVES, ids=["half", "other half"])
def text(request) -> str:
    """Hundreds of payloads, longer than most fields and shorter than a post may be."""
    return "\n\n".join(request.param) + TOO_LONG


def send(
    probe: Probe,
    address: str,
    *,
    status: int,
    meanwhile: Callable[[], object] = bool,
    act: str,
    **fields: str,
) -> None:
    """Fill in the form at an address and send it; look at what comes back."""
    page = probe.page
    page.goto(address)
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)
    meanwhile()
    with page.expect_navigation() as answer:
        page.locator(f"main button[data-act={act}]").click()
    assert answer.value.status == status, address
    probe.look()


def test_from_members(open_probe: OpenProbe, ada, ben, mia, topic, original, bens, talk, text: str):
    probe = open_probe(ben)
    new, reply = reverse("forum:new_topic", args=[talk.slug]), topic.get_absolute_url() + "reply/"
    send(probe, new, act="start", status=422, title=text, body=text)
    assert TOO_LONG in probe.page.get_by_label("Text").input_value()
    send(probe, reverse("account_settings"), act="save-settings", status=422, about=text)
    send(probe, reverse("account_name"), act="rename", status=422, name=text)
    report = reverse("moderation:report", args=[original.pk])
    probe.page.goto(report)
    probe.page.get_by_label("Spam").check()
    probe.page.get_by_label("Any additional comments?").fill(text)
    with probe.page.expect_navigation() as answer:
        probe.page.locator("main button[data-act=report]").click()
    assert answer.value.status == 422
    probe.look()

    edit = reverse("forum:edit", args=[bens.pk])

    def by_another() -> None:
        edit_post(post=bens, by=mia, body=text[::-1], version=1, reason="Because.")

    send(probe, edit, act="edit", status=409, meanwhile=by_another, body=text)
    assert probe.page.locator(".diff ins").count()
    sign_out = probe.page.context.clear_cookies
    send(
        probe,
        reply,
        act="reply",
        status=403,
        meanwhile=lambda: sign_out(name=settings.SESSION_COOKIE_NAME),
        body=text,
    )
    assert TOO_LONG in probe.page.get_by_label("Body").input_value()

    probe = open_probe(ada)
    send(
        probe,
        reply,
        act="reply",
        status=409,
        meanwhile=lambda: close_topic(topic=topic, by=mia, reason="Done."),
        body=text,
    )
    assert probe.found == []


def test_from_staff(open_probe: OpenProbe, ben, noor, talk, topic, original, text: str):
    case = report_post(post=original, by=ben, reason="spam").case
    probe = open_probe(noor)
    send(probe, topic.get_absolute_url() + "close/", act="close", status=422, reason=text, read_instead=text)
    send(probe, reverse("forum:edit", args=[original.pk]), act="edit", status=422, body=text, reason=text)
    probe.page.goto(case.get_absolute_url())
    section = reverse("manage_section", args=[talk.pk])
    send(probe, section, act="change-section", status=422, name=text, description=text)
    probe.page.goto(case.get_absolute_url())
    probe.page.get_by_label("Dismiss").check()
    probe.page.get_by_label("Note for other staff").fill(text)
    with probe.page.expect_navigation() as answer:
        probe.page.locator("[data-act=settle]").click()
    assert answer.value.status == 422
    probe.look()
    assert probe.found == []


def test_from_guests(open_probe: OpenProbe, text: str):
    probe = open_probe()
    join = {"username": text, "email": "a@example.org", "password1": "a-bell-in-a-tower"}
    send(probe, reverse("account_signup"), act="sign-up", status=422, **join)
    send(probe, reverse("account_login"), act="sign-in", status=422, login=text, password="x")
    assert probe.found == []


def test_what_an_address_says(open_probe: OpenProbe, noor, talk):
    """What stands in the query is shown again in fields and in links."""
    probe = open_probe(noor)
    said = some(len(PAYLOADS))[::60]
    for payload in said:
        for page, name in (("moderation:log", "by"), ("manage_members", "q")):
            probe.visit(f"{reverse(page)}?{urlencode({name: payload})}")
    guest = open_probe()
    for payload in said:
        guest.visit(f"{reverse('account_login')}?{urlencode({'next': payload})}")
        guest.visit(f"/{'no' + urlencode({payload: payload})}/", status=404)
    assert probe.found + guest.found == []
