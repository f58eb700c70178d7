"""Whatever is sent, it is rejected or accepted: never a 500. (The test client raises what would have been one.)"""

import re
from copy import deepcopy
from functools import cache
from time import process_time
from urllib.parse import quote, unquote, urlencode

import pytest
from django.test import Client
from django.urls import is_valid_path
from hypothesis import HealthCheck, example, given, settings, strategies as st

from tests.site.expectations import EXPECTATIONS, Expectation
from tests.site.views import names_read, one_per_view, post_progress, role_for_post
from tests.site.world import World, longest_row

pytestmark = pytest.mark.slow

NUMBERS = ["0", "-1", "1e400", "²", str(2**31), str(2**63), "9" * 5000]
BYTES = ["%00", "%ff", "%ed%a0%80", "%e2%80%ae", "%0d%0aSet-Cookie:x=y", "%"]
TEXTS = ["a\0b", "\ud800", "\u202eabc", "\r\nX-Bad: 1"]
QUERIES = ["page", "before", "after", "from", "to", "q", "act", "by", "topic", "next", "kept_path"]
POST_EXPECTATIONS = [e for e in EXPECTATIONS if e.accepts_post]
FORM_TYPE = "application/x-www-form-urlencoded"
UPLOAD_TYPE = "multipart/form-data; boundary=x"
MEGABYTE = "x" * 1_000_000
# Fields that are text wherever they are read; and the submission key of a form, which is no number either.
TEXT_FIELDS = {"reason", "note", "why", "next", "kept_path", "submission_key"}
SCRIPT_FIELDS = {"at", "to"}  # fields that scripts send
MAX_PROCESSOR_SECONDS = 1.0  # seconds of processor time, so that a busy machine makes no difference


@pytest.fixture
def admin(world) -> Client:
    return world.clients["admin"]


def is_handled(response) -> bool:
    return response.status_code < 500 or response.status_code == 503  # the readiness check of a test server


def send(world: World, expected: Expectation, fields: dict, role: str = "admin"):
    """A POST whose effects are undone. Values that are not text are sent unchanged."""
    body = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()})
    with world.rolled_back():
        return world.clients[role].post(world.address(expected.address), body, content_type=FORM_TYPE)


@cache
def query_names_read(world: World) -> list[tuple[str, frozenset[str]]]:
    """Returns each page that reads something of its query, and what."""
    found = []
    for expected in one_per_view(e for e in EXPECTATIONS if e.get["admin"] == "200"):
        address = world.address(expected.address)
        with names_read() as names:
            world.clients["admin"].get(address)
        found += [(address, frozenset(names))] if names else []
    return found


@cache
def form_names_read(world: World) -> list[tuple[Expectation, str, frozenset[str]]]:
    """Returns each view that reads posted fields, the role it is tested with, and what it reads."""
    found = []
    for expected in one_per_view(POST_EXPECTATIONS, post_progress):
        role = role_for_post(expected)
        with names_read() as names:
            send(world, expected, world.form(expected.fields), role)
        found += [(expected, role, frozenset(names))] if names else []
    return found


def text_fields_of(expected: Expectation) -> set[str]:
    """Returns the fields that may contain text, but no number."""
    return TEXT_FIELDS | {name for name, value in expected.fields.items() if not re.search(r"[0-9{]", value)}


def test_names_read_by_views_are_recorded(world):
    queries, forms = (
        dict(query_names_read(world)),
        {e.address: names for e, _, names in form_names_read(world)},
    )
    assert len(queries) > 30
    assert {"month", "act", "before"} <= queries["/moderation/log/"]
    assert len(forms) > 80
    assert {"place_0", "based_on"} <= forms["/manage/rules/"]
    assert {"poll_options", "draft", "body"} <= forms["/s/talk/new/"]


@pytest.mark.parametrize("number", NUMBERS)
def test_invalid_id_in_url_is_404(world, admin, number):
    """The kind of thing makes no difference: one URL per view, and the methods that it allows. Most match no view and
    get the same 404, which is checked once."""
    nowhere = 0
    for expected in one_per_view(e for e in EXPECTATIONS if "{" in e.address):
        address = expected.address.format_map(dict.fromkeys(world.things, quote(number)))
        nowhere += not is_valid_path(unquote(address))
        if not is_valid_path(unquote(address)) and nowhere > 1:
            continue
        with world.rolled_back():
            if expected.accepts_get:
                assert admin.get(address).status_code == 404, address
            if expected.accepts_post:
                assert admin.post(address, world.form(expected.fields)).status_code == 404, address


@pytest.mark.parametrize("part", [*BYTES, "a" * 10_000, quote("ü" * 200), "%F0%9F%94%94"])
@pytest.mark.parametrize(
    "address", ["/s/{}/", "/u/{}/", "/t/{topic}/{}/", "/p/{}/", "/{}", "/s/{}/new/", "/account/{}/"]
)
def test_malformed_url_is_handled(world, admin, address, part):
    address = address.replace("{topic}", str(world.things["topic"])).replace("{}", part)
    for client in (world.clients["guest"], admin):
        assert client.get(address).status_code in (301, 302, 400, 404)


@pytest.mark.parametrize(
    "value", [*NUMBERS, *BYTES, "a" * 10_000, "", "999999999"], ids=lambda value: value[:20]
)
def test_malformed_query_is_handled(world, admin, value):
    """In everything that a page reads of its query. Many pages read nothing, whatever it contains."""
    said = value if value.startswith("%") else quote(value)
    for address, names in query_names_read(world):
        query = "&".join(f"{name}={said}" for name in names.union(QUERIES))
        assert is_handled(admin.get(f"{address}?{query}")), address


def test_page_number_beyond_the_last_is_404(world, admin):
    for address in ("/s/talk/", "/t/{topic}/a/"):
        assert admin.get(world.address(address), {"page": "999999999"}).status_code == 404


@pytest.mark.parametrize("value", [*NUMBERS, *TEXTS], ids=lambda value: ascii(value)[:20])
def test_malformed_field_value_is_handled(world, value):
    """Odd values in every field that is read, at once; and in the version alone, where all else is valid. As the role
    that gets farthest, and once per view: another topic is not read another way. Where all fields are text, one number
    is enough."""
    for expected, role, names in form_names_read(world):
        if value in NUMBERS[:-1] and not names - text_fields_of(expected):
            continue
        assert is_handled(send(world, expected, dict.fromkeys(names, value), role)), expected.address
        if expected.address.endswith(("/edit/", "/highlight/")):
            fields = {**world.form(expected.fields), "version": value}
            assert is_handled(send(world, expected, fields, role)), expected.address


@given(text=st.text(st.characters(exclude_categories=[])))
@example(text="\0")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize(
    "address", ["/s/talk/new/", "/t/{topic}/a/reply/", "/account/settings/", "/account/name/"]
)
def test_arbitrary_text_is_handled(world, address, text):
    expected = next(e for e in EXPECTATIONS if e.address == address)
    fields = {**dict.fromkeys(expected.fields, text), "submission_key": expected.fields["submission_key"]}
    assert send(world, expected, fields, role="author").status_code in (302, 422)


# Checkboxes and a button: any value counts as ticked. And the ids of ticked rows: an invalid one ticks nothing.
CHECKBOX_FIELDS = {"accepts_rules", "hold_first", "action_add", "waiting"}


def test_megabyte_field_is_rejected_quickly(world):
    """In each field that a view reads, of those that the table fills in."""
    refused = 0
    for expected, role, names in form_names_read(world):
        for name in sorted(names & set(expected.fields) - {"submission_key", "version"}):
            fields, what = {**world.form(expected.fields), name: MEGABYTE}, f"{name} of {expected.address}"
            with world.rolled_back():
                began = process_time()
                response = world.clients[role].post(
                    world.address(expected.address), urlencode(fields), content_type=FORM_TYPE
                )
                assert process_time() - began < MAX_PROCESSOR_SECONDS, what
                if name in CHECKBOX_FIELDS:
                    assert (response.status_code, longest_row() < len(MEGABYTE)) == (302, True), what
                else:
                    assert response.status_code == (400 if name in SCRIPT_FIELDS else 422), what
            refused += 1
    assert refused > 80


def test_form_with_too_many_fields_is_handled(world):
    for expected in one_per_view(POST_EXPECTATIONS):
        response = send(world, expected, {f"f{number}": "x" for number in range(1_001)}, role="guest")
        assert response.status_code in (302, 400), expected.address


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"body": "x"}'),
        ("application/json", b"\xff"),
        ("text/plain", b"body=x"),
        ("", b"body=x"),
        ("application/octet-stream", bytes(range(256))),
        ("application/x-www-form-urlencoded; charset=utf-7", b"body=+ADw-"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"body=x"),
        ("application/x-www-form-urlencoded", b"&&&=;==%&%zz=%zz&\xff\xfe=\x00"),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=", b"--x"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
        (UPLOAD_TYPE, b"no parts at all"),
        (UPLOAD_TYPE, b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\nno end'),
        (UPLOAD_TYPE, b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--"),
        (
            UPLOAD_TYPE,
            b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--',
        ),
        (
            UPLOAD_TYPE,
            b'--x\r\nContent-Disposition: form-data; name="body"; filename="a\x00b"\r\n\r\nx\r\n--x--',
        ),
        (
            UPLOAD_TYPE,
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n' * 101 + b"--x--",
        ),
        (UPLOAD_TYPE, b'--x\r\nContent-Disposition: form-data; name="\x00\xff"\r\n\r\n\x00\xff\r\n--x--'),
    ],
)
def test_unexpected_body_is_handled(world, content_type, body):
    """With the token in a header, so that only the body is checked."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = deepcopy(world.clients["admin"].cookies)
    client.cookies["csrf"] = "t" * 32
    with world.rolled_back():
        for address in ("/s/talk/new/", "/p/{answer}/highlight/", "/account/settings/", "/t/{topic}/a/pin/"):
            request = {"data": body, "content_type": content_type, "headers": {"x-csrftoken": "t" * 32}}
            response = client.generic("POST", world.address(address), **request)
            assert response.status_code in (302, 400, 422), address


CREDENTIALS = [
    *(
        "",
        "{",
        "null",
        "1",
        '"x"',
        "[]",
        "[1]",
        "{}",
        '{"id": 1}',
        '{"id": "YQ"}',
        '{"response": 1}',
        '{"response": {}}',
    ),
    "9" * 5_000,
    "[" * 100_000,
    *(f'{{"response": {{"userHandle": {handle}}}}}' for handle in ("1", '"MQ"', '"////"', "null")),
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}',
    '{"id": "YQ", "rawId": "YQ", "response": {"clientDataJSON": "e30", "authenticatorData": "YQ", "signature": ""}}',
    '{"id": "YQ", "rawId": "YQ", "response": {"clientDataJSON": "YQ", "attestationObject": "YQ"}}',
]


@pytest.mark.parametrize("credential", CREDENTIALS, ids=lambda credential: credential[:80])
@pytest.mark.parametrize("address", ["add", "reauthenticate", "login"])
def test_malformed_security_key_is_handled(world, credential, address):
    client = world.clients["guest" if address == "login" else "author"]
    with world.rolled_back():
        client.get(f"/account/2fa/webauthn/{address}/", headers={"x-requested-with": "XMLHttpRequest"})
        response = client.post(f"/account/2fa/webauthn/{address}/", {"credential": credential, "name": "x"})
        assert response.status_code in (302, 422)
