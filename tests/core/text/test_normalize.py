"""What is removed from a text before it is parsed."""

import pytest
from hypothesis import given, settings, strategies as st

from core.text.normalize import MAX_MARKS, normalize


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("e\u0301", "é"),
        ("a\0b\x07c\td", "abc\td"),
        ("a\u200bb\u202ec\u2066d\ufeff", "abcd"),
        ("👩\u200d🚀 می\u200cخواهم", "👩\u200d🚀 می\u200cخواهم"),
        ("a\ud800b\ufdd1c\uffff\U0001ffff\uf5d1", "a\ufffdb\ufffdc\ufffd\ufffd\ufffd"),
        ("z" + "\u0301" * 99, "ź" + "\u0301" * (MAX_MARKS - 1)),
    ],
)
def test_text_is_normalized_before_parsing(typed: str, expected: str):
    assert normalize(typed) == expected


@settings(deadline=None)
@given(st.text() | st.text("ae\u0301\u0323\u1100\u1161\r\n\u2028\ud800\u200b"))
def test_normalize_is_idempotent(text: str):
    assert normalize(normalize(text)) == normalize(text)
