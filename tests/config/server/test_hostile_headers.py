"""No header causes an error. Through a real granian to the whole of Belfry, every response is Belfry's own."""

import re

import pytest

from config.server import plain_pages
from tests.support.granian import served
from tests.support.wire import exchange

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # django_db: without it no database would be created

NUMBERS = [b"9" * 5_000, b"-1", b"1e400", "²".encode(), b"0x10", b""]
BYTES = [
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\x7f",
    b"\t",
    b"=?utf-7?q?+ADw-?=",
    b"%00%ff",
    b"a" * 20_000,
    b";" * 20_000,
]
ODD_VALUES = [
    *NUMBERS,
    *BYTES,
    b'"',
    b"\\",
    b"'",
    b",",
    b"=",
    b"*",
    b"[::1",
    b'a="b',
    b"nope''%61",
    b"q=",
    b'W/"',
    b'"\\"',
]
NAMES = [
    "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Connection", "Cookie", "Date",
    "Content-Disposition", "Content-Encoding", "Content-Type", "Expect", "Forwarded", "From", "If-Match",
    "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Origin", "Range", "Referer", "TE",
    "Upgrade", "User-Agent", "X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port",
    "X-Forwarded-Proto", "X-HTTP-Method-Override", "X-Requested-With", "Sec-Fetch-Site", "Sec-Purpose",
]  # fmt: skip
VALUES = {
    "Content-Type": [
        b"a/b; a*=nope''%61",
        b"a/b; charset=undefined",
        b"a/b; charset=rot13",
        b"multipart/form-data; boundary=\xff",
    ],
    "Cookie": [
        b"session=\xff\x00",
        b"session=a; csrf=\xed\xa0\x80; messages=x; theme=\xff",
        b'messages="\\777"; look_first=\xff',
        b"=;=;;",
    ],
    "Range": [
        b"bytes=" + b"9" * 5_000 + b"-",
        b"bytes=-",
        b"bytes=5-1",
        b"bytes=a-b",
        b"bytes=-" + b"9" * 5_000,
    ],
    "If-Modified-Since": [b"Sun, 99 Nov 99999999999 25:61:61 GMT", b"Thu, 01 Jan 0001 00:00:00 GMT", b"0"],
    "Host": [
        b"[",
        b"[::1",
        b"localhost:99999999",
        b"localhost:\xff",
        b"a" * 300,
        b"\xff",
        b"local host",
        b"",
        b"localhost:" + b"9" * 5_000,
    ],
    "X-Forwarded-For": [
        b"fe80::1%eth0",
        b"::ffff:1.2.3.4",
        b"1.2.3.4:80",
        b"[::1]:80",
        b"unknown",
        b"_hidden",
        b",,,",
        b"1.2.3.4, fe80::1%\xff",
    ],
    "Content-Length": [b"9" * 5_000, b"-1", b"+5", b" ", "٣".encode(), b"5, 5"],
    "Accept-Encoding": [
        b"gzip;q=" + b"9" * 5_000,
        b"br;q=nan, gzip;q=inf",
        b"gzip" + b" " * 20_000 + b";q=0",
    ],
}
REQUEST_LINES = [
    b"GET /",
    b"GET /account/login/",
    b"GET /static/css/tokens.css",
    b"POST /theme/",
    b"GET /livez",
    b"GET /feeds/",
]


@pytest.fixture(scope="module", params=["0", "1"], ids=["direct", "behind a proxy"])
def port(request, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), served(BELFRY_TRUSTED_PROXIES=request.param) as port:
        yield port


def is_own_response(status: int, headers: dict[str, str]) -> bool:
    """Made by Belfry: the web server's own responses have none of its headers. The server responds itself to what is
    not HTTP."""
    if status >= 500:
        return False
    return "content-security-policy" in headers or (status in (400, 431) and "x-frame-options" not in headers)


@pytest.mark.parametrize("name", [*NAMES, "Host", "Content-Length"])
def test_hostile_header_never_causes_server_error(port, name):
    for value in [*ODD_VALUES, *VALUES.get(name, [])]:
        for line in REQUEST_LINES:
            host = b"" if name == "Host" else b"Host: localhost\r\n"
            head = line + b" HTTP/1.1\r\n" + host + name.encode() + b": " + value + b"\r\n"
            if line.startswith(b"POST") and name != "Content-Length":
                head += b"Content-Length: 10\r\n"
                if name != "Content-Type":
                    head += b"Content-Type: application/x-www-form-urlencoded\r\n"
            answer = exchange(port, head + b"\r\n" + b"theme=dark" * line.startswith(b"POST"))
            assert answer is None or is_own_response(*answer[:2]), (line, value[:60], answer)


PART_HEADERS = [
    b"Content-Disposition: form-data; name*=nope''theme",
    b"Content-Disposition: form-data; name=theme; filename*=punycode''" + b"2n7c" + b"a" * 400,
    b"Content-Disposition: form-data; name=theme; filename*=undefined''a",
    b"Content-Disposition: form-data; name=\"" + b"\\\"" * 200,
    b"Content-Disposition: " + b";" * 900,
    b"Content-Disposition: form-data; name=theme; filename=\"\xff\x00../..\\\"",
    b"Content-Disposition: form-data; name=theme\r\nContent-Type: text/plain; charset=zlib",
    b"Content-Disposition: form-data; name=theme\r\nContent-Transfer-Encoding: uu",
    b"Content-Disposition: form-data; name=theme\r\nContent-Length: " + b"9" * 900,
    b"\xff: \xff",
    b":",
]  # fmt: skip


@pytest.mark.parametrize("headers", PART_HEADERS, ids=lambda headers: ascii(headers[-30:]))
def test_hostile_part_header_never_causes_server_error(port, headers):
    body = b"--x\r\n" + headers + b"\r\n\r\ndark\r\n--x--\r\n"
    for address in (b"/theme/", b"/account/login/", b"/attachments/"):
        head = (
            b"POST "
            + address
            + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        )
        answer = exchange(port, head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert answer is not None
        assert is_own_response(*answer[:2]), answer


def test_page_made_without_django_has_security_headers(port):
    status, headers, body = exchange(
        port, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n"
    )
    assert status == 413
    assert {name.lower(): value for name, value in plain_pages.HEADERS}.items() <= headers.items()
    assert re.search(b"<h1>.+</h1>", body)
