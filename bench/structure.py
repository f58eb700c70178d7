"""`python -m bench.structure [TREE]`: how large and how entangled the code is, and how much there is to read for five
actions.

Counts lines of Python without migrations; a function's lines are those of its definition.

An action needs its view and every function and class of the apps that it names, and what these name in turn; methods
are counted with their class. Models and `core` are not followed: every reader knows that vocabulary.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import median, quantiles

APPS = ("core", "accounts", "notifications", "forum", "moderation", "config")
NOT_FOLLOWED = ("core.", "config.")
# Each action, with the URL name of its view in the two apps that have pages of topics and posts.
ACTIONS = {"close": "moderation:close", "report": "moderation:report", "edit": "forum:edit", "reply": "forum:reply",
           "show a topic page": "forum:topic"}  # fmt: skip

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass
class Module:
    name: str
    tree: ast.Module
    lines: int
    is_package: bool
    definitions: dict[str, Definition] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)  # local name -> dotted name


class Tree:
    def __init__(self, root: Path) -> None:
        self.modules: dict[str, Module] = {}
        for path in sorted(path for app in APPS for path in (root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                self._add(path.relative_to(root), path.read_text())

    def _add(self, path: Path, source: str) -> None:
        parts = path.with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        module = Module(name, ast.parse(source), len(source.splitlines()), is_package)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom):
                base = self._base(module, node)
                module.imports |= {alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names}
        module.definitions = {node.name: node for node in module.tree.body if isinstance(node, Definition)}
        self.modules[name] = module

    @staticmethod
    def _base(module: Module, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = module.name.split(".")
        parents = parts[: len(parts) - node.level + module.is_package]
        return ".".join([*parents, *([node.module] if node.module else [])])

    @cached_property
    def arrows(self) -> dict[str, set[str]]:
        """Returns which modules each module imports, imports inside functions included."""
        found: dict[str, set[str]] = defaultdict(set)
        for module in self.modules.values():
            for dotted in module.imports.values():
                target = dotted if dotted in self.modules else dotted.rpartition(".")[0]
                if target in self.modules and target != module.name:
                    found[module.name].add(target)
        return found

    def resolve(self, dotted: str, seen: tuple[str, ...] = ()) -> tuple[Module, Definition] | None:
        """Returns the definition of `module.name`, through modules that pass it on."""
        owner, _, name = dotted.rpartition(".")
        module = self.modules.get(owner)
        if module is None or dotted in seen:
            return None
        if name in module.definitions:
            return module, module.definitions[name]
        return self.resolve(module.imports[name], (*seen, dotted)) if name in module.imports else None

    def needed_for(self, module: Module, definition: Definition) -> Iterator[tuple[Module, Definition]]:
        """Yields this definition and what it names, each once."""
        pending, seen = [(module, definition)], set()
        while pending:
            at, node = pending.pop()
            if (at.name, node.name) in seen or at.name.startswith(NOT_FOLLOWED) or ".models" in at.name:
                continue
            seen.add((at.name, node.name))
            yield at, node
            pending += [found for dotted in _names_in(node, at) if (found := self.resolve(dotted))]

    def view(self, url_name: str) -> tuple[Module, Definition] | None:
        """Returns the view behind a URL name; decorators and wrappers are looked through."""
        app, _, name = url_name.partition(":")
        urls = self.modules[f"{app}.urls"]
        for node in ast.walk(urls.tree):
            if isinstance(node, ast.Call) and any(
                keyword.arg == "name"
                and isinstance(keyword.value, ast.Constant)
                and keyword.value.value == name
                for keyword in node.keywords
            ):
                for dotted in _names_in(node.args[1], urls):
                    found = self.resolve(dotted)
                    if found and "view" in found[0].name:
                        return found
        return None


def _names_in(node: ast.AST, module: Module) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            if each.value.id in module.imports:
                yield f"{module.imports[each.value.id]}.{each.attr}"
        elif isinstance(each, ast.Name):
            if each.id in module.imports:
                yield module.imports[each.id]
            elif each.id in module.definitions:
                yield f"{module.name}.{each.id}"


def length(node: Definition) -> int:
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return (node.end_lineno or first) - first + 1


def cycles(arrows: dict[str, set[str]]) -> int:
    """Returns how many groups of nodes reach each other (Tarjan's strongly connected components of two or more)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = 0

    def visit(node: str) -> None:
        nonlocal found
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in arrows.get(node, ()):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            members = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            found += len(members) > 1

    for node in list(arrows):
        if node not in index:
            visit(node)
    return found


def package_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def spread(sizes: Iterable[int]) -> str:
    found = sorted(sizes)
    return f"{median(found):g} / {quantiles(found, n=10)[-1]:g} / {found[-1]}"


def main() -> None:
    sys.setrecursionlimit(10_000)
    tree = Tree(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    written = [module for module in tree.modules.values() if module.lines]
    functions = [
        length(node)
        for module in written
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    packages: dict[str, set[str]] = defaultdict(set)
    for source, targets in tree.arrows.items():
        packages[package_of(source)] |= {package_of(target) for target in targets} - {package_of(source)}
    print(f"files                         {len(written)}")
    print(f"lines                         {sum(module.lines for module in written)}")
    print(f"file, median / p90 / max      {spread(module.lines for module in written)}")
    print(f"function, median / p90 / max  {spread(functions)}")
    print(f"cycles by file, by package    {cycles(tree.arrows)}, {cycles(packages)}")
    for action, url_name in ACTIONS.items():
        view = tree.view(url_name)
        needed = list(tree.needed_for(*view)) if view else []
        size = sum(length(node) for _, node in needed)
        print(f"{action:29} {size} lines in {len({module.name for module, _ in needed})} files")


if __name__ == "__main__":
    main()
