"""The slug of a title; and URLs with slugs of the previous rule still redirect."""

from urllib.parse import unquote

import pytest
from django.utils.text import slugify

from core.text.slugs import slug_of
from forum.sections.manage import create_section
from tests.conftest import start


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Who rings?", "who-rings"),
        ("  Straße & Groß—ÉTÉ 2026!  ", "straße-groß-été-2026"),
        ("snake_case/and.dots", "snake-case-and-dots"),
        ("हिन्दी में लिखें", "हिन्दी-में-लिखें"),
        ("ภาษาไทยน้ำ", "ภาษาไทยน้ำ"),
        ("বাংলা ভাষায়", "বাংলা-ভাষায়"),
        ("தமிழ் மொழி", "தமிழ்-மொழி"),
        ("မြန်မာ ဘာသာ", "မြန်မာ-ဘာသာ"),
        ("עִבְרִית", "עִבְרִית"),
        ("می‌خواهم", "میخواهم"),
        ("クジラ・ｸｼﾞﾗ", "クジラ-ｸｼﾞﾗ"),
        ("E\u0301te\u0301", "été"),
        ("٣ أجراس", "٣-أجراس"),
        ("☎️ call 1️⃣", "call-1⃣"),
        ("👨‍👩‍👧 🇩🇪", "topic"),
        ("\u0301\u0308", "topic"),
        ("- - -", "topic"),
        ("topic", "topic"),
    ],
)
def test_slug_keeps_letters_digits_and_marks_of_any_script(title: str, slug: str):
    import unicodedata  # noqa: PLC0415

    assert slug_of(title) == unicodedata.normalize("NFC", slug)


@pytest.mark.parametrize("word", ["क्षि", "น้ำ", "e\u0323\u0302", "한", "\u1112\u1161\u11ab", "கொ", "a"])
def test_long_slug_is_cut_between_graphemes(word: str):
    slug = slug_of(word * 80)
    assert len(slug) <= 80
    assert len(slug) > 80 - 8
    assert slug == slug_of(word) * (len(slug) // len(slug_of(word)))


def test_truncated_slug_has_no_trailing_hyphen():
    assert slug_of("a" * 79 + " b") == "a" * 79


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["हिन्दी में", "snake_case it's", "ภาษาไทยน้ำ", "x² ½", "plain"])
def test_urls_with_slugs_of_previous_rule_redirect(talk, ada, guest, sign_in, title):
    topic = start(talk, ada, title)
    old = slugify(title, allow_unicode=True)[:80] or "topic"
    for client in (guest, sign_in(ada)):
        response = client.get(f"/t/{topic.pk}/{old}/?page=1")
        if old == topic.slug:
            assert response.status_code == 200
            continue
        assert response.status_code == 301
        assert unquote(response["Location"]) == f"/t/{topic.pk}/{topic.slug}/?page=1"
        assert response["Cache-Control"] == "no-cache"
        assert client.get(response["Location"]).status_code == 200


@pytest.mark.django_db
def test_section_slug_keeps_combining_marks(noor):
    assert create_section(by=noor, grants={}, name="हिन्दी में").slug == "हिन्दी-में"
