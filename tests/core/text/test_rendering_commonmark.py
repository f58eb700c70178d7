"""Markdown means here what it means elsewhere, except where it differs on purpose: compared with comrak."""

import os
import re
from collections import Counter
from pathlib import Path

import comrak
import pytest

from tests.markdown.differences import EXAMPLES, ON_PURPOSE
from tests.markdown.reference import COMMONMARK, belfrys, reference, tree_of
from tests.markdown.texts import texts
from tests.support.drills import rounds

SPECIFICATION = os.environ.get("COMMONMARK_SPEC")  # `npm pack commonmark-spec` brings it: package/spec.txt
DOCUMENT = Path(__file__).parents[3] / "docs" / "markdown.md"
SAMPLE_SIZE = 5_000

_EXAMPLE = re.compile(r"^`{32} example[^\n]*\n(.*?)^\.\n(.*?)^`{32}$", re.MULTILINE | re.DOTALL)


def differing_texts(count: int) -> list[str]:
    return [text for text in texts(count) if belfrys(text) != reference(text)]


@pytest.mark.slow
def test_random_texts_match_comrak():
    assert differing_texts(150) == []


def test_comparison_detects_differences():
    assert belfrys("*a*") != reference("**a**")
    assert belfrys("- a\n- b") != reference("- a\n\n- b")
    assert belfrys("[a](/b)") != reference("[a](/c)")
    assert belfrys("```\na\t\n```") != reference("```\na\n```")
    assert len(set(texts(150))) > 140


@pytest.mark.parametrize(("name", "text", "html"), ON_PURPOSE, ids=[name for name, _, _ in ON_PURPOSE])
def test_intended_difference_is_real_and_documented(name: str, text: str, html: str):
    assert belfrys(text) == tree_of(html)
    assert tree_of(html) != tree_of(gfm(text)), "no difference any more"
    assert f"## {name}\n" in DOCUMENT.read_text()


def test_documentation_lists_exactly_the_intended_differences():
    names = re.findall(r"^## (.+)$", DOCUMENT.read_text(), re.MULTILINE)
    assert set(names) == {name for name, _, _ in ON_PURPOSE}
    assert EXAMPLES.keys() <= set(names)


def gfm(text: str) -> str:
    extensions, rendering = comrak.ExtensionOptions(), comrak.RenderOptions()
    extensions.table = extensions.strikethrough = extensions.tasklist = extensions.autolink = True
    rendering.unsafe_ = True
    return comrak.render_markdown(text, extensions, render_options=rendering)


@pytest.mark.drill
def test_many_random_texts_match_comrak():
    count = rounds(SAMPLE_SIZE)
    found = differing_texts(count)
    print(f"\n{count} texts made by chance: {count - len(found)} agree, {len(found)} differ")
    assert found == []


@pytest.mark.drill
@pytest.mark.skipif(not SPECIFICATION, reason="COMMONMARK_SPEC names no file with the specification")
def test_specification_examples_match_or_differ_on_purpose():
    on_purpose = {number: name for name, numbers in EXAMPLES.items() for number in numbers}
    counts = Counter[str]()
    by_mistake = []
    for number, text, html in examples():
        ours = belfrys(text)
        if ours == tree_of(html):
            counts["agree"] += 1
        elif ours in (reference(text), reference(text, links_addresses=True)):
            counts["on purpose: line ends, HTML, underlined headings"] += 1
        elif number in on_purpose:
            counts[f"on purpose: {on_purpose.pop(number)}"] += 1
        else:
            by_mistake.append((number, text))
    for name, count in counts.most_common():
        print(f"{count:6}  {name}")
    assert by_mistake == []
    assert on_purpose == {}, "these agree"
    assert counts.total() >= 600


def examples() -> list[tuple[int, str, str]]:
    found = _EXAMPLE.findall(Path(SPECIFICATION or "").read_text(encoding="utf-8").replace("→", "\t"))
    return [(number, text.removesuffix("\n"), html) for number, (text, html) in enumerate(found, start=1)]


def test_comrak_options_change_only_what_they_name():
    """The options of comrak change what they say, and nothing else."""
    assert reference("a\nb") != reference("a\nb", COMMONMARK)
    assert reference("*a*") == reference("*a*", COMMONMARK)
