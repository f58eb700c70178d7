"""Slow requests have threads of their own, and few may wait for them. Pages never wait for these."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from config.server.django_threads import FILES, UPLOADS, Apart, Lane, in_own_threads
from core.web.request_values import OVERLOADED

SECONDS = 60  # until a hanging test gives up
ONE = Apart("file", ("GET",), ("/a/",), threads=1, max_waiting=1, patience=SECONDS)


class Forum:
    """An application whose slow requests continue when a test releases them."""

    def __init__(self, *apart: Apart) -> None:
        self.goes_on = threading.Event()
        self.began: list[threading.Semaphore] = [threading.Semaphore(0)]
        self.threads: list[str] = []
        self.app = in_own_threads(self.answer, threads=1, apart=apart)
        self.visitors = ThreadPoolExecutor(40)

    def answer(self, environ, start_response):
        if environ["PATH_INFO"] != "/" and OVERLOADED not in environ:
            self.threads.append(threading.current_thread().name.partition("_")[0])
            self.began[0].release()
            assert self.goes_on.wait(SECONDS)
        start_response(
            "503 Busy" if OVERLOADED in environ else "200 OK", [("Page", threading.current_thread().name)]
        )
        return []

    def ask(self, path: str, method: str = "GET") -> "Future[tuple[int, dict[str, str]]]":
        return self.visitors.submit(self._ask, path, method)

    def _ask(self, path: str, method: str) -> tuple[int, dict[str, str]]:
        said: list = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method}
        list(self.app(environ, lambda status, headers: said.extend([status, headers])))
        return int(said[0].split()[0]), dict(said[1])

    def wait_for(self, many: int) -> None:
        for _ in range(many):
            assert self.began[0].acquire(timeout=SECONDS)


@pytest.fixture
def forum():
    made: list[Forum] = []

    def make(*apart: Apart) -> Forum:
        made.append(Forum(*apart))
        return made[-1]

    yield make
    for one in made:
        one.goes_on.set()
        one.visitors.shutdown()


@pytest.mark.parametrize(
    ("apart", "path", "method"),
    [
        (FILES, "/a/0123/", "GET"),
        (FILES, "/a/0123/480/", "HEAD"),
        (FILES, "/picture/0123/96/", "GET"),
        (UPLOADS, "/attachments/", "POST"),
        (UPLOADS, "/account/picture/", "POST"),
    ],
)
def test_pages_go_on_while_these_hang(forum, apart, path, method):
    one = forum(UPLOADS, FILES)
    slow = [one.ask(path, method) for _ in range(apart.threads)]
    one.wait_for(apart.threads)
    assert one.ask("/").result(SECONDS)[0] == 200
    assert set(one.threads) == {apart.name}
    one.goes_on.set()
    assert {found.result(SECONDS)[0] for found in slow} == {200}


def test_few_wait_and_the_rest_is_told_to_come_again(forum):
    one = forum(ONE._replace(max_waiting=0))
    slow = one.ask("/a/1/")
    one.wait_for(1)
    status, headers = one.ask("/a/2/").result(SECONDS)
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "Content-Security-Policy" in headers
    one.goes_on.set()
    assert slow.result(SECONDS)[0] == 200
    assert one.ask("/a/3/").result(SECONDS)[0] == 200


def test_who_waits_gets_their_turn(forum):
    one = forum(ONE)
    slow = [one.ask("/a/1/"), one.ask("/a/2/")]
    one.wait_for(1)
    one.goes_on.set()
    assert [found.result(SECONDS)[0] for found in slow] == [200, 200]


def test_on_a_slow_machine_their_patience_is_longer(settings, monkeypatch):
    settings.DEADLINE_FACTOR = 3
    lane, waited = Lane("file", threads=1, max_waiting=1, patience=8), []
    monkeypatch.setattr(lane._free, "acquire", lambda timeout: waited.append(timeout))
    assert lane.run(list) is None
    assert waited == [24]


def test_nobody_waits_longer_than_their_patience(forum):
    one = forum(ONE._replace(patience=0))
    slow = one.ask("/a/1/")
    one.wait_for(1)
    assert one.ask("/a/2/").result(SECONDS)[0] == 503
    one.goes_on.set()
    assert slow.result(SECONDS)[0] == 200


def test_what_brings_a_text_along_is_answered_by_django(forum):
    one = forum(ONE._replace(methods=("POST",), paths=("/attachments/",), max_waiting=0, with_text=True))
    slow = one.ask("/attachments/", "POST")
    one.wait_for(1)
    status, headers = one.ask("/attachments/", "POST").result(SECONDS)
    assert (status, headers["Page"].partition("_")[0]) == (503, "django")
    one.goes_on.set()
    assert slow.result(SECONDS)[0] == 200


def test_an_error_gives_the_place_back():
    def broken(environ, start_response):
        raise ValueError

    app = in_own_threads(broken, threads=1, apart=[ONE._replace(max_waiting=0)])
    for _ in range(3):
        with pytest.raises(ValueError, match="^$"):
            app({"PATH_INFO": "/a/1/", "REQUEST_METHOD": "GET"}, None)


def test_reading_the_form_of_an_upload_is_a_page(forum):
    assert not UPLOADS.are_for({"PATH_INFO": "/account/picture/", "REQUEST_METHOD": "GET"})
    assert not FILES.are_for({"PATH_INFO": "/account/", "REQUEST_METHOD": "GET"})
