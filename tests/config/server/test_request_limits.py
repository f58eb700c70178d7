"""What the WSGI wrappers reject and drop, through a real granian."""

import json
import re
import socket

import pytest

from config.server import plain_pages
from config.server.request_limits import believe_only_proxies
from tests.support.granian import ROOT, serving

ECHO_APPLICATION = """
import json
from config.server import request_limits as limits
from config.server.wsgi_in_threads import accept, serve

def echo(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    seen = {name: environ[name] for name in limits.PROXY_HEADERS if name in environ}
    page = json.dumps({"length": len(body), "seen": seen}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(page)))])
    return [page]

before_body = limits.limit_bodies(accept, longest=1000)
direct = serve(limits.believe_only_proxies(echo, trusted=0), before_body=before_body)
behind_a_proxy = serve(echo, before_body=before_body)
"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("echo")
    (directory / "echoing.py").write_text(ECHO_APPLICATION)
    return directory


@pytest.fixture(scope="module")
def direct_address(directory):
    """The address of a granian whose application returns what it received."""
    with serving("echoing:direct", cwd=directory, PYTHONPATH=f"{ROOT}:{directory}") as port:
        yield "127.0.0.1", port


@pytest.fixture(scope="module")
def proxied_address(directory):
    with serving("echoing:behind_a_proxy", cwd=directory, PYTHONPATH=f"{ROOT}:{directory}") as port:
        yield "127.0.0.1", port


def send(direct_address, request):
    """Sends these bytes. Returns the status, headers (lower case) and body of the response."""
    with socket.create_connection(direct_address, timeout=120) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536) or pytest.fail("no answer")
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head).group(1))
        while len(body) < length:
            body += connection.recv(65536) or pytest.fail("answer cut short")
    lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), headers, body


def build_post(*headers, body=b""):
    return b"\r\n".join([b"POST / HTTP/1.1", b"Host: forum", *headers, b"", body])


def test_body_within_limit_is_accepted(direct_address):
    status, _, body = send(direct_address, build_post(b"Content-Length: 1000", body=b"x" * 1000))
    assert (status, json.loads(body)["length"]) == (200, 1000)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (build_post(b"Content-Length: 1001", body=b"x" * 1001), 413),
        (build_post(b"Content-Length: 999999999999", body=b"x"), 413),
        (build_post(b"Transfer-Encoding: chunked", body=b"3\r\nabc\r\n0\r\n\r\n"), 411),
        (build_post(b"Content-Length: 3", b"Transfer-Encoding: chunked", body=b"3\r\nabc\r\n0\r\n\r\n"), 411),
        (build_post(b"Content-Length: -1", body=b"abc"), 400),
        (build_post(b"Content-Length: 3", b"Content-Length: 4", body=b"abc"), 400),
        (build_post(b"Content-Length: many", body=b"abc"), 400),
        (b"GET / HTTP/1.1\r\nHost: forum\r\nContent-Length: 1001\r\n\r\n", 413),
    ],
)
def test_oversized_or_invalid_body_is_rejected(direct_address, request_, status):
    assert send(direct_address, request_)[0] == status


def test_rejection_page_has_security_headers(direct_address):
    _, headers, body = send(direct_address, build_post(b"Content-Length: 1001"))
    for name, value in plain_pages.HEADERS:
        assert headers[name.lower()] == value.lower()
    assert b"<h1>Request Entity Too Large</h1>" in body


def test_bytes_after_rejected_body_are_not_a_request(direct_address):
    hidden = b"GET /hidden HTTP/1.1\r\nHost: forum\r\n\r\n"
    with socket.create_connection(direct_address, timeout=120) as connection:
        connection.sendall(build_post(b"Content-Length: 1001") + hidden)
        answers = b""
        try:
            while got := connection.recv(65536):
                answers += got
        except ConnectionResetError:
            pass
    assert answers.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("name", [b"X-Forwarded-For", b"X_Forwarded_For", b"x_forwarded-proto", b"Forwarded"])
def test_proxy_headers_are_dropped_without_trusted_proxy(direct_address, name):
    status, _, body = send(direct_address, build_post(name + b": 203.0.113.9"))
    assert (status, json.loads(body)["seen"]) == (200, {})


@pytest.mark.parametrize("underscored", [b"X_Forwarded_For: 198.51.100.1", b"x-forwarded_for: 198.51.100.1"])
def test_header_with_underscore_does_not_replace_proxy_header(proxied_address, underscored):
    """A proxy checks or sets the real one, and passes the other on."""
    _, _, body = send(proxied_address, build_post(underscored, b"X-Forwarded-For: 203.0.113.9"))
    assert json.loads(body)["seen"] == {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}


def test_header_of_trusted_proxy_is_passed_on():
    heard = {}
    app = believe_only_proxies(lambda environ, _: heard.update(environ) or [], trusted=1)
    app({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, None)
    assert heard == {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}
