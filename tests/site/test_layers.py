"""Imports only go down: between apps, between the packages of an app, and never in a circle. The layers are the table
in docs/contributing.md. Imports inside functions and under TYPE_CHECKING count."""

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = [
    "config",
    "moderation",
    "forum",
    "notifications",
    "accounts",
    "core",
]  # each imports only those after it
TABLE = re.compile(r"```layers\n(.*?)```", re.DOTALL)


@cache
def files() -> dict[str, Path]:
    """Returns every module of the apps by its dotted name."""
    paths = (path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    return {_dotted(path): path for path in sorted(paths)}


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_by(module: str, source: str) -> set[str]:
    """Returns the modules of the apps that this source imports; `from package import name` is the module
    `package.name` if there is one."""
    found = set()
    package = module if _is_package(module) else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {_own_module(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, node.module] if node.module else above)
            found |= {_own_module(f"{origin}.{alias.name}") for alias in node.names}
    return found - {"", module}


def _is_package(module: str) -> bool:
    return module in files() and files()[module].name == "__init__.py"


def _own_module(name: str) -> str:
    """Returns the longest beginning of a dotted name that is a module of ours."""
    while name and name not in files():
        name = name.rpartition(".")[0]
    return name


@cache
def imports() -> dict[str, set[str]]:
    return {module: imported_by(module, path.read_text()) for module, path in files().items()}


@cache
def layers() -> dict[str, dict[str, int]]:
    """Returns the layer of each package, by app."""
    lines = TABLE.search((ROOT / "docs/contributing.md").read_text())[1].strip().splitlines()
    table = {}
    for line in lines:
        app, _, rest = line.partition(" ")
        levels = [level.split() for level in rest.split(">")]
        table[app] = {name: -number for number, level in enumerate(levels) for name in level}
    return table


def imports_upwards(module: str, imported: str) -> bool:
    (app, package), (other, below) = _app_and_package(module), _app_and_package(imported)
    if app != other:
        return APPS.index(other) < APPS.index(app)
    if package == below:
        return False
    return layers()[app][package] <= layers()[app][below]


def _app_and_package(module: str) -> tuple[str, str]:
    """Returns app and package. A module right below the app is a package of its own name; the app itself is its
    bottom."""
    parts = module.split(".")
    return parts[0], parts[1] if len(parts) > 1 else "models"


def find_cycle(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_modules_import_only_lower_layers():
    assert [
        (module, name) for module in imports() for name in imports()[module] if imports_upwards(module, name)
    ] == []


def test_no_module_imports_tests_or_bench():
    tops = {
        (module, name.split(".")[0])
        for module, path in files().items()
        for node in ast.walk(ast.parse(path.read_text()))
        for name in _imported_names(node)
    }
    assert {(module, top) for module, top in tops if top in ("tests", "bench")} == set()


def _imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


def test_modules_have_no_import_cycles():
    assert find_cycle(imports()) == []


def test_packages_have_no_import_cycles():
    graph: dict[str, set[str]] = {}
    for module, names in imports().items():
        place = ".".join(_app_and_package(module))
        graph.setdefault(place, set()).update({".".join(_app_and_package(name)) for name in names} - {place})
    assert find_cycle(graph) == []


def test_layer_table_names_every_package():
    for app in APPS:
        there = {_app_and_package(module)[1] for module in files() if module.startswith(f"{app}.")}
        assert there - set(layers()[app]) <= {"apps"}, app


@pytest.mark.parametrize(
    ("module", "source", "upwards"),
    [
        ("forum.posts.create", "from moderation.models import Case", "moderation.models"),
        ("forum.posts.create", "from forum.composer import forms", "forum.composer.forms"),
        ("core.text.links", "def f():\n    import forum.models.post", "forum.models.post"),
        (
            "forum.models.post",
            "if TYPE_CHECKING:\n    from forum.web import pagination",
            "forum.web.pagination",
        ),
    ],
)
def test_control_upward_import_is_detected(module, source, upwards):
    assert [name for name in imported_by(module, source) if imports_upwards(module, name)] == [upwards]


def test_control_import_cycle_is_detected():
    assert find_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
