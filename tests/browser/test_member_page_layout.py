"""The pages about members, and the page of a suspended member: axe finds nothing, nothing scrolls sideways, and
nothing is too small to tap."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page

from accounts.models import IpSighting, Rule, User
from forum.sections.moderators import appoint_moderator
from moderation.members.sanction import lift_sanction, silence_member, suspend_member, warn_member
from moderation.members.staff_notes import note_member
from moderation.posts.remove import remove_post
from tests.browser.person import axe_violations
from tests.browser.test_page_layout import DESKTOP, PHONE, SMALL_TARGETS, SMALLEST_PHONE, Visit, visit  # noqa: F401 - a fixture
from tests.conftest import PASSWORD, browser_of, make_user, reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "Three posts that only advertise, after a warning for the same thing; averyverylongwordthatnobodywouldwrite."


@pytest.fixture
def pages(topic, ben, cleo, mia, noor, talk, news) -> dict[str, str]:
    until = timezone.now() + timedelta(days=7)
    rule = Rule.objects.current().first()
    remove_post(post=reply_to(topic, ben, "Buy now!"), by=mia, reason="Spam.")
    old = silence_member(member=ben, by=noor, reason="Twenty posts in a row.", until=until)
    lift_sanction(sanction=old, by=noor)
    warn_member(member=ben, by=mia, reason=REASON, rule=rule, until=until)
    standing = silence_member(member=ben, by=noor, reason=REASON, rule=rule, until=until)
    suspend_member(member=cleo, by=noor, reason=REASON, rule=rule)
    note_member(member=ben, by=mia, text="Writes at night.\n\nBe patient.", submission_key=uuid4())
    for member in (ben, cleo):
        IpSighting.objects.note(
            member=member.pk, act="sign_in", address="2001:db8:85a3:8d3:1319:8a2e:370:7348"
        )
    appoint_moderator(member=make_user("max"), by=noor, sections=[talk])
    return {
        "members": "/moderation/members/",
        "file": "/moderation/members/ben/",
        "warn": "/moderation/members/ben/warn/",
        "suspend": "/moderation/members/ben/suspend/",
        "lift": f"/moderation/members/ben/lift/{standing.pk}/",
        "remove everything": "/moderation/members/ben/remove-everything/",
        "look up": "/moderation/look-up/",
        "look up a member": "/moderation/members/ben/look-up/",
        "appoint": f"/manage/members/{User.objects.get(name='max').pk}/sections/",
        "profile": "/u/ben/",
    }


def open_page_as(
    chromium: Browser, site: str, member: User, size: dict[str, int], theme: str = "light"
) -> Page:
    context = chromium.new_context(base_url=site, viewport=size, color_scheme=theme)
    session = browser_of(member).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    return context.new_page()


def show_lookup_result(page: Page) -> Page:
    """The response of a look-up, which has no URL of its own."""
    page.goto("/moderation/members/ben/look-up/")
    page.fill("[name=why]", "The same spam.")
    page.click("[data-act=look-up]")
    return page


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desk"])
def test_member_pages_have_no_faults(pages, visit: Visit, chromium, site, topic, ben, cleo, size, theme):  # noqa: F811 - the fixture
    staff, faults, small, wide = visit(size, theme), [], {}, {}

    def look(name: str, page: Page) -> None:
        faults.extend(f"{name}: {fault}" for fault in axe_violations(page))
        if size is PHONE and (few := page.evaluate(SMALL_TARGETS)):
            small[name] = few
        page.set_viewport_size(SMALLEST_PHONE)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > SMALLEST_PHONE["width"]:
            wide[name] = width
        page.set_viewport_size(size)

    for name, url in pages.items():
        assert staff.goto(url).status == 200, name
        look(name, staff)
    look("what is known", show_lookup_result(staff))
    suspended, silenced = (open_page_as(chromium, site, member, size, theme) for member in (cleo, ben))
    for name, page, url, status in [
        ("suspended reads", suspended, topic.get_absolute_url(), 200),
        ("suspended", suspended, "/account/standing/", 200),
        ("refused", suspended, "/drafts/", 403),
        ("silenced", silenced, topic.get_absolute_url(), 200),
        ("silenced form", silenced, f"/t/{topic.pk}/a/reply/", 403),
    ]:
        assert page.goto(url).status == status, name
        look(name, page)
    for page in (suspended, silenced):
        page.context.close()
    assert (faults, small, wide) == ([], {}, {})


GAPS_AROUND_QR_CODE = """() => {
  const picture = document.querySelector(".qr").getBoundingClientRect();
  const [above, below] = [...document.querySelectorAll("main p")].filter((p) => !p.querySelector("img"))
    .map((p) => p.getBoundingClientRect()).reduce(([over, under], box) => [
      box.bottom <= picture.top + 1 ? box : over, under ?? (box.top >= picture.bottom - 1 ? box : null)], [null, null]);
  return [picture.top - above.bottom, below.top - picture.bottom];
}"""


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_text_has_distance_from_qr_code(chromium, site, ada, size):
    page = open_page_as(chromium, site, ada, size)
    page.goto("/account/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.click("main .button")
    page.wait_for_selector(".qr")
    assert min(page.evaluate(GAPS_AROUND_QR_CODE)) >= 8
