"""Every text is readable on its background in both themes: 7:1 for text, 4.5:1 for marks, edges and the focus."""

import re
from pathlib import Path

import pytest

from config.web.static_files import CSS_PARTS

STATIC = Path(__file__).parents[2] / "static"
TOKENS = (STATIC / "css/tokens.css").read_text()

LITERAL = re.compile(r"--([\w-]+): (#[0-9a-f]{6,8});")
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6,8}), (#[0-9a-f]{6,8})\);")

literals = dict(LITERAL.findall(TOKENS))
light = literals | {name: day for name, day, _ in PAIR.findall(TOKENS)}
dark = literals | {name: night for name, _, night in PAIR.findall(TOKENS)}

PLAIN_BACKGROUNDS = ["paper", "surface", "sunk"]
TEXTS = [
    *[(text, background) for text in ("ink", "muted", "link", "bronze") for background in PLAIN_BACKGROUNDS],
    *[(text, "bronze-tint") for text in ("ink", "muted", "link", "bronze")],
    *[(text, "good-tint") for text in ("ink", "muted", "link", "good")],
    *[(text, "bad-tint") for text in ("ink", "muted", "link", "bad")],
    ("bad", "paper"),  # an error beside its field
    ("bad", "surface"),
    ("paper", "ink"),  # a button, the current page, "Closed"
    ("paper", "bronze"),  # a count, a button under the pointer
    ("paper", "bad"),  # a button that removes something
    *[("avatar-letter", f"hue-{n}") for n in range(1, 7)],
]
MARKS = [
    *[(mark, background) for mark in ("field", "bronze-line") for background in PLAIN_BACKGROUNDS],
    *[(mark, "bronze-tint") for mark in ("bronze-line", "field")],
    *[
        ("link", background) for background in (*PLAIN_BACKGROUNDS, "bronze-tint", "good-tint", "bad-tint")
    ],  # the focus
    ("bad", "bad-tint"),
    ("good", "good-tint"),
]


def luminance(colour: str) -> float:
    """Returns the relative luminance of a colour, as WCAG defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Returns the contrast, from 1:1 (the same) to 21:1 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_defines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [light, dark], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "background"), TEXTS)
def test_text_has_contrast_of_at_least_7(theme: dict[str, str], text: str, background: str):
    assert contrast(theme[text], theme[background]) >= 7


@pytest.mark.parametrize("theme", [light, dark], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "background"), MARKS)
def test_mark_has_contrast_of_at_least_4_5(theme: dict[str, str], mark: str, background: str):
    assert contrast(theme[mark], theme[background]) >= 4.5


def test_browser_without_light_dark_uses_light_theme():
    for name, day, _ in PAIR.findall(TOKENS):
        assert literals[name] == day, name


@pytest.mark.parametrize("part", [part for part in CSS_PARTS if part != "css/tokens.css"])
def test_only_tokens_stylesheet_defines_colors(part: str):
    rules = re.sub(r"/\*.*?\*/", "", (STATIC / part).read_text(), flags=re.S)
    assert not re.search(r"#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|oklab|lab|lch|color-mix)a?\(", rules)
