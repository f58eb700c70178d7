"""Mail goes to exactly the mailbox that was typed; the key by which two addresses are compared is never mailed."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.mail.message import sanitize_address
from django.test import Client

from accounts.models import User
from accounts.models.email_address import normalize_address
from core.text.domains import ascii_domain, readable_domain
from core.text.name_keys import email_key
from tests.conftest import PASSWORD

# Typed address, and the address mailed to. The domains of the first kind are the standards' own examples.
DELIVERABLE_ADDRESSES = [
    ("hedwig@große.example", "hedwig@xn--groe-xna.example"),
    ("hedwig@GROẞE.example", "hedwig@xn--groe-xna.example"),
    ("hedwig@grosse.example", "hedwig@grosse.example"),
    ("hedwig@faß.de", "hedwig@xn--fa-hia.de"),
    ("hedwig@βόλος.com", "hedwig@xn--nxasmm1c.com"),
    ("hedwig@βόλοσ.com", "hedwig@xn--nxasmq6b.com"),
    ("hedwig@ΒΌΛΟΣ.com", "hedwig@xn--nxasmq6b.com"),
    ("hedwig@क्\u200dष.example", "hedwig@xn--11b2ezcw70k.example"),
    ("hedwig@क्ष.example", "hedwig@xn--11b2ezc.example"),
    ("hedwig@MÜNCHEN.de", "hedwig@xn--mnchen-3ya.de"),
    ("hedwig@mu\u0308nchen.de", "hedwig@xn--mnchen-3ya.de"),
    ("hedwig@xn--mnchen-3ya.de", "hedwig@xn--mnchen-3ya.de"),
    ("hedwig@日本語。jp", "hedwig@xn--wgv71a119e.jp"),
    ("hedwig@日本語．ＪＰ", "hedwig@xn--wgv71a119e.jp"),
    ("hedwig@example｡org", "hedwig@example.org"),
    ("ｈｅｄｗｉｇ＠ｅｘａｍｐｌｅ．ｏｒｇ", "hedwig@example.org"),
    ("hedwig@exаmple.org", "hedwig@xn--exmple-4nf.org"),  # a Cyrillic letter: another domain
    ("hedwig@𠮷.jp", "hedwig@xn--7l3i.jp"),
    ("hedwig@مثال.إختبار", "hedwig@xn--mgbh0fb.xn--kgbechtv"),
    ("Hedwig.Groß+x@Example.ORG".replace("ß", "ss"), "hedwig.gross+x@example.org"),
    ("  hedwig@example.org ", "hedwig@example.org"),
]
INVALID_ADDRESSES = [
    "hedwiſ@example.org", "hedwi\u212a@example.org", "ﬁnn@example.org", "straße@example.org", "ｈédwig@example.org",
    "hedwig@a\u200db.example", "hedwig@exa\u00admple.org", "hedwig@☃.example", "hedwig@㏂.example", "hedwig@-ä.example",
    "hedwig@ä--ö-.example", "hedwig@\u0301a.example", "hedwig@xn--.example", "hedwig@xn--grosse-.example",
    "hedwig@aب.example", "hedwig@exam\u3164ple.org", "hedwig@" + "ä" * 64 + ".example", "hedwig@a..example",
    "hedwig@\U000e0100ä.example", "hedwig@exa\ufe00mple.org", "@example.org", "hedwig@", "hedwig",
]  # fmt: skip


def sign_up(address: str):
    fields = {"username": "Hedwig", "email": address, "password1": "grey-heron-42", "accepts_rules": "on"}
    return Client().post("/account/signup/", fields)


@pytest.mark.parametrize(("typed", "mailed"), DELIVERABLE_ADDRESSES)
def test_sign_up_code_goes_to_typed_mailbox(db, mailoutbox, typed, mailed):
    assert sign_up(typed).status_code == 302
    assert [mail.recipients() for mail in mailoutbox] == [[mailed]]
    assert sanitize_address(mailoutbox[0].to[0], "utf-8") == mailed  # Django's form of it when it sends
    assert User.objects.get().email == EmailAddress.objects.get().email == mailed


@pytest.mark.parametrize("typed", INVALID_ADDRESSES)
def test_undeliverable_address_is_rejected_with_field_error(db, mailoutbox, typed):
    answer = sign_up(typed)
    assert answer.status_code == 422
    assert re.search(r'name="email"[^>]*aria-invalid="true"', answer.text)
    assert mailoutbox == []
    assert not User.objects.exists()


@pytest.mark.parametrize(("typed", "mailed"), DELIVERABLE_ADDRESSES)
def test_typed_address_works_for_sign_in_and_password_reset(db, mailoutbox, typed, mailed):
    hedwig = User.objects.create_user("Hedwig", typed, PASSWORD)
    EmailAddress.objects.create(user=hedwig, email=hedwig.email, verified=True, primary=True)
    browser = Client()
    assert browser.post("/account/login/", {"login": typed, "password": PASSWORD}).status_code == 302
    assert browser.session["_auth_user_id"] == str(hedwig.pk)
    Client().post("/account/password/reset/", {"email": typed})
    assert mailoutbox[-1].recipients() == [mailed]
    assert "Your reset code" in mailoutbox[-1].subject


def test_email_change_mails_the_typed_address(ada, mailoutbox):
    browser = Client()
    browser.post("/account/login/", {"login": "ada", "password": PASSWORD})
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    answer = browser.post("/account/email/", {"email": "ada@große.example", "action_add": ""})
    assert mailoutbox[-1].recipients() == ["ada@xn--groe-xna.example"]
    assert "ada@große.example" in browser.get(answer.url).text


def test_similar_domains_are_different_mailboxes(db, mailoutbox):
    for name, domain in (("Hedwig", "große.example"), ("Hedda", "grosse.example")):
        fields = {
            "username": name,
            "email": f"h@{domain}",
            "password1": "grey-heron-42",
            "accepts_rules": "on",
        }
        assert Client().post("/account/signup/", fields).status_code == 302
    assert [mail.recipients()[0] for mail in mailoutbox] == ["h@xn--groe-xna.example", "h@grosse.example"]
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    "typed", ["HEDWIG@große.example", "hedwig@GROẞE.Example", "hedwig@xn--groe-xna.example"]
)
def test_other_spelling_of_known_mailbox_makes_no_account(db, mailoutbox, typed):
    User.objects.create_user("Hed", "hedwig@große.example", PASSWORD)
    hed = User.objects.get()
    EmailAddress.objects.create(user=hed, email=hed.email, verified=True, primary=True)
    assert sign_up(typed).status_code == 302
    assert User.objects.count() == 1
    assert "already" in mailoutbox[-1].subject


@pytest.mark.parametrize(("typed", "mailed"), DELIVERABLE_ADDRESSES)
def test_mailed_address_is_its_own_key_and_round_trips(typed, mailed):
    assert email_key(typed) == email_key(mailed) == mailed == normalize_address(mailed)
    domain = mailed.partition("@")[2]
    assert ascii_domain(readable_domain(domain)) == domain
