"""No text becomes HTML of many times its length, and none of its words are lost where it would."""

import pytest

from core import text as core_text
from core.text import render, tables
from core.text.as_typed import MAX_LENGTH, MIN_LIMIT
from core.text.plain_text import plain_text_of
from core.text.references import MentionedMember, Picture, References
from core.text.tables import MAX_CELLS
from forum.models.maximum_lengths import BODY_MAX
from tests.core.text.test_rendering_cost import html_length
from tests.payloads.generators import table
from tests.payloads.slow import SLOW

TABLES = [name for name in SLOW if name.startswith(("table of", "tables of"))]
COLUMN_ALIGNMENTS = ["-", ":-:", "-:"]


def html_of(text: str, **said: object) -> str:
    return render(text, host="forum.example", refers_to=References(cuts_quotes=True, **said)).html


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_slow_table_texts_really_are_tables(name: str, monkeypatch):
    """The control: without bounds the text would be a table."""
    monkeypatch.setattr(tables, "MAX_FACTOR", 1_000)
    monkeypatch.setattr(tables, "MAX_CELLS", 10_000)
    monkeypatch.setattr(core_text, "max_html_length", lambda length: 1_000 * length)
    made = render(SLOW[name](600), host="forum.example", refers_to=References(cuts_quotes=True))
    assert "<table>" in made.html + "".join(quote.html for quote in made.quotes)


@pytest.mark.slow
@pytest.mark.parametrize("dash", COLUMN_ALIGNMENTS)
def test_wide_table_with_nearly_empty_rows_is_shown_as_text(dash: str):
    text = table(30, dash=dash)(BODY_MAX)
    html = html_of(text)
    assert len(html) <= 10 * len(text)
    assert "<table>" not in html
    assert html.startswith("<p>|a|a|a")


@pytest.mark.slow
@pytest.mark.parametrize("dash", COLUMN_ALIGNMENTS)
def test_many_small_tables_share_one_size_limit(dash: str):
    text = (table(30, dash=dash)(200) + "\n\n") * 150
    assert len(html_of(text)) <= 10 * len(text) + MIN_LIMIT


def test_short_rows_are_filled_and_alignment_kept_within_limit():
    html = html_of("|a|b|c|\n|:-:|-:|-|\n" + "|d|\n" * 30)
    assert html.count("<td") == 90
    assert html.count('<td class="centre">') == 30


def test_dense_table_drops_alignment_before_becoming_text():
    """Its alignment is dropped before the table is."""
    html = html_of("|a" * 20 + "|\n" + "|-:" * 20 + "|\n" + ("|1" * 20 + "|\n") * 100)
    assert html.count("<td>1</td>") == 2_000


@pytest.mark.slow
def test_number_of_table_cells_is_limited():
    row = "|words" * 10 + "|\n"
    head = "|words" * 10 + "|\n" + "|-----" * 10 + "|\n"
    most = MAX_CELLS // 10 - 1
    # Longer than a form accepts: the renderer has a bound of its own.
    assert html_of(head + row * most).count("<td>") == most * 10
    assert "<table>" not in html_of(head + row * (most + 1))
    assert html_of((head + row * (most // 2 - 2) + "\n\n") * 3).count("<table>") == 2


def test_text_over_the_html_limit_is_shown_as_typed():
    text = "\n\n".join([">>>>>a", "*b* <c>"] * 400)
    html = html_of(
        "\n".join(["@ad"] * 2_000) + f"\n\n{text}", people={"ad": MentionedMember(1, f"/u/{'x' * 90}/")}
    )
    assert html.startswith("<p>@ad<br>@ad<br>")
    assert "<p>&gt;&gt;&gt;&gt;&gt;a</p><p>*b* &lt;c&gt;</p>" in html


@pytest.mark.slow
@pytest.mark.parametrize("text", ["@ad " * 8_000, "@ad\n" * 8_000, "*@ad* " * 5_000, "- @ad\n" * 5_000])
def test_mentions_with_long_urls_stay_within_html_limit(text: str):
    html = html_of(text, people={"ad": MentionedMember(1, "/u/" + "%E9%90%98" * 30 + "/")})
    assert len(html) <= 10 * len(text)
    assert plain_text_of(html).text.count("@ad") == text.count("@ad")


def test_short_text_can_mention_member_with_long_url():
    assert "<a " in html_of("@ad", people={"ad": MentionedMember(1, "/u/" + "%E9%90%98" * 30 + "/")})


def test_twenty_pictures_are_shown_but_hundreds_of_repeats_are_not():
    keys = [f"{n:032x}" for n in range(20)]
    known = {key: Picture(2_000, 1_000, 800, 'said "so" ' * 30) for key in keys}
    pictures = "\n\n".join(f"![](/a/{key}/)" for key in keys)
    assert html_of(pictures, attached=known).count("<img") == 20
    text = f"![](/a/{keys[0]}/)\n" * 700
    html = html_of(text, attached={keys[0]: known[keys[0]]})
    assert len(html) <= 10 * (len(text) + 300) + MIN_LIMIT
    assert html.count(keys[0]) >= 700


def test_quotes_are_cut_out_of_text_shown_as_typed():
    said = "> [ada wrote](/p/1/?revision=2): her\n> words\n\nMine.\n\n"
    left_out = "> > [ada wrote](/p/3/?revision=1):\n> > secret\n\n"
    names = "@ad " * 2_000
    people = {"ad": MentionedMember(1, "/u/" + "x" * 90 + "/")}
    made = render(f"{said}{left_out}{said}{names}", refers_to=References(people=people, cuts_quotes=True))
    assert [(quote.post, quote.revision, quote.html) for quote in made.quotes] == [
        (1, 2, "<p>her<br>words</p>"),
        (1, 2, "<p>her<br>words</p>"),
    ]
    assert made.html.startswith("<!--quote 0--><p>Mine.</p><p>[…]</p><!--quote 1--><p>Mine.</p><p>@ad @ad")
    assert "secret" not in made.html
    assert made.people == (1,)
    assert made.excerpt.startswith("Mine. […] Mine. @ad")


@pytest.mark.slow
def test_html_length_is_limited_for_any_text_length():
    text = "> a\nb\n" * 60_000
    assert html_length(render(text)) <= max(MAX_LENGTH, len(text) * 3)
