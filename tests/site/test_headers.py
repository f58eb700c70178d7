"""Headers of every response, whatever the URL and the role; and headers that no response has."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from config.server import plain_pages as plain
from config.web.middleware import POLICY
from tests.site.expectations import EXPECTATIONS
from tests.site.world import World

REQUIRED_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": plain.PERMISSIONS_POLICY,
}
# Attachments have a stricter policy than pages, and are requested again each time instead of never being cached.
UPLOAD_PREFIXES = ("/a/", "/picture/")
UPLOAD_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
OTHER_SITE = "https://evil.example"
UPLOAD_CACHING = {"private, no-cache", "public, max-age=31536000, immutable"}
IGNORED_HEADERS = [
    "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Accept-Charset", "Referer", "Origin", "From",
    "Via", "DNT", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix",
    "X-Forwarded-Scheme", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL", "X-Host", "X-Requested-With", "Forwarded",
    "X-HTTP-Method-Override", "X-Wap-Profile", "X-CSRFToken", "True-Client-IP", "If-None-Match", "Range", "TE",
]  # fmt: skip


def broken(request):
    raise RuntimeError("a page that fails")


@cache
def all_responses(world: World, role: str) -> list[tuple[str, HttpResponse]]:
    """A response of every status that Belfry itself returns, by what it is about. Each page is requested by a page of
    another site, which changes none of its headers; none of them allows that site anything."""

    def give() -> Iterator[tuple[str, HttpResponse]]:
        client = world.clients[role]
        client.raise_request_exception = False
        for expected in EXPECTATIONS:
            address = world.address(expected.address)
            yield f"GET {address}", client.get(address, headers={"origin": OTHER_SITE})
            with world.rolled_back():
                yield f"POST {address}", client.post(address, world.form(expected.fields))
        yield "400", client.get("/?page=\0")
        yield "400 page", client.get("/s/talk/?page=x")
        yield "404", client.get("/no/such/page/")
        yield "405", client.delete("/")
        yield "static", client.get("/static/css/tokens.css")
        yield "no static", client.get("/static/no.css")
        yield "slash", client.get("/account")
        yield "host", client.get("/", headers={"host": "evil.example"})

    return list(give())


def missing_headers(response) -> set[str]:
    found = {name for name, value in REQUIRED_HEADERS.items() if response.get(name) != value}
    # Static files, and what public posts show, may be embedded elsewhere; their 404s are pages.
    is_page = response.get("Content-Type", "").startswith("text/html")
    if is_upload(response) or (response.request["PATH_INFO"].startswith("/static/") and not is_page):
        found.discard("Cross-Origin-Resource-Policy")
    is_strict = is_upload(response) and response["Content-Security-Policy"].startswith(UPLOAD_POLICY)
    return found - {"Content-Security-Policy"} if is_strict else found


def is_upload(response) -> bool:
    return response.streaming and response.request["PATH_INFO"].startswith(UPLOAD_PREFIXES)


@pytest.mark.slow
@pytest.mark.parametrize("role", ["guest", "admin"])
def test_every_response_has_all_security_headers(world, role):
    found = {
        what: (response.status_code, missing_headers(response))
        for what, response in all_responses(world, role)
    }
    assert {what: lacks for what, (_, lacks) in found.items() if lacks} == {}
    assert {status for status, _ in found.values()} >= {200, 301, 302, 400, 403, 404, 405}


def test_only_static_files_can_be_loaded_cross_origin(db):
    look = {
        "/static/css/tokens.css": "cross-origin",
        "/static/no.css": "same-origin",
        "/livez": "same-origin",
    }
    for address, who in look.items():
        client = Client(raise_request_exception=False)
        assert client.get(address)["Cross-Origin-Resource-Policy"] == who, address


def test_page_made_without_django_has_the_headers_of_every_page():
    """But a stricter policy for its content, since it shows nothing else."""
    found = dict(plain.HEADERS)
    assert {name for name, value in REQUIRED_HEADERS.items() if found.get(name) != value} == {
        "Content-Security-Policy"
    }
    assert "default-src 'none'" in found["Content-Security-Policy"]


@pytest.mark.parametrize("feature", ["camera", "geolocation", "microphone", "payment", "usb"])
def test_no_page_may_use_the_feature(feature):
    assert f"{feature}=()" in plain.PERMISSIONS_POLICY.split(", ")


def test_server_error_page_has_security_headers(settings, db):
    settings.ROOT_URLCONF = type(
        "urls",
        (),
        {
            "urlpatterns": [path("broken/", broken), path("", include("config.urls"))],
            "handler500": "config.availability.error_pages.server_error",
        },
    )
    answer = Client(raise_request_exception=False).get("/broken/")
    assert (answer.status_code, missing_headers(answer)) == (500, set())
    assert "RuntimeError" not in answer.text


@pytest.mark.slow
def test_personal_responses_are_not_cacheable(world):
    for what, response in all_responses(world, "admin"):
        if (
            what.startswith(("GET", "POST")) and response.status_code != 301
        ):  # that one is requested again each time
            expected = UPLOAD_CACHING if is_upload(response) else {"no-store"}
            assert any(words in response["Cache-Control"] for words in expected), what


@pytest.mark.slow
def test_no_page_allows_cross_origin_reading(world):
    """Except static files, which are the same for everybody."""
    for role in ("guest", "admin"):
        for what, answer in all_responses(world, role):
            allowing = [name for name in answer.headers if name.lower().startswith("access-control-")]
            assert what == "static" or not allowing, what


@pytest.mark.slow
def test_header_and_cookie_values_do_not_appear_on_pages(world):
    canary = "canary7f3a"
    client = world.clients["member"]
    plain = deepcopy(client.cookies)
    for cookie in ("theme", "lang", "django_language", "messages", "next"):
        client.cookies[cookie] = canary
    said = dict.fromkeys(IGNORED_HEADERS, canary)
    try:
        for expected in EXPECTATIONS:
            answer = client.get(world.address(expected.address), headers=said)
            assert answer.streaming or canary not in answer.text, expected.address
            assert canary not in str(answer.headers.get("Location", "")), expected.address
    finally:
        client.cookies = plain


def test_cookies_are_httponly_and_same_site(world):
    client = Client()
    client.get("/account/login/")
    client.post("/account/login/", {"login": "cleo", "password": "a-bell-in-a-tower"})
    assert {"session", "csrf"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


def test_https_response_has_hsts_header(settings, db):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    answer = Client().get("/", secure=True)
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("fields", [{"_method": "DELETE"}, {"_method": "PUT", "__method": "POST"}])
def test_method_cannot_be_overridden_by_field_or_header(world, fields):
    address = world.address("/t/{topic}/a/")
    for headers in ({}, {"x-http-method-override": "POST"}):
        assert world.clients["admin"].get(address, fields, headers=headers).status_code == 200
        assert world.clients["admin"].post(address, fields, headers=headers).status_code == 405


def test_last_value_of_repeated_field_counts(world):
    """As everywhere in Django; what matters is that the same value is checked and used."""
    client, fields = world.clients["admin"], {"role": ["admin", "member"]}
    with world.rolled_back():
        assert client.post(world.address("/manage/members/{cleo}/"), fields).status_code == 302
        world.people["member"].refresh_from_db()
        assert world.people["member"].role == "member"
