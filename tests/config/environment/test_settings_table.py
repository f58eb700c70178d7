"""README.md lists every setting, and no other."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
READERS = {"text", "choice", "yes", "number", "words", "time_zone"}


def settings_read() -> set[str]:
    names = set()
    for path in (ROOT / "config").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in READERS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "env"
            ):
                names.add(ast.literal_eval(node.args[0]))
    return names


def settings_listed() -> set[str]:
    table = (ROOT / "README.md").read_text().split("## Settings")[1].split("## Project layout")[0]
    first_cells = re.findall(r"^\| (`[^|]*) \|", table, flags=re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(r"`([A-Z0-9_]+)`", cell)}


@pytest.mark.slow
def test_readme_lists_exactly_the_settings_read():
    assert settings_read() == settings_listed()


def test_readme_explains_every_system_check():
    ids = set(re.findall(r'id="belfry\.([EW]\d+)"', (ROOT / "config/web/system_checks.py").read_text()))
    explained = set(re.findall(r"`(?:belfry\.)?([EW]\d+)`", (ROOT / "README.md").read_text()))
    assert ids == explained
