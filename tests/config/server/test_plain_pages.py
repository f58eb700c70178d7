"""A request that fails before Django, or never reaches it, gets a page with the same security headers as every
other."""

import pytest
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory

from config.server import plain_pages
from config.server.request_limits import limit_bodies
from config.server.wsgi_in_threads import respond


def response_of(app, **environ: str) -> tuple[int, dict[str, str], bytes]:
    said: list = []
    body = app({"REQUEST_METHOD": "GET", "PATH_INFO": "/", **environ}, lambda *args: said.extend(args))
    return int(said[0].split()[0]), dict(said[1]), b"".join(body)


@pytest.mark.parametrize(
    "error", [ValueError("secret words"), LookupError(), UnicodeError(), RecursionError()]
)
@pytest.mark.parametrize("late", [False, True], ids=["at once", "while its body is read"])
def test_error_page_reveals_nothing_about_the_error(error, late, caplog):
    def broken(environ, start_response):
        def chunks():
            yield b"a"
            raise error

        if not late:
            raise error
        start_response("200 OK", [])
        return chunks()

    status, headers, body, *_ = respond(broken, {"PATH_INFO": "/"})
    assert status == 500
    assert dict(plain_pages.HEADERS).items() <= dict(headers).items()
    assert b"<h1>" in body
    assert b"secret words" not in body
    assert "Request failed: /" in caplog.text


@pytest.mark.parametrize(
    "sent",
    [{"CONTENT_LENGTH": "9" * 5_000}, {"CONTENT_LENGTH": "٣"}, {"HTTP_TRANSFER_ENCODING": "chunked"}],
    ids=["413", "400", "411"],
)
def test_plain_page_has_same_hsts_header_as_django(settings, sent):
    """In the same header that Django sets."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.SECURE_HSTS_PRELOAD = True
    djangos = SecurityMiddleware(lambda request: HttpResponse())(RequestFactory().get("/", secure=True))
    status, headers, _ = response_of(limit_bodies(lambda *_: pytest.fail("not refused")), **sent)
    assert status in (400, 411, 413)
    assert headers["Strict-Transport-Security"] == djangos["Strict-Transport-Security"]


def test_plain_page_has_no_hsts_header_without_https(settings):
    settings.SECURE_HSTS_SECONDS = 0
    _, headers, _ = response_of(limit_bodies(lambda *_: []), HTTP_TRANSFER_ENCODING="chunked")
    assert "Strict-Transport-Security" not in headers
