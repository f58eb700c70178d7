"""A text that cannot be rendered is shown as it was typed."""

import logging

import pytest

from core import text as core_text
from core.text import Rendered, render
from core.text.references import References


def test_text_that_fails_to_render_is_shown_as_typed(monkeypatch, caplog: pytest.LogCaptureFixture):
    def fail(text: str) -> str:
        raise RecursionError

    monkeypatch.setattr(core_text, "to_html", fail)
    with caplog.at_level(logging.ERROR):
        rendered = render("*a* <b>\nb\n\nc", host="forum.example")
    assert rendered == Rendered("<p>*a* &lt;b&gt;<br>b</p><p>c</p>", "*a* <b> b c")
    assert "could not be rendered" in caplog.text
    assert "*a*" not in caplog.text  # the log must not contain what members write


def test_fallback_rendering_leaves_out_quotes(monkeypatch):
    monkeypatch.setattr(core_text, "to_html", None)
    quoted_text = "a\n\t> [ada wrote](/p/1/?revision=1):\n  > Secret.\nb"
    assert render(quoted_text, refers_to=References(cuts_quotes=True)).html == "<p>a<br>b</p>"
