"""The parts of the stylesheet and of the script, and how collectstatic joins each into one file.

Order matters only where it says so: `layers.css` stands first because it names the layers; within a
layer the parts do not speak about each other's elements.
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
        # Things that recur
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
        # People and their keepers
        "profile",
        "member",
        "sign-in",
        "case",
        "moderation-queue",
        "moderator-actions",
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
        "confirm",
        "countdown",
        "counter",
        "dialog",
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
        "send-once",
        "summary",
        "select-all",
        "toolbar",
        "unfold",
    )
]

COMMENT = re.compile(r"[ \t]*/\*.*?\*/\n?", re.DOTALL)
COMMENT_LINE = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)

# Beside their parts, so that a relative url() in a part means the same in the whole.
SITE_CSS = "css/site.css"
SITE_JS = "js/site.js"


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies, with all styles in one file and all behaviours in another."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write the joined files before the hashing, so that it treats them as any other file."""
        if not dry_run:
            self._write(SITE_CSS, join_styles(map(self._text, CSS_PARTS)))
            self._write(SITE_JS, join_scripts(map(self._text, JS_PARTS)))
            paths = {**paths, SITE_CSS: (self, SITE_CSS), SITE_JS: (self, SITE_JS)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _text(self, name: str) -> str:
        with self.open(name) as part:
            return part.read().decode()

    def _write(self, name: str, text: str) -> None:
        self.delete(name)  # the storage never overwrites: it would pick another name
        self._save(name, ContentFile(text.encode()))


def join_styles(parts: Iterable[str]) -> str:
    """One stylesheet: its layers keep the order that the first part names. Comments stay at home."""
    return "\n".join(COMMENT.sub("", part) for part in parts)


def join_scripts(parts: Iterable[str]) -> str:
    """One module: each part in a block of its own, so that equal names in two parts do not meet. Lines that are
    comments stay at home."""
    return "\n".join(f"{{\n{COMMENT_LINE.sub('', part)}}}" for part in parts)
