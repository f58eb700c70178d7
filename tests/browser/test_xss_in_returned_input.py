"""Rejected input is shown again in fields and diffs, and queries are shown again. None of it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

from forum.posts.edit import edit_post
from moderation.reports.report import report_post
from moderation.topics.close import close_topic, reopen_topic
from tests.browser.conftest import OpenProbe
from tests.browser.hostile import sample_payloads
from tests.browser.probe import Probe
from tests.payloads.xss import PAYLOADS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_rate_limits"),
]

TOO_LONG = "x" * 2_100


@pytest.fixture(params=[60, pytest.param(700, marks=pytest.mark.drill)], ids=str)
def text(request) -> str:
    """Many payloads: longer than most fields allow, shorter than a post may be."""
    return "\n\n".join(sample_payloads(request.param)) + TOO_LONG


@dataclass
class Sender:
    """Fills in the form at a URL, sends it, and checks what comes back."""

    probe: Probe
    address: str
    act: str

    def send(
        self, *, status: int, choose: str = "", before_sending: Callable[[], object] = bool, **fields: str
    ) -> Page:
        """`choose` ticks the option with this label; `before_sending` runs between filling in and sending."""
        page = self.probe.page
        page.goto(self.address)
        form = page.locator("main form").filter(has=page.locator(f"button[data-act={self.act}]"))
        for name, value in fields.items():
            form.locator(f"[name={name}]").fill(value)
        if choose:
            form.get_by_label(choose).check()
        before_sending()
        with page.expect_navigation() as answer:
            form.locator(f"button[data-act={self.act}]").click()
        assert answer.value.status == status, self.address
        self.probe.check_page()
        assert self.probe.problems == []
        return page


def test_overlong_member_input_runs_no_script(open_probe: OpenProbe, ben, original, talk, text: str):
    probe = open_probe(ben)
    new = Sender(probe, reverse("forum:new_topic", args=[talk.slug]), "start")
    page = new.send(status=422, title=text, body=text)
    assert page.get_by_label("Text", exact=True).input_value().endswith(TOO_LONG)
    Sender(probe, reverse("account_settings"), "save-settings").send(status=422, about=text)
    Sender(probe, reverse("account_name"), "rename").send(status=422, name=text)
    report = Sender(probe, reverse("moderation:report", args=[original.pk]), "report")
    report.send(status=422, choose="Spam", comment=text)


def test_overlong_staff_input_runs_no_script(
    open_probe: OpenProbe, ben, noor, talk, topic, original, text: str
):
    case = report_post(post=original, by=ben, reason="spam").case
    probe = open_probe(noor)
    close = Sender(probe, reverse("moderation:close", args=[topic.pk, topic.slug]), "close")
    close.send(status=422, reason=text, read_instead=text)
    edit = Sender(probe, reverse("forum:edit", args=[original.pk]), "edit")
    edit.send(status=422, body=text, reason=text)
    section = Sender(probe, reverse("manage_section", args=[talk.pk]), "change-section")
    section.send(status=422, name=text, description=text)
    settle = Sender(probe, case.get_absolute_url(), "settle")
    settle.send(status=422, choose="No violation", note=text)
    Sender(probe, case.get_absolute_url(), "note").send(status=422, note=text)


def test_edit_conflict_page_runs_no_script(open_probe: OpenProbe, ben, mia, bens, text: str):
    edit = Sender(open_probe(ben), reverse("forum:edit", args=[bens.pk]), "edit")

    def edited() -> None:
        edit_post(post=bens, by=mia, body=text[::-1], version=1, reason="Because.")

    page = edit.send(status=409, before_sending=edited, body=text)
    assert page.locator(".diff ins").count()
    assert page.locator(".diff del").count()


def test_input_after_closing_or_sign_out_runs_no_script(open_probe: OpenProbe, ben, mia, topic, text: str):
    """The end of the session, and then of the topic."""
    probe = open_probe(ben)
    reply = Sender(probe, reverse("forum:reply", args=[topic.pk, topic.slug]), "reply")

    def closed() -> None:
        close_topic(topic=topic, by=mia, reason="Done.")

    def signed_out() -> None:
        probe.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    reply.send(status=409, before_sending=closed, body=text)
    reopen_topic(topic=topic, by=mia)
    page = reply.send(status=403, before_sending=signed_out, body=text)
    assert page.get_by_label("Your text").input_value().endswith(TOO_LONG)


def test_guest_input_runs_no_script(open_probe: OpenProbe, text: str):
    probe = open_probe()
    join = {"username": text, "email": "a@example.org", "password1": "a-bell-in-a-tower"}
    sign_up = Sender(probe, reverse("account_signup"), "sign-up")
    sign_up.send(status=422, choose="I agree to the community rules", **join)
    Sender(probe, reverse("account_login"), "sign-in").send(status=422, login=text, password="x")


def test_query_parameters_run_no_script(open_probe: OpenProbe, noor, talk):
    """The query is shown again in fields and in links."""
    probe = open_probe(noor)
    said = sample_payloads(len(PAYLOADS))[::60]
    for payload in said:
        for page, name in (("moderation:log", "by"), ("manage_members", "q")):
            probe.visit(f"{reverse(page)}?{urlencode({name: payload})}")
    guest = open_probe()
    for payload in said:
        guest.visit(f"{reverse('account_login')}?{urlencode({'next': payload})}")
        guest.visit(f"/{'no' + urlencode({payload: payload})}/", status=404)
    assert probe.problems + guest.problems == []
