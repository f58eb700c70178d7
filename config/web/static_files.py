"""The parts of the stylesheet and of the script, and how collectstatic joins each into one file.

Order matters only where noted: `layers.css` is first because it names the layers; within a layer the parts do not
style each other's elements.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

CSS_PARTS = [
    f"css/{name}.css"
    for name in (
        "layers",
        "reset",
        "tokens",
        "base",
        "layout",
        # The frame of every page
        "bar",
        "head",
        "notice",
        "footer",
        # Recurring elements
        "avatar",
        "byline",
        "acts",
        "button",
        "field",
        "form",
        "pages",
        "feeds",
        "tabs",
        "table",
        "dialog",
        "suggestions",
        # Reading and writing
        "section-list",
        "topic-list",
        "search",
        "post",
        "post-body",
        "quote",
        "removed-post",
        "moved",
        "closure",
        "highlights",
        "thanks",
        "poll",
        "composer",
        "toolbar",
        "drafts",
        "attach",
        "diff",
        "history",
        # Members and staff
        "profile",
        "member",
        "sign-in",
        "case",
        "moderation-queue",
        "moderator-actions",
        "moderation-log",
        "notifications",
        "rules",
        "statistics",
        "case-messages",
        "pending",
        "checkboxes",
        "error-page",
        "utilities",
        "print",
    )
]
JS_PARTS = [
    f"js/{name}.js"
    for name in (
        "gettext",  # first: the others use it
        "attach",
        "confirm-submit",
        "countdown",
        "counter",
        "dialog",
        "draft-memory",  # before drafts, which uses it
        "drafts",
        "autogrow",
        "in-place",
        "keys",
        "new-replies",
        "mentions",
        "messages",
        "names",
        "conditional-fields",
        "preview",
        "print",
        "quote",
        "quote-selection",
        "reading",
        "rows",
        "scrollers",
        "search-key",
        "send-once",
        "summary",
        "select-all",
        "toolbar",
        "unfold",
    )
]

COMMENT = re.compile(r"[ \t]*/\*.*?\*/\n?", re.DOTALL)
COMMENT_LINE = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)

# In the folder of the parts, so that a relative url() works in the joined file too.
SITE_CSS = "css/site.css"
SITE_JS = "js/site.js"


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies, with one joined stylesheet and one joined script."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Writes the joined files before hashing, so that they are treated like any other file."""
        if not dry_run:
            self._write(SITE_CSS, join_styles(map(self._text, CSS_PARTS)))
            self._write(SITE_JS, join_scripts(map(self._text, JS_PARTS)))
            paths = {**paths, SITE_CSS: (self, SITE_CSS), SITE_JS: (self, SITE_JS)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _text(self, name: str) -> str:
        with self.open(name) as part:
            return part.read().decode()

    def _write(self, name: str, text: str) -> None:
        self.delete(name)  # the storage never overwrites, but picks another name
        self._save(name, ContentFile(text.encode()))


def join_styles(parts: Iterable[str]) -> str:
    """Joins the stylesheets without comments. Layers keep the order that the first part names."""
    return "\n".join(COMMENT.sub("", part) for part in parts)


def join_scripts(parts: Iterable[str]) -> str:
    """Joins the scripts into one module, without comment lines. Each part is in its own block, so that names do not
    clash."""
    return "\n".join(f"{{\n{COMMENT_LINE.sub('', part)}}}" for part in parts)
