"""The lexemes of a text, a title and the facts about a post."""

from datetime import datetime

import pytest
from django.db import connection

from forum.search_index import lexemes
from forum.search_index.lexemes import of_text, of_title
from forum.search_index.stems import stem_of


def test_words_have_positions_and_stems():
    found = of_text("Batteries are charging batteries", language="en").positions
    assert found == {
        "batteries": [1, 4], "=batteri": [1, 4], "are": [2], "charging": [3], "=charg": [3]
    }  # fmt: skip


def test_title_is_found_as_such_and_as_part_of_the_post():
    text = of_text("Some words", language="en")
    title = of_title("New bells", language="en", after=text.last)
    assert title.positions == {
        "new": [5], "bells": [6], "=bell": [6], "^new": [5], "^bells": [6], "^=bell": [6]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("hour", "month"), [("2026-11-30T23:59:59+00:00", "202611"), ("2026-12-01T00:30:00+01:00", "202611")]
)
def test_months_are_those_of_utc(hour, month):
    assert lexemes.in_month(datetime.fromisoformat(hour)) == f"@m{month}"


@pytest.mark.parametrize(
    ("language", "word", "stem"),
    [
        ("en", "batteries", "batteri"),
        ("de", "glocken", "glock"),
        ("fr", "cloches", "cloch"),
        ("ru", "колокола", "колокол"),
        ("", "batteries", "batteries"),
        ("xx", "batteries", "batteries"),
    ],
)
def test_stem_is_that_of_the_language(language, word, stem):
    assert stem_of(word, language) == stem


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "it's a back\\slash",
        "日本語とC++",
        "a " * 20_000,
        " ".join(map(str, range(20_000))),
        "x" * 32_000,
        "\0",
    ],
)
def test_postgresql_reads_every_text(text):
    written = str(of_text(text, language="en"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [written])
        (number,) = cursor.fetchone()
    assert number == len(of_text(text, language="en").positions)


@pytest.mark.django_db
@pytest.mark.parametrize("lexeme", ["'", "\\", "a'b\\c", "''", "\\'"])
def test_lexemes_are_quoted(lexeme):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(%s::tsvector)", [lexemes.quoted(lexeme)])
        assert cursor.fetchone() == ([lexeme],)
