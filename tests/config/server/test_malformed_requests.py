"""Malformed requests as bytes, through a real granian to the whole of Belfry: they are rejected, and others are still
served."""

import socket

import pytest

from tests.support.granian import ask, served

pytestmark = pytest.mark.django_db  # without it no database would be created
FORM_TYPE = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def port(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), served() as port:
        yield port


def status_of(port: int, request: bytes) -> int | None:
    """Returns the status of the response; None if the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=120) as talk:
        try:
            talk.sendall(request)
            answer = talk.recv(65536)
        except (BrokenPipeError, ConnectionResetError):
            return None
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else None


def request(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    return line + b" HTTP/1.1\r\nHost: localhost\r\n" + b"".join(headers) + b"\r\n" + body


@pytest.mark.parametrize(
    ("sent", "allowed_statuses"),
    [
        (request(b"GET /s/%00/"), {400}),
        (request(b"GET /s/%ff%fe/"), {404}),
        (request(b"GET /u/%ed%a0%80/"), {404}),
        (request(b"GET /s/\xff\xfe/"), {400, 404, None}),
        (request(b"GET /s/\x00/"), {400, None}),
        (request(b"GET /" + b"a" * 60_000), {404, 414, 431, None}),
        (request(b"GET /" + b"a" * 1_000_000), {400, 414, 431, None}),
        (request(b"GET /?page=%00"), {400}),
        (request(b"GET /s/x/?page=" + b"9" * 5_000), {404}),
        (request(b"GET /", *(b"X-%d: 1\r\n" % number for number in range(10_000))), {400, 431, None}),
        (request(b"GET /", b"Cookie: " + b"a=b; " * 2_000 + b"\r\n"), {200, 431}),
        (request(b"GET /", b"Cookie: session=\xff\x00; csrf=\xff\r\n"), {200, 400, None}),
        (request(b"GET /", b"Accept-Language: \xff\xfe\r\n"), {200, 400}),
        (request(b"BREW /"), {405}),
        (request(b"GET http://evil.example/"), {200, 400}),
        (request(b"OPTIONS *"), {400, 404, 405}),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", {400, 505, None}),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", {200, 400}),
        (b"GET / HTTP/1.1\r\n\r\n", {400}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400, None}),
        (request(b"POST /account/login/", FORM_TYPE, b"Content-Length: 3000000\r\n"), {413}),
        (
            request(b"POST /account/login/", FORM_TYPE, b"Transfer-Encoding: chunked\r\n", body=b"0\r\n\r\n"),
            {411},
        ),
        (request(b"POST /account/login/", FORM_TYPE, b"Content-Length: 5\r\n", body=b"\xff\x00=%z"), {403}),
        (
            request(b"POST /account/login/", FORM_TYPE, b"Content-Length: 4004\r\n", body=b"a=1&" * 1_001),
            {400},
        ),
        (
            request(
                b"POST /account/login/",
                b"Content-Type: multipart/form-data\r\nContent-Length: 2\r\n",
                body=b"--",
            ),
            {400},
        ),
    ],
    ids=lambda part: ascii(part[:50]) if isinstance(part, bytes) else "",
)
def test_malformed_request_never_causes_server_error(port, sent, allowed_statuses):
    assert status_of(port, sent) in allowed_statuses
    assert ask(port, "GET", "/livez").status == 200
