"""Two real web processes over one database: guests of both see what is written within a second."""

import http.client
import re
import time

import pytest

from accounts.access import roles
from forum.posts.edit import edit_post
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post, restore_post
from moderation.topics.close import close_topic, reopen_topic
from tests.conftest import reply_to
from tests.support import costs
from tests.support.drills import rounds
from tests.support.granian import served

MAX_DELAY = 1.0  # seconds, on an idle machine
HIGHLIGHTS_MARKER, CLOSED_MARKER = 'class="highlights', "was closed"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def server_ports(transactional_db, tmp_path):
    """The ports of two granians, each with one worker, on the database of the test."""
    with served(DATA_DIR=str(tmp_path)) as first, served(DATA_DIR=str(tmp_path)) as second:
        yield first, second


def fetch(port: int, address: str) -> str:
    guest = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        guest.request("GET", address)
        return guest.getresponse().read().decode()
    finally:
        guest.close()


def seconds_until_all_show(ports: list[int], address: str, is_new) -> float:
    """Returns how long after now the last process still showed the old page, in seconds of an idle machine; guests
    request it all the time."""
    stretch = costs.stretch()
    written = last_old = time.monotonic()
    quiet_since = {}
    while len(quiet_since) < len(ports):
        assert time.monotonic() < written + 120, "it never showed"
        for port in ports:
            asked = time.monotonic()
            if is_new(fetch(port, address)):
                quiet_since[port] = asked
            else:
                last_old = max(last_old, asked)
        time.sleep(0.005)
    return (last_old - written) / stretch


def generate_changes(topic, post, ada, ben, mia):
    """Yields writes without end: what happens, and how a guest sees that it has."""
    n, version = 0, post.version
    while True:
        n += 1
        if n <= 15:  # the rest would be on the second page
            yield lambda n=n: reply_to(topic, mia, f"Answer {n}."), lambda page, n=n: f"Answer {n}." in page
        yield (
            lambda n=n, version=version: edit_post(
                post=post, by=mia, body=f"Edit {n}.", version=version, reason="x"
            ),
            lambda page, n=n: f"Edit {n}." in page,
        )
        version += 1
        yield lambda: highlight_post(post=post, by=mia), lambda page: HIGHLIGHTS_MARKER in page
        yield (
            lambda: close_topic(topic=topic, by=mia, reason="x"),
            lambda page: CLOSED_MARKER in page,
        )
        yield lambda: reopen_topic(topic=topic, by=mia), lambda page: CLOSED_MARKER not in page
        yield (
            lambda: remove_post(post=post, by=mia, reason="x"),
            lambda page, n=n: f"Edit {n}." not in page,
        )
        yield lambda: restore_post(post=post, by=mia), lambda page, n=n: f"Edit {n}." in page


def longest_delay(number: int, ports, topic, post, ada, ben, mia) -> float:
    waits = []
    for _, (write, is_new) in zip(range(number), generate_changes(topic, post, ada, ben, mia), strict=False):
        address = topic.get_absolute_url()
        for port in ports:
            fetch(port, address)
        write()
        waits.append(seconds_until_all_show(ports, address, is_new))
    waits.sort()
    print(f"{number} writes: median {waits[number // 2]:.2f} s, longest {waits[-1]:.2f} s")
    return waits[-1]


def test_changes_appear_in_every_process_within_a_second(server_ports, topic, bens, ada, ben, mia):
    assert longest_delay(18, server_ports, topic, bens, ada, ben, mia) < MAX_DELAY


@pytest.mark.drill
def test_two_hundred_changes_appear_within_a_second(server_ports, topic, bens, ada, ben, mia):
    assert longest_delay(rounds(200), server_ports, topic, bens, ada, ben, mia) < MAX_DELAY


def test_role_change_appears_in_every_process(server_ports, topic, ben, noor):
    for port in server_ports:
        fetch(port, topic.get_absolute_url())
    roles.change_role(member=ben, role="moderator", by=noor)
    sees = re.compile(r'<bdi>ben</bdi></a>\s*<span class="role">Moderator')
    waited = seconds_until_all_show(
        server_ports, topic.get_absolute_url(), lambda page: bool(sees.search(page))
    )
    assert waited < MAX_DELAY
