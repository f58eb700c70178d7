"""House rules: files stay small, HTML passes through one place."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ["core", "accounts", "notifications", "forum", "moderation", "config"]
MAX_FILE_LINES = 300  # lines
TEMPLATE_LINE_MAX = 120  # characters
EXCLUDED_FOLDERS = {"migrations", ".venv", "var", "node_modules"}


def modules() -> list[Path]:
    return [
        path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
    ]


def test_source_files_have_at_most_300_lines():
    written = (path for pattern in ("*.py", "*.html", "*.css", "*.js") for path in ROOT.rglob(pattern))
    own = [
        path.relative_to(ROOT) for path in written if not EXCLUDED_FOLDERS & set(path.relative_to(ROOT).parts)
    ]
    assert [path for path in own if len((ROOT / path).read_text().splitlines()) > MAX_FILE_LINES] == []


def test_templates_have_short_lines():
    templates = sorted((ROOT / "templates").rglob("*.*"))
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > TEMPLATE_LINE_MAX
    ]
    assert long == []


def test_html_is_marked_safe_in_one_module_only():
    """Everything else is escaped by Django's templates."""
    through = re.compile(r"\bmark_safe\(|\|\s*safe\b|autoescape off|SafeString\(")
    found = {
        str(path.relative_to(ROOT))
        for folder in (*APPS, "templates")
        for pattern in ("*.py", "*.html")
        for path in (ROOT / folder).rglob(pattern)
        if through.search(path.read_text())
    }
    assert found == {"forum/templatetags/rendered.py"}


def test_apps_use_no_signals_or_save_overrides():
    for path in modules():
        source = path.read_text()
        assert "@receiver" not in source, path
        if "models" in path.parts or path.name == "models.py":
            assert "def save(self" not in source, path


def test_isdigit_is_used_in_one_module_only():
    """`int` and `isdigit` each accept what the other does not, and what is no id; and a number of a megabyte."""
    # Two know no app: what the server's environment says, and how long a request says it is. One reads Markdown.
    own = {"config/environment/variables.py", "config/server/request_limits.py", "core/text/blocks.py"}
    found = {str(path.relative_to(ROOT)) for path in modules() if ".isdigit()" in path.read_text()}
    assert found - own == {"core/web/request_values.py"}


def test_accept_header_is_read_in_one_module_only():
    asks = re.compile(r"headers(\.get\(|\[)[\"']Accept[\"']|\.accepts\(")
    found = {str(path.relative_to(ROOT)) for path in modules() if asks.search(path.read_text())}
    assert found == {"core/web/request_values.py"}
