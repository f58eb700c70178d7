"""Which names a member may have, and which two look alike."""

import string
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from hypothesis import given, settings, strategies as st

from core.text.name_keys import RESERVED_NAMES, check_name, email_key, name_key

if not django_settings.configured:
    django_settings.configure()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "ada",
            "Ada.Lovelace",
            "a1",
            "1a",
            "x_y-z",
            "m" * 30,
            "admin",
            "moderator",
            "member",
            "Zoë",
            "Łukasz",
        ),
        *(
            "Дмитрий",
            "Ελένη",
            "שרה",
            "عمر",
            "田中さん",
            "タロー",
            "김철수",
            "金철수",
            "नमिता",
            "สมชาย",
            "Nguyễn",
            "ÅSE",
        ),
        *("陳ㄔㄣ", "佐々木", "c3po", "Joe_1986", "ßen"),
    ],
)
def test_common_names_are_accepted(name: str):
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "length"),
        ("a", "length"),
        ("a" * 31, "length"),
        ("ada lovelace", "space"),
        (" ada", "space"),
        ("ada\u00a0", "space"),
        ("ada\n", "space"),
        ("ada\u3000x", "space"),
        ("admin\u200b", "letters"),
        ("ad\u202emin", "letters"),
        ("ad\u2066min", "letters"),
        ("ad\u200dmin", "letters"),
        ("ad\u00admin", "letters"),
        ("ad\ufeffmin", "letters"),
        ("ada\u3164x", "letters"),
        ("ada\u1160", "letters"),
        ("ada\ufe0f", "letters"),
        ("\u24b6dmin", "letters"),
        ("ａｄａ", "letters"),
        ("𝐚𝐝𝐚", "letters"),
        ("ﬁona", "letters"),
        ("ada!", "letters"),
        ("ada@home", "letters"),
        ("ada/lace", "letters"),
        ("<b>ada", "letters"),
        ("ada😀", "letters"),
        ("x\u0336y\u0336", "letters"),
        ("adaʼs", "letters"),
        ("a\0b", "letters"),
        ("a\ud800b", "letters"),
        (".ada", "ends"),
        ("ada.", "ends"),
        ("_ada", "ends"),
        ("ada-", "ends"),
        ("--", "ends"),
        ("\u093eक", "ends"),
        ("раypal", "script"),
        ("аdmin", "script"),
        ("ρaul", "script"),
        ("adaさん", "script"),
        ("かな김", "script"),
        ("belfry", "reserved"),
        ("BeIfry", "reserved"),
        ("Staff", "reserved"),
        ("supp0rt", "reserved"),
        ("no-reply", "reserved"),
    ],
)
def test_invalid_names_are_rejected(name: str, code: str):
    with pytest.raises(ValidationError) as error:
        check_name(name)
    assert error.value.code == code
    assert error.value.message.endswith(".")


def test_name_is_normalized_to_nfc():
    assert check_name("Zoe\u0308") == "Zoë"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("admin", "ADMIN"),
        ("admin", "аdmin"),
        ("paypal", "раураl"),
        ("paypal", "PAYPAL"),
        ("dora", "d0ra"),
        ("dora", "DORA"),
        ("mary", "rnary"),
        ("wendy", "vvendy"),
        ("belfry", "beIfry"),
        ("bill", "bi11"),
        ("scope", "ѕсоре"),
        ("het", "нет"),
        ("ΜΑΡΙΑ", "μαρια"),
        ("oleg", "οleg"),
        ("straße", "STRASSE"),
        ("zoë", "ZOE\u0308"),
        ("ada", "ａｄａ"),
        ("ada", "Ⓐda"),
        ("kim", "\u212aim"),
        ("ſam", "sam"),
    ],
)
def test_lookalike_names_have_the_same_key(one: str, other: str):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("ada", "eda"),
            ("jose", "josé"),
            ("a.b", "a_b"),
            ("a-b", "ab"),
            ("nora", "vora"),
            ("tom", "torn5"),
        ),
        *(
            ("maria", "marla2"),
            ("дима", "дина"),
            ("田中", "田口"),
            ("hugo", "nugo"),
            ("yuri", "uuri"),
            ("sam5", "sams"),
        ),
    ],
)
def test_different_names_have_different_keys(one: str, other: str):
    assert name_key(one) != name_key(other)


def test_only_lookalike_ascii_characters_share_a_key():
    """Only the pairs that one typeface or another really draws alike share a key."""
    letters_by_key: dict[str, str] = {}
    for letter in string.ascii_lowercase + string.digits:
        letters_by_key[name_key(letter)] = letters_by_key.get(name_key(letter), "") + letter
    assert sorted(group for group in letters_by_key.values() if len(group) > 1) == ["il1", "o0"]


def test_role_names_are_not_reserved():
    assert {name_key(name) for name in ("admin", "moderator", "member")}.isdisjoint(
        map(name_key, RESERVED_NAMES)
    )


@settings(deadline=None)
@given(st.text(max_size=40))
def test_keys_are_idempotent(name: str):
    assert name_key(name_key(name)) == name_key(name)
    assert email_key(email_key(name)) == email_key(name)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_key_ignores_case(name: str):
    assert name_key(name.casefold()) == name_key(name)


@settings(deadline=None)
@given(st.text("aZ9._-éяλ字かカ한ーשा\u0301\u200b ", min_size=0, max_size=32) | st.text(max_size=32))
def test_accepted_name_passes_the_check_again_unchanged(name: str):
    try:
        accepted = check_name(name)
    except ValidationError:
        return
    assert check_name(accepted) == accepted
    assert 2 <= len(accepted) <= 30
    assert name_key(accepted)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.org", "ada@example.org"),
        (" ada@example.org\u00a0", "ada@example.org"),
        ("ａda@example.org", "ada@example.org"),
        ("straße@example.org", "STRASSE@example.org"),
    ],
)
def test_spellings_of_one_email_address_share_a_key(one: str, other: str):
    assert email_key(one) == email_key(other)


def test_lookalike_email_addresses_have_different_keys():
    assert email_key("mıke@example.org") != email_key("mike@example.org")
    assert email_key("dora@example.org") != email_key("d0ra@example.org")


@pytest.mark.slow
def test_import_does_not_load_confusables_table():
    code = "import sys, core.text.name_keys; sys.exit('confusable_homoglyphs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
