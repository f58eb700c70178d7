"""Writes a feed as Atom (RFC 4287)."""

import re
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from forum.feeds.entries import Entry, Feed

CONTENT_TYPE = Atom1Feed.content_type
EMPTY_FEED_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # an empty feed needs a time that never changes
# XML cannot contain these characters, not even escaped: one of them would break the feed for every reader.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The tags as the renderer and the templates write them; in text, these characters are escaped.
LINK_TAG = re.compile(r'<(?:a|img)(?: [a-z]+="[^"]*")+')
LOCAL_URL = re.compile(r'( (?:href|src)=")([/#])')
SRCSET = re.compile(r' srcset="[^"]*"')
# The attribute is for a script of our pages.
PAGE_ONLY_ATTRIBUTE = re.compile(r'(<blockquote class="quote") data-quote="[^"]*"')


def write_atom(feed: Feed) -> str:
    """Returns the feed as XML. URLs begin with the configured SITE_URL, whatever host a request names."""
    writer = _Atom(
        title=_in_xml(f"{feed.title} · {settings.COMMUNITY_NAME}"),
        link=_absolute(feed.page_url),
        description=None,
        feed_url=_absolute(feed.url),
        feed_guid=_absolute(feed.permanent_url or feed.url),
    )
    for entry in feed.entries:
        _add(writer, entry)
    return writer.writeString("utf-8")


def _add(writer: "_Atom", entry: Entry) -> None:
    post = entry.post
    permalink = _absolute(post.get_absolute_url())
    writer.add_item(
        title=_in_xml(entry.title),
        link=permalink,
        unique_id=permalink,
        description=None,  # type: ignore[arg-type] # no summary beside the whole text
        author_name=_in_xml(post.author.name),
        author_link=_absolute(post.author.get_absolute_url()),
        pubdate=post.posted_at,
        updateddate=entry.updated,
        base=_absolute(post.topic.get_absolute_url()),
        # As on the page, the text decides its own direction.
        content=f'<div dir="auto">{_in_xml(_with_absolute_urls(entry))}</div>',
    )


class _Atom(Atom1Feed):
    """Atom with full content; Django only writes summaries."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html", "xml:base": item["base"]})

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xml:base": f"{settings.SITE_URL}/"}

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=EMPTY_FEED_TIME)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _in_xml(text: str) -> str:
    return NOT_IN_XML.sub("", text)


def _with_absolute_urls(entry: Entry) -> str:
    """Returns the HTML with absolute URLs, since feed readers resolve relative ones differently."""
    topic = _absolute(entry.post.topic.get_absolute_url())
    prefixes = {"/": f"{settings.SITE_URL}/", "#": f"{topic}#"}

    def absolute(tag: re.Match[str]) -> str:
        result = LOCAL_URL.sub(lambda match: match[1] + prefixes[match[2]], tag[0])
        return SRCSET.sub(lambda srcset: re.sub(r'(?<=[" ])/', prefixes["/"], srcset[0]), result)

    return LINK_TAG.sub(absolute, PAGE_ONLY_ATTRIBUTE.sub(r"\1", entry.html))
