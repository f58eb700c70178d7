"""Sanitizes rendered HTML twice: with bleach, which also sets `rel` on links, and then with nh3.

The two use different HTML parsers and separate lists, so that a flaw in one is not a flaw in Belfry.
"""

import re
from functools import partial

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner

from . import direction
from .attachments import PICTURE_ATTRIBUTES, is_picture_attribute
from .html_walker import LinearWalker
from .links import EXTERNAL_REL, is_external
from .normalize import STAND_INS

HREF, REL = (None, "href"), (None, "rel")  # bleach names attributes by namespace and name
Attributes = dict[tuple[str | None, str] | str, str]

# Escaped characters pass through bleach as private use characters. Otherwise it would read "&amp;lt;" as "&lt;", and
# copy the text before each of them, which is quadratic.
_STAND_INS = dict(zip(("&amp;", "&lt;", "&gt;"), STAND_INS, strict=True))

_NO_ADDRESS = re.compile(r"(?!)")
_CLASSES = {
    "a": {"mention"},
    "div": {"table-scroll"},
    "th": {"centre", "end"},
    "td": {"centre", "end"},
}

_NH3 = nh3.Cleaner(
    tags={
        *("a", "br", "code", "del", "em", "strong", "p", "pre", "hr", "blockquote", "li", "ol", "ul"),
        *("div", "table", "tbody", "td", "th", "thead", "tr", "h3", "h4", "h5", "h6", "img", "bdi"),
    },
    attributes={"a": {"href", "title"}, "ol": {"start"}, "img": set(PICTURE_ATTRIBUTES)},
    attribute_filter=lambda tag, name, value: (
        value if tag != "img" or is_picture_attribute(name, value) else None
    ),
    allowed_classes={
        "a": {"mention"},
        "div": {"table-scroll"},
        "th": {"centre", "end"},
        "td": {"centre", "end"},
    },
    tag_attribute_values={
        **{tag: {"dir": {"auto", "ltr", "rtl"}} for tag in ("blockquote", "code", "h3", "h4", "h5", "h6")},
        **{tag: {"dir": {"auto", "ltr", "rtl"}} for tag in ("ol", "p", "pre", "table", "td", "th", "ul")},
        "a": {"rel": {EXTERNAL_REL}, "dir": {"auto"}},
    },
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
    strip_comments=True,
)


def sanitize(html: str, host: str) -> str:
    """Returns safe HTML. Links to hosts other than `host` are marked as external."""
    return clean_with_nh3(clean_with_bleach(html, host))


def clean_with_bleach(html: str, host: str) -> str:
    """Escapes tags that are not allowed, and marks links to other hosts."""
    cleaner = Cleaner(
        tags={
            *("p", "br", "hr", "em", "strong", "del", "a", "code", "pre", "blockquote", "ul", "ol", "li"),
            *("h3", "h4", "h5", "h6", "div", "table", "thead", "tbody", "tr", "th", "td", "img", "bdi"),
        },
        attributes=_allowed_by_bleach,
        protocols={"http", "https", "mailto"},
        filters=[
            partial(
                LinkifyFilter,
                callbacks=[partial(_finish_link, host=host)],
                url_re=_NO_ADDRESS,  # bare addresses are links already
                parse_email=False,
            )
        ],
    )
    cleaner.walker = LinearWalker
    for escaped, stand_in in _STAND_INS.items():
        html = html.replace(escaped, stand_in)
    html = cleaner.clean(html)
    for escaped, stand_in in _STAND_INS.items():
        html = html.replace(stand_in, escaped)
    return html


def clean_with_nh3(html: str) -> str:
    """Removes tags and attributes that are not allowed."""
    return _NH3.clean(html)


def _allowed_by_bleach(tag: str, name: str, value: str) -> bool:
    if tag == "img":
        return is_picture_attribute(name, value)
    if name == "class":
        return value in _CLASSES.get(tag, ())
    if name == "dir":
        return tag in direction.DIR_TAGS and value in direction.DIR_VALUES
    return (tag, name) in {("a", "href"), ("a", "title"), ("ol", "start")}


def _finish_link(attributes: Attributes, is_new: bool = False, *, host: str) -> Attributes:
    """Sets the `rel` of a link. Called by bleach."""
    if is_external(attributes.get(HREF, ""), host):
        attributes[REL] = EXTERNAL_REL
    return attributes
