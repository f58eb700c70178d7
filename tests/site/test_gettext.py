"""Every text that a person reads is marked for translation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import untranslated

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "accounts", "notifications", "forum", "moderation", "config")
# Read by operators in a terminal or a log; the sample community; words of many languages to search for.
EXCLUDED_PATHS = (
    "config/backup/", "config/database/", "config/embedded_postgres/", "config/environment/", "config/sample/",
    "config/server/", "config/settings.py", "config/web/system_checks.py", "config/web/log_format.py", "config/apps.py",
    "config/availability/health.py",
    "/management/", "/migrations/", "forum/thanks/detector.py", "forum/thanks/phrases.py",
)  # fmt: skip


def find_unmarked() -> Iterator[str]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        for words in untranslated.in_template(path.read_text(), is_html=path.suffix == ".html"):
            yield f"{path.relative_to(ROOT)}: {words}"
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if not any(part in name for part in EXCLUDED_PATHS):
                yield from (
                    f"{name}:{line}: {words}" for line, words in untranslated.in_python(path.read_text())
                )
    for path in sorted((ROOT / "static/js").glob("*.js")):
        yield from (
            f"{path.relative_to(ROOT)}: {words}" for words in untranslated.in_script(path.read_text())
        )


def test_every_visible_text_is_marked_for_translation():
    assert list(find_unmarked()) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<p title="Hello there">{{ name }}</p>', ["Hello there"]),
        ('{% include "a.html" with label="Pages, above" only %}', ["Pages, above"]),
        ('{{ name|default:"Nobody yet" }}', ["Nobody yet"]),
        ('{% translate "Hello" %}{% blocktranslate %}Hi {{ name }}{% endblocktranslate %}', []),
        ('{% include "a.html" with label=_("Pages, above") only %}', []),
        ("{# Needs: name #}{% block main_class %}narrow{% endblock %}", []),
    ],
)
def test_unmarked_text_in_template_is_found(source, found):
    assert untranslated.in_template(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("a = 'The topic was closed.'", ["The topic was closed."]),
        ("a = f'{name} closed the topic'", ["{} closed the topic"]),
        ("a = CharField(label='Title')", ["Title"]),
        ("class A(TextChoices):\n    B = 'b', 'Both'", ["Both"]),
        ("a = _('The topic was closed.')", []),
        ("a = CharField(label=_('Title'))", []),
        ("a = ngettext('One post here', '%d posts here', n) % n", []),
        ("log.warning('The topic was closed.')", []),
        ("raise ValueError('The topic was closed.')", []),
        ("def a():\n    'The topic was closed.'", []),
    ],
)
def test_unmarked_text_in_python_is_found(source, found):
    assert [words for _, words in untranslated.in_python(source)] == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('tell("Draft saved")', ['"Draft saved"']),
        ("tell(`Sending ${name}`)", ["`Sending ${name}`"]),
        ('tell(gettext("Draft saved"))', []),
        ('tell(ngettext("One post", "Many posts", n))', []),
        ('// "Draft saved"', []),
    ],
)
def test_unmarked_text_in_script_is_found(source, found):
    assert untranslated.in_script(source) == found
