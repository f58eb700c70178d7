"""Finds texts that a person reads and that are not marked for translation, in templates, Python and scripts."""

import ast
import re
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

WORD = re.compile(r"[^\W\d_]{2,}")
READ_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title", "data-confirm"}
NOT_READ_ELEMENTS = {"script", "style", "code", "kbd"}
TRANSLATED_BLOCKS = {"comment", "blocktranslate", "verbatim"}
TAGS_WITHOUT_TEXT = {"translate", "plural", "now", "load", "if", "elif", "url", "static"}
ARGUMENT = re.compile(r'(_\()?"([^"]*)"')
LABEL = re.compile(r"[A-Z][a-z]+( |$|[.,:])|.*[a-z] [a-z]")

GETTEXT = {"gettext", "ngettext", "pgettext", "npgettext"}
MARKS = {"_", "gettext_noop", *GETTEXT, *(f"{name}_lazy" for name in GETTEXT)}
# What these raise or write is read by developers and operators.
FOR_OPERATORS = {
    "AssertionError", "BadRequest", "CommandError", "Http404", "ImproperlyConfigured", "KeyError", "LookupError",
    "NotImplementedError", "OSError", "RuntimeError", "SystemExit", "TemplateSyntaxError", "TypeError", "ValueError",
}  # fmt: skip
NOT_READ_CALLS = {"print", "RunSQL", "execute", "getLogger", "compile", "cast"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
READ_KEYWORDS = {
    "label",
    "help_text",
    "empty_label",
    "message",
    "title",
    "words",
    "explanation",
    "verbose_name",
}
SENTENCE = re.compile(
    r"^\W*[A-Z][\w’'-]*[,.:]? +\S*[a-z]{2}|^\W*[A-Z].*[a-z]{2}[.!?]$|^\W*[a-z’]+(?: [a-z’]+){2,}"
)
SQL = re.compile(
    r"\b(SELECT|UPDATE|INSERT|DELETE|CREATE|FROM|WHERE|SET|LOCK|ORDER BY|NOTIFY|ALTER|ANALYZE|VACUUM)\b"
)
CODE = re.compile(r"[<>{}=;|\\^]|^\s*#|; |^[A-Z][a-z]+-[A-Z]|^nofollow ")  # and names of headers

COMMENT = re.compile(r"(?m)(^|\s)//.*$")
LITERAL = re.compile(r"\"[^\"\n]*\"|`[^`]*`")
READ_LITERAL = re.compile(r"[\"`](?:[A-Z][a-z]+[ .,:?!]| ?[A-Z$].*[a-z] [a-z])")
MARKED_LITERAL = re.compile(r"n?gettext\((?:\s*\"[^\"\n]*\",)?\s*$")


class _Texts(HTMLParser):
    """Collects the words that a reader sees in HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._not_read = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._not_read += tag in NOT_READ_ELEMENTS
        self.found += [
            value for name, value in attrs if name in READ_ATTRIBUTES and value and WORD.search(value)
        ]

    def handle_endtag(self, tag: str) -> None:
        self._not_read -= tag in NOT_READ_ELEMENTS

    def handle_data(self, data: str) -> None:
        if not self._not_read and WORD.search(data):
            self.found.append(data.strip())


def in_template(source: str, *, is_html: bool = True) -> list[str]:
    """Returns what is between the tags, in attributes that are read, and in strings that a tag passes on."""
    text: list[str] = []
    found: list[str] = []
    inside = ""  # of a block that is translated, or is no text
    for token in Lexer(source).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.token_type is TokenType.BLOCK else ""
        if inside:
            inside = "" if name == inside else inside
        elif name in TRANSLATED_BLOCKS:
            inside = f"end{name}"
        elif token.contents == "block main_class":  # CSS classes
            inside = "endblock"
        elif token.token_type is TokenType.TEXT:
            text.append(token.contents)
        elif token.token_type is not TokenType.COMMENT and name not in TAGS_WITHOUT_TEXT:
            found += _strings_in(token)
    if not is_html:
        return found + [line for line in "".join(text).splitlines() if WORD.search(line)]
    reader = _Texts()
    reader.feed("".join(text))
    reader.close()
    return found + reader.found


def _strings_in(token: Token) -> list[str]:
    if token.token_type is TokenType.VAR and "|date" in token.contents:
        return []
    return [words for mark, words in ARGUMENT.findall(token.contents) if not mark and LABEL.match(words)]


def in_python(source: str) -> list[tuple[int, str]]:
    """Returns the lines and texts of strings that look like sentences or labels."""
    tree = ast.parse(source)
    known: set[ast.AST] = set()  # marked, or never read
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        known |= _not_read(node)
        found += [(constant.lineno, words) for constant, words in _labels(node) if constant not in known]
        known |= {constant for constant, _ in _labels(node)}
    for node in ast.walk(tree):
        if node in known:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
            known |= set(parts)
            words = "".join(part.value if part in parts else "{}" for part in node.values)  # type: ignore[attr-defined]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value
        else:
            continue
        bare = words.replace("{}", "")
        if SENTENCE.search(bare) and not SQL.search(words) and not CODE.search(bare):
            found.append((node.lineno, words))
    return found


def _not_read(node: ast.AST) -> set[ast.AST]:
    """Returns the nodes below this one that are docstrings, annotations, marked, or for operators."""
    if isinstance(node, ast.Expr):
        return {node.value} if isinstance(node.value, ast.Constant) else set()
    if isinstance(node, ast.Assert) and node.msg:
        return set(ast.walk(node.msg))
    if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation:
        return set(ast.walk(node.annotation))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
        return set(ast.walk(node.returns))
    if isinstance(node, ast.Call):
        name = _name_of(node.func)
        is_log = isinstance(node.func, ast.Attribute) and "log" in _name_of(node.func.value).lower()
        if name in MARKS | FOR_OPERATORS | NOT_READ_CALLS or (is_log and name in LOG_METHODS):
            return {each for argument in ast.iter_child_nodes(node) for each in ast.walk(argument)}
    return set()


def _labels(node: ast.AST) -> list[tuple[ast.Constant, str]]:
    """Returns strings that are read although they may be one word: labels of fields and of choices."""
    constants: list[ast.expr] = []
    if isinstance(node, ast.Call):
        constants = [keyword.value for keyword in node.keywords if keyword.arg in READ_KEYWORDS]
    elif isinstance(node, ast.ClassDef) and any(_name_of(base).endswith("Choices") for base in node.bases):
        values = [each.value for each in node.body if isinstance(each, ast.Assign)]
        constants = [value.elts[-1] for value in values if isinstance(value, ast.Tuple)]
    return [
        (each, each.value)
        for each in constants
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and _is_label(each.value)
    ]


def _is_label(words: str) -> bool:
    return bool(WORD.search(words)) and (words[0].isupper() or " " in words)


def _name_of(node: ast.AST) -> str:
    return getattr(node, "id", None) or getattr(node, "attr", None) or ""


def in_script(source: str) -> list[str]:
    """Returns the strings with a capital letter that are not passed to `gettext` or `ngettext`."""
    source = COMMENT.sub("", source)
    return [
        match[0]
        for match in LITERAL.finditer(source)
        if READ_LITERAL.match(match[0]) and not MARKED_LITERAL.search(source[: match.start()].rstrip())
    ]
