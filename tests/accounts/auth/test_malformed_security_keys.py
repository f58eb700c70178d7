"""What no security key sends: lone surrogates, NULs, invalid numbers, invalid CBOR. Each counts as a wrong code."""

import json

import pytest
from allauth.mfa.models import Authenticator
from fido2.utils import websafe_encode as coded

from accounts.auth.security_forms import StrictJSONDecoder
from tests.conftest import PASSWORD, browser_of

pytestmark = pytest.mark.django_db
BAD = "\ud800"
CLIENT_DATA = coded(
    json.dumps({"type": "webauthn.create", "challenge": "eA", "origin": "http://testserver"}).encode()
)
ATTESTATION = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData"


def credential(response=None, **changed) -> str:
    said = {
        "clientDataJSON": CLIENT_DATA,
        "authenticatorData": coded(b"\0" * 37),
        "signature": "eA",
        "userHandle": "MQ",
    }
    key = {"id": "YWJj", "rawId": "YWJj", "type": "public-key", "clientExtensionResults": {}}
    return json.dumps({**key, "response": {**said, **(response or {})}, **changed})


MALFORMED_CREDENTIALS = [
    f'"{chr(92)}ud800"', '"\\u0000"', '["\\udfff"]', '{"\\ud800": 1}', "NaN", "1e999", "-Infinity",
    "[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900,
    credential(id=BAD), credential(id=BAD, rawId=BAD), credential(type=BAD), credential(type=None),
    credential(clientExtensionResults=BAD), credential(clientExtensionResults={BAD: "\0"}), credential(more="\0"),
    *(credential({name: value}) for name in ("clientDataJSON", "authenticatorData", "signature", "userHandle")
      for value in (BAD, "é", None, 1, coded(b"[" * 50_000), coded(b"\xff"), coded(b"9" * 30))),
    credential({"authenticatorData": coded(b"\0" * 32 + b"\x80" + b"\0" * 4 + b"\x81" * 20_000)}),
    *(credential({"attestationObject": coded(bytes_)}) for bytes_ in (
        b"", b"\xff", b"\x81" * 20_000, b"\xa1" * 20_000, b"\x5b" + b"\xff" * 8, b"\x63\xff\xff\xff", b"\xf9\x7e\x00",
        ATTESTATION + b"\x58\x25" + b"\0" * 37, ATTESTATION + b"\x58\x37" + b"\0" * 32 + b"\x41" + b"\0" * 22)),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("address", "status"), [("login", 302), ("add", 422)])
def test_malformed_credential_counts_as_wrong_code(ada, address, status):
    browser = browser_of(ada if address == "add" else None)
    if address == "add":  # which asks for the password first
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
    for number, said in enumerate(MALFORMED_CREDENTIALS):
        browser.defaults["REMOTE_ADDR"] = f"10.9.{number}.1"
        session = browser.session
        session["mfa.webauthn.state"] = {"challenge": "eA", "user_verification": "required"}
        session.save()
        browser.cookies["session"] = session.session_key
        answer = browser.post(f"/account/2fa/webauthn/{address}/", {"credential": said, "name": "x"})
        assert answer.status_code == status, said[:300]
    assert not Authenticator.objects.exists()


UNREADABLE_JSON = ['"\\ud800"', '{"\\udfff": 1}', '"a\\u0000"', "[NaN]", "9" * 5_000, "[" * 100_000]


@pytest.mark.parametrize("said", UNREADABLE_JSON, ids=lambda said: said[:10])
def test_json_that_cannot_be_read_or_stored_is_invalid(said):
    with pytest.raises(json.JSONDecodeError):
        json.loads(said, cls=StrictJSONDecoder)
