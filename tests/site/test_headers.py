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

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": plain.PERMISSIONS_POLICY,
}
# Attachments have a stricter policy than pages, and are requested again each time instead of never being cached.
SENT = ("/a/", "/picture/")
SENT_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
OTHER_SITE = "https://evil.example"
SENT_CACHING = {"private, no-cache", "public, max-age=31536000, immutable"}
UNKEYED = [
    "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Accept-Charset", "Referer", "Origin", "From",
    "Via", "DNT", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix",
    "X-Forwarded-Scheme", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL", "X-Host", "X-Requested-With", "Forwarded",
    "X-HTTP-Method-Override", "X-Wap-Profile", "X-CSRFToken", "True-Client-IP", "If-None-Match", "Range", "TE",
]  # fmt: skip


def broken(request):
    raise RuntimeError("a page that fails")


@cache
def answers(world: World, role: str) -> list[tuple[str, HttpResponse]]:
    """A response of every status that Belfry itself returns, by what it is about. Each page is requested by a page of
    another site, which changes none of its headers; none of them allows that site anything."""

    def give() -> Iterator[tuple[str, HttpResponse]]:
        client = world.clients[role]
        client.raise_request_exception = False
        for expected in EXPECTATIONS:
            address = world.address(expected.address)
            yield f"GET {address}", client.get(address, headers={"origin": OTHER_SITE})
            with world.untouched():
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


def missing(response) -> set[str]:
    found = {name for name, value in ALWAYS.items() if response.get(name) != value}
    # Static files, and what public posts show, may be embedded elsewhere; their 404s are pages.
    is_page = response.get("Content-Type", "").startswith("text/html")
    if is_sent(response) or (response.request["PATH_INFO"].startswith("/static/") and not is_page):
        found.discard("Cross-Origin-Resource-Policy")
    is_strict = is_sent(response) and response["Content-Security-Policy"].startswith(SENT_POLICY)
    return found - {"Content-Security-Policy"} if is_strict else found


def is_sent(response) -> bool:
    return response.streaming and response.request["PATH_INFO"].startswith(SENT)


@pytest.mark.slow
@pytest.mark.parametrize("role", ["guest", "admin"])
def test_the_set_is_complete_on_every_answer(world, role):
    found = {what: (response.status_code, missing(response)) for what, response in answers(world, role)}
    assert {what: lacks for what, (_, lacks) in found.items() if lacks} == {}
    assert {status for status, _ in found.values()} >= {200, 301, 302, 400, 403, 404, 405}


def test_other_sites_may_load_the_look_and_no_page(db):
    look = {
        "/static/css/tokens.css": "cross-origin",
        "/static/no.css": "same-origin",
        "/livez": "same-origin",
    }
    for address, who in look.items():
        client = Client(raise_request_exception=False)
        assert client.get(address)["Cross-Origin-Resource-Policy"] == who, address


def test_also_where_a_page_fails(settings, db):
    settings.ROOT_URLCONF = type(
        "urls",
        (),
        {
            "urlpatterns": [path("broken/", broken), path("", include("config.urls"))],
            "handler500": "config.availability.error_pages.server_error",
        },
    )
    answer = Client(raise_request_exception=False).get("/broken/")
    assert (answer.status_code, missing(answer)) == (500, set())
    assert "RuntimeError" not in answer.text


@pytest.mark.slow
def test_nothing_personal_is_kept_by_caches(world):
    for what, response in answers(world, "admin"):
        if (
            what.startswith(("GET", "POST")) and response.status_code != 301
        ):  # that one is requested again each time
            expected = SENT_CACHING if is_sent(response) else {"no-store"}
            assert any(words in response["Cache-Control"] for words in expected), what


@pytest.mark.slow
def test_no_site_is_let_read_our_answers(world):
    """Except static files, which are the same for everybody."""
    for role in ("guest", "admin"):
        for what, answer in answers(world, role):
            allowing = [name for name in answer.headers if name.lower().startswith("access-control-")]
            assert what == "static" or not allowing, what


@pytest.mark.slow
def test_what_stands_in_headers_and_cookies_is_not_said_on_a_page(world):
    canary = "canary7f3a"
    client = world.clients["member"]
    plain = deepcopy(client.cookies)
    for cookie in ("theme", "lang", "django_language", "messages", "next"):
        client.cookies[cookie] = canary
    said = dict.fromkeys(UNKEYED, canary)
    try:
        for expected in EXPECTATIONS:
            answer = client.get(world.address(expected.address), headers=said)
            assert answer.streaming or canary not in answer.text, expected.address
            assert canary not in str(answer.headers.get("Location", "")), expected.address
    finally:
        client.cookies = plain


def test_cookies_are_for_this_site_alone(world):
    client = Client()
    client.get("/account/login/")
    client.post("/account/login/", {"login": "cleo", "password": "a-bell-in-a-tower"})
    assert {"session", "csrf"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


def test_behind_https_browsers_are_told_to_stay_there(settings, db):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    answer = Client().get("/", secure=True)
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("fields", [{"_method": "DELETE"}, {"_method": "PUT", "__method": "POST"}])
def test_no_field_and_no_header_stands_for_a_method(world, fields):
    address = world.address("/t/{topic}/a/")
    for headers in ({}, {"x-http-method-override": "POST"}):
        assert world.clients["admin"].get(address, fields, headers=headers).status_code == 200
        assert world.clients["admin"].post(address, fields, headers=headers).status_code == 405


def test_of_a_field_said_twice_the_last_counts(world):
    """As everywhere in Django; what matters is that the same value is checked and used."""
    client, fields = world.clients["admin"], {"role": ["admin", "member"]}
    with world.untouched():
        assert client.post(world.address("/manage/members/{cleo}/"), fields).status_code == 302
        world.people["member"].refresh_from_db()
        assert world.people["member"].role == "member"
