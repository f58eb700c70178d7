"""Every variable of a template is given to it somewhere: a renamed one would be empty without an error."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "config", "core", "forum", "moderation", "notifications")
FROM_LIBRARIES = {
    "block",
    "csrf_token",
    "field",
    "forloop",
    "form",
    "messages",
    "redirect_field",
    "request",
    "user",
}
OF_ALLAUTH = {"account", "allauth", "mfa"}  # folders whose templates allauth's views render
WORDS_OF_TAGS = {
    "and", "as", "asvar", "by", "context", "count", "if", "in", "include", "is", "not", "only", "or", "reversed",
    "silent", "trimmed", "with", "True", "False", "None",
}  # fmt: skip
WITHOUT_VARIABLES = {
    "block",
    "comment",
    "endblock",
    "endblocktranslate",
    "extends",
    "load",
    "plural",
    "translate",
}


def names_in_python() -> set[str]:
    """Returns every word that stands alone in a string (a key of a context), and every name of a keyword argument."""
    names = set()
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg:
                names.add(node.arg)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                names.add(node.value)
    return names


def names_given_by(source: str) -> set[str]:
    """Returns the names that a template assigns, for itself or for what it includes."""
    loops = re.findall(r"{% for ([\w, ]+) in", source)
    return {
        *re.findall(r"\b(\w+)=", source),
        *re.findall(r" as (\w+)", source),
        *(name.strip() for names in loops for name in names.split(",")),
    }


def names_used_by(source: str) -> set[str]:
    names: set[str] = set()
    for variable, tag in re.findall(r"{{\s*(.*?)\s*}}|{%\s*(.*?)\s*%}", source):
        name, _, rest = tag.partition(" ")
        expression = variable or ("" if name in WITHOUT_VARIABLES else rest)
        without_strings = re.sub(r"\"[^\"]*\"|'[^']*'", " ", expression)
        names.update(
            re.findall(r"(?<![\w.:|%])([A-Za-z_]\w*)(?![\w=])", re.sub(r"\|\w+", " ", without_strings))
        )
    return names - WORDS_OF_TAGS


def test_every_template_variable_is_given_somewhere():
    sources = {
        path: re.sub(r"{#.*?#}|{% comment .*?endcomment %}", "", path.read_text(), flags=re.S)
        for path in (ROOT / "templates").rglob("*")
        if path.suffix in (".html", ".txt")
    }
    given = names_in_python().union(FROM_LIBRARIES, *map(names_given_by, sources.values()))
    unknown = {
        str(path.relative_to(ROOT)): missing
        for path, source in sources.items()
        if path.relative_to(ROOT / "templates").parts[0] not in OF_ALLAUTH
        and (missing := names_used_by(source) - given)
    }
    assert unknown == {}


def test_control_finds_a_variable_that_is_not_given():
    template = '{% if one.two %}{{ three|default:"four" }}{% endif %}{% include "x" with five=six only %}'
    assert names_used_by(template) == {"one", "three", "six"}
    assert names_given_by(template) == {"five"}
