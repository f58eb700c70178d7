"""Slow requests have threads of their own, and few may wait for them. Pages never wait for these."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from config.server.django_threads import FILES, UPLOADS, Apart, Lane, in_own_threads
from core.web.request_values import OVERLOADED

SECONDS = 60  # until a hanging test gives up
ONE_THREAD = Apart("file", ("GET",), ("/a/",), threads=1, max_waiting=1, patience=SECONDS)


class HangingApplication:
    """An application whose slow requests continue when a test releases them."""

    def __init__(self, *apart: Apart) -> None:
        self.released = threading.Event()
        self.began: list[threading.Semaphore] = [threading.Semaphore(0)]
        self.threads: list[str] = []
        self.app = in_own_threads(self.respond, threads=1, apart=apart)
        self.visitors = ThreadPoolExecutor(40)

    def respond(self, environ, start_response):
        if environ["PATH_INFO"] != "/" and OVERLOADED not in environ:
            self.threads.append(threading.current_thread().name.partition("_")[0])
            self.began[0].release()
            assert self.released.wait(SECONDS)
        start_response(
            "503 Busy" if OVERLOADED in environ else "200 OK", [("Page", threading.current_thread().name)]
        )
        return []

    def send(self, path: str, method: str = "GET") -> "Future[tuple[int, dict[str, str]]]":
        return self.visitors.submit(self._send, path, method)

    def _send(self, path: str, method: str) -> tuple[int, dict[str, str]]:
        said: list = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method}
        list(self.app(environ, lambda status, headers: said.extend([status, headers])))
        return int(said[0].split()[0]), dict(said[1])

    def wait_until_started(self, many: int) -> None:
        for _ in range(many):
            assert self.began[0].acquire(timeout=SECONDS)


@pytest.fixture
def make_application():
    made: list[HangingApplication] = []

    def make(*apart: Apart) -> HangingApplication:
        made.append(HangingApplication(*apart))
        return made[-1]

    yield make
    for one in made:
        one.released.set()
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
def test_pages_are_served_while_slow_requests_hang(make_application, apart, path, method):
    one = make_application(UPLOADS, FILES)
    slow = [one.send(path, method) for _ in range(apart.threads)]
    one.wait_until_started(apart.threads)
    assert one.send("/").result(SECONDS)[0] == 200
    assert set(one.threads) == {apart.name}
    one.released.set()
    assert {found.result(SECONDS)[0] for found in slow} == {200}


def test_full_queue_returns_503_with_retry_after(make_application):
    one = make_application(ONE_THREAD._replace(max_waiting=0))
    slow = one.send("/a/1/")
    one.wait_until_started(1)
    status, headers = one.send("/a/2/").result(SECONDS)
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "Content-Security-Policy" in headers
    one.released.set()
    assert slow.result(SECONDS)[0] == 200
    assert one.send("/a/3/").result(SECONDS)[0] == 200


def test_waiting_request_is_served(make_application):
    one = make_application(ONE_THREAD)
    slow = [one.send("/a/1/"), one.send("/a/2/")]
    one.wait_until_started(1)
    one.released.set()
    assert [found.result(SECONDS)[0] for found in slow] == [200, 200]


def test_deadline_factor_multiplies_queue_patience(settings, monkeypatch):
    settings.DEADLINE_FACTOR = 3
    lane, waited = Lane("file", threads=1, max_waiting=1, patience=8), []
    monkeypatch.setattr(lane._free, "acquire", lambda timeout: waited.append(timeout))
    assert lane.run(list) is None
    assert waited == [24]


def test_request_waiting_too_long_returns_503(make_application):
    one = make_application(ONE_THREAD._replace(patience=0))
    slow = one.send("/a/1/")
    one.wait_until_started(1)
    assert one.send("/a/2/").result(SECONDS)[0] == 503
    one.released.set()
    assert slow.result(SECONDS)[0] == 200


def test_rejected_request_with_text_is_handled_by_django(make_application):
    one = make_application(
        ONE_THREAD._replace(methods=("POST",), paths=("/attachments/",), max_waiting=0, with_text=True)
    )
    slow = one.send("/attachments/", "POST")
    one.wait_until_started(1)
    status, headers = one.send("/attachments/", "POST").result(SECONDS)
    assert (status, headers["Page"].partition("_")[0]) == (503, "django")
    one.released.set()
    assert slow.result(SECONDS)[0] == 200


def test_failed_request_frees_its_place():
    def broken(environ, start_response):
        raise ValueError

    app = in_own_threads(broken, threads=1, apart=[ONE_THREAD._replace(max_waiting=0)])
    for _ in range(3):
        with pytest.raises(ValueError, match="^$"):
            app({"PATH_INFO": "/a/1/", "REQUEST_METHOD": "GET"}, None)


def test_get_of_upload_form_is_not_a_slow_request(make_application):
    assert not UPLOADS.are_for({"PATH_INFO": "/account/picture/", "REQUEST_METHOD": "GET"})
    assert not FILES.are_for({"PATH_INFO": "/account/", "REQUEST_METHOD": "GET"})
