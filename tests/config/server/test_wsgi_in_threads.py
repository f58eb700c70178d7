"""A WSGI application behind granian's RSGI interface: what it is given, and how its responses are sent."""

import http.client
import json
import socket
import time
from uuid import uuid4

import pytest

from tests.support.granian import ROOT, serving

LONG_RESPONSE = 3_000_000  # bytes; a response of this length is streamed
APP = f"""
import io, json, threading
from wsgiref.util import FileWrapper
from config.server.wsgi_in_threads import accept, serve

closed = {{}}  # the thread that closed a response, by the query of its request

class Chunks:
    def __init__(self, query, fails=False):
        self.query, self.fails = query, fails

    def __iter__(self):
        for number in range({LONG_RESPONSE} // 10_000):
            if self.fails and number == 100:
                raise ValueError("in the middle")
            yield b"x" * 10_000

    def close(self):
        closed[self.query] = threading.current_thread().name

def app(environ, start_response):
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    if path == "/chunks":
        return Chunks(query)
    if path == "/fails":
        return Chunks(query, fails=True)
    if path == "/file":
        return FileWrapper(io.BytesIO(b"y" * {LONG_RESPONSE}))
    if path == "/closed":
        return [json.dumps(closed).encode()]
    seen = {{name: value for name, value in environ.items() if isinstance(value, str)}}
    return [json.dumps(seen).encode()]

application = serve(app, before_body=accept)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    directory = tmp_path_factory.mktemp("app")
    (directory / "threaded.py").write_text(APP)
    with serving("threaded:application", cwd=directory, PYTHONPATH=f"{ROOT}:{directory}") as port:
        yield port


def get(port: int, path: str, headers: dict[str, str] | None = None, method: str = "GET"):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    link.request(method, path, headers=headers or {})
    response = link.getresponse()
    return response, response.read()


def closing_threads(port: int) -> dict[str, str]:
    return json.loads(get(port, "/closed")[1])


def test_environ_conforms_to_wsgi(port):
    with socket.create_connection(("127.0.0.1", port), timeout=120) as link:
        link.sendall(
            "GET /t/%C3%A4/?q=%20é HTTP/1.1\r\nHost: forum\r\nCookie: a=1\r\nCookie: b=2\r\n"
            "Accept: x\r\nAccept: y\r\nX_Name: 1\r\nConnection: close\r\n\r\n".encode()
        )
        response = b""
        while got := link.recv(65_536):
            response += got
    seen = json.loads(response.partition(b"\r\n\r\n")[2])
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/t/ä/"
    assert seen["QUERY_STRING"].encode("latin-1").decode() == "q=%20é"
    assert (seen["HTTP_COOKIE"], seen["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")
    assert (seen["REMOTE_ADDR"], seen["HTTP_HOST"], seen["REQUEST_METHOD"]) == ("127.0.0.1", "forum", "GET")
    assert (seen["SERVER_PORT"], seen["wsgi.url_scheme"]) == (str(port), "http")
    assert "HTTP_X_NAME" not in seen
    assert "PYTHONPATH" not in seen  # nothing of the process's own environment


def test_repeated_response_headers_are_all_sent(port):
    response, _ = get(port, "/")
    assert response.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize(("path", "byte"), [("/chunks", b"x"), ("/file", b"y")])
def test_long_response_is_sent_completely(port, path, byte):
    assert get(port, path)[1] == byte * LONG_RESPONSE


def test_head_response_has_no_body(port):
    response, body = get(port, "/chunks", method="HEAD")
    assert (response.status, body) == (200, b"")


@pytest.mark.parametrize("path", ["/chunks", "/fails"])
def test_response_is_closed_in_a_thread_even_after_failure(port, path):
    """Read to its end, failed in the middle, or left by its reader."""
    query = uuid4().hex
    with socket.create_connection(("127.0.0.1", port), timeout=120) as link:
        link.sendall(f"GET {path}?{query} HTTP/1.1\r\nHost: forum\r\n\r\n".encode())
        assert link.recv(100)
    deadline = time.monotonic() + 120
    while query not in (found := closing_threads(port)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found[query].startswith("web")
