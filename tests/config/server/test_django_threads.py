"""Django has a few threads of its own: requests that need none of them are served while all of them are busy."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.page_cache.wsgi import Front
from config.server.django_threads import in_own_threads
from tests.support.site_fixtures import cookies_of
from tests.support.wsgi_client import Visitor

THREADS = 2
SERVER_THREADS = 8


@pytest.fixture
def busy_members(front, topic, ben):
    """One member less than the web server has threads, with pages that take until they are released."""
    let_go, waiting, at_once = threading.Event(), [], []

    def slow(environ, start_response):
        if "session=" in environ.get("HTTP_COOKIE", ""):
            at_once.append(threading.current_thread().name)
            let_go.wait(120)
        return django(environ, start_response)

    django = front.django
    front.django = in_own_threads(slow, threads=THREADS)
    members = Visitor(front, cookies_of(ben))
    with ThreadPoolExecutor(SERVER_THREADS) as pool:
        yield (
            pool,
            at_once,
            lambda: [
                waiting.append(pool.submit(members.get, topic.get_absolute_url()))
                for _ in range(SERVER_THREADS - 1)
            ],
        )
        let_go.set()
        assert all(one.result().status == 200 for one in waiting)


def test_guest_does_not_wait_for_busy_members(front: Front, visitor, topic, busy_members):
    pool, at_once, crowd_in = busy_members
    visitor.get(topic.get_absolute_url())
    crowd_in()
    deadline = time.monotonic() + 60
    while len(at_once) < THREADS and time.monotonic() < deadline:
        time.sleep(0.01)
    assert pool.submit(visitor.get, topic.get_absolute_url()).result(timeout=60).status == 200
    assert len(at_once) == THREADS  # and no more of them are admitted
