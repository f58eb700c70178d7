"""The rules of the house: imports only go down, files stay small, HTML passes through one place."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ["core", "accounts", "notifications", "forum", "moderation", "config"]  # from the ground up
LONGEST = 300  # lines
# config/embedded_postgres/server.py and config/environment/variables.py are read by settings, which stand before
# every app.
SETTINGS_NEED = {"config/settings.py"}


def modules() -> list[Path]:
    return [
        path
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def imported_by(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def upward_imports(path: Path, source: str) -> set[str]:
    own = FLOORS.index(path.relative_to(ROOT).parts[0])
    return {name for name in imported_by(source) & set(FLOORS) if FLOORS.index(name) > own}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_go_down(path):
    assert upward_imports(path, path.read_text()) == set()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_needs_what_only_measures_or_tests_it(path):
    assert not {"bench", "tests"} & imported_by(path.read_text())


def test_an_import_that_goes_up_is_seen():
    assert upward_imports(ROOT / "forum/posts/create.py", "from moderation.models import Case") == {
        "moderation"
    }
    assert upward_imports(ROOT / "core/text/name_keys.py", "def f():\n    import forum.models") == {"forum"}


@pytest.mark.parametrize(
    "path",
    [
        path
        for pattern in ("*.py", "*.html", "*.css", "*.js")
        for path in sorted(ROOT.rglob(pattern))
        if not {"migrations", ".venv", "var", "node_modules"} & set(path.relative_to(ROOT).parts)
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_file_is_short_enough_to_be_read_at_once(path):
    assert len(path.read_text().splitlines()) <= LONGEST


def test_html_passes_through_one_place():
    """Everything else is escaped by Django's templates."""
    through = re.compile(r"\bmark_safe\(|\|\s*safe\b|autoescape off|SafeString\(")
    found = {
        str(path.relative_to(ROOT))
        for folder in (*FLOORS, "templates")
        for pattern in ("*.py", "*.html")
        for path in (ROOT / folder).rglob(pattern)
        if through.search(path.read_text())
    }
    assert found == {"forum/templatetags/rendered.py"}


def test_no_signals_no_save_overrides():
    for path in modules():
        source = path.read_text()
        assert "@receiver" not in source, path
        if "models" in path.parts or path.name == "models.py":
            assert "def save(self" not in source, path


def test_whether_something_is_a_number_is_asked_in_one_place():
    """`int` and `isdigit` each take what the other does not, and what no id is; and a number of a megabyte."""
    # Two know no app: what the server's environment says, and how long a request says it is. One reads Markdown.
    own = {"config/environment/variables.py", "config/server/request_limits.py", "core/text/blocks.py"}
    found = {str(path.relative_to(ROOT)) for path in modules() if ".isdigit()" in path.read_text()}
    assert found - own == {"core/web/request_values.py"}


def test_whether_a_script_asks_is_asked_in_one_place():
    asks = re.compile(r"headers(\.get\(|\[)[\"']Accept[\"']|\.accepts\(")
    found = {str(path.relative_to(ROOT)) for path in modules() if asks.search(path.read_text())}
    assert found == {"core/web/request_values.py"}
