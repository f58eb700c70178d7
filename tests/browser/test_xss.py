"""Whatever members write, it runs no script in a reader's browser, and its HTML contains nothing forbidden.

Read with the content security policy switched off, since the policy must not hide a hole; and with it, where it must
have nothing to block. The control disables the sanitizer: then the same payloads run.
"""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.urls import reverse
from playwright.sync_api import Error

from core.text.name_keys import check_name
from forum.models import Post
from tests.browser.conftest import OpenProbe
from tests.browser.hostile import HostileForum, sample_payloads
from tests.browser.probe import Probe
from tests.conftest import start
from tests.payloads.xss import PAYLOADS
from tests.support.drills import rounds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_rate_limits"),
]

SAMPLE = 6
DETAILS_EVERY = 10  # one in this many topics is also seen on the pages that differ little between topics

SIZES = [SAMPLE, pytest.param(None, marks=pytest.mark.drill, id="all")]


def payloads(size: int | None) -> list[str]:
    return sample_payloads(size or rounds(len(PAYLOADS)))


@pytest.mark.parametrize("size", SIZES)
def test_member_text_runs_no_script(open_probe: OpenProbe, mia, noor, size):
    forum = HostileForum(moderator=mia, admin=noor).fill(payloads(size))
    guest, staff, under_policy = open_probe(), open_probe(noor), open_probe(policy=True)
    visit_as_guest(guest, forum)
    visit_as_staff(staff, forum)
    for topic in forum.topics:
        under_policy.visit(topic.get_absolute_url())
    seen = guest.seen + staff.seen + under_policy.seen
    print(
        f"{len(forum.topics)} payloads on {seen} pages: ran {len(guest.ran + staff.ran + under_policy.ran)}"
    )
    assert guest.problems + staff.problems + under_policy.problems == []


def visit_as_guest(probe: Probe, forum: HostileForum) -> None:
    probe.visit("/")
    for writer in forum.writers:
        probe.visit_list(writer.get_absolute_url())
    for section in forum.sections:
        probe.visit_list(section.get_absolute_url())
    for topic in forum.topics:
        probe.visit(topic.get_absolute_url())


def visit_as_staff(probe: Probe, forum: HostileForum) -> None:
    probe.visit("/")
    for page in ("moderation:desk", "moderation:settled", "moderation:log", "manage_sections"):
        probe.visit_list(reverse(page))
    for case in forum.cases:
        probe.visit(case.get_absolute_url())
    for post, topic in zip(forum.originals, forum.topics, strict=True):
        probe.visit(reverse("forum:history", args=[post.pk]))
        probe.visit(topic.get_absolute_url())
        probe.page.locator(f"#p{post.pk} [data-act=edit]").click()
        probe.page.locator("dialog[open]").wait_for()
        probe.check_page()
    for post, topic in list(zip(forum.originals, forum.topics, strict=True))[::DETAILS_EVERY]:
        for page in ("forum:edit", "moderation:report", "moderation:highlight", "moderation:remove"):
            probe.visit(reverse(page, args=[post.pk]))
        probe.visit(reverse("forum:retitle", args=[topic.pk, topic.slug]))
        probe.visit(reverse("manage_section", args=[topic.section_id]))


@pytest.mark.parametrize("size", SIZES)
def test_control_payloads_run_without_sanitizer(open_probe: OpenProbe, talk, ada, size):
    """The same pages and the same probe, with the typed text in place of the rendered HTML."""
    texts = payloads(size)
    topics = [start(talk, ada, f"Topic {number}", text) for number, text in enumerate(texts)]
    Post.objects.update(html=F("body"))
    bare, under_policy = open_probe(), open_probe(policy=True)
    ran = faulty = 0
    for topic in topics:
        before = len(bare.ran), len(bare.faults)
        for probe in (bare, under_policy):
            try:
                probe.visit(topic.get_absolute_url())
            except Error:  # some make the browser leave the page
                probe.faults.append(f"{topic.get_absolute_url()}: left the page")
        ran += len(bare.ran) > before[0]
        faulty += len(bare.faults) > before[1]
    print(f"control: of {len(texts)} payloads {ran} ran and {faulty} left their marks in the page")
    assert ran > len(texts) // 20
    assert faulty > len(texts) // 3
    assert under_policy.blocked
    assert under_policy.ran == []


def test_payloads_are_not_valid_usernames():
    taken = []
    for payload in PAYLOADS:
        try:
            taken.append(check_name(payload))
        except ValidationError:
            continue
    assert taken == []
