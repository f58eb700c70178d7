"""A feed as Atom (RFC 4287)."""

import re
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from forum.feeds import Entry, Feed

CONTENT_TYPE = Atom1Feed.content_type
BEFORE_ANYTHING = datetime(2000, 1, 1, tzinfo=UTC)  # an empty feed has a time, and the same one each time
# No XML can hold these, not even escaped: one of them in one post would be the end of the feed for every reader.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# In what the renderer made a link is written so, and a sign in a text is written otherwise.
LOCAL_LINK = re.compile(r'(<a(?: [a-z]+="[^"]*")*? href=")([/#])')


def atom(feed: Feed) -> str:
    """Addresses are those of the settings, whatever host a request names."""
    written = _Atom(
        title=_in_xml(f"{feed.title} · {settings.COMMUNITY_NAME}"),
        link=_absolute(feed.shown_at),
        description=None,
        feed_url=_absolute(feed.address),
        feed_guid=_absolute(feed.lasting_address or feed.address),
    )
    for entry in feed.entries:
        _add(written, entry)
    return written.writeString("utf-8")


def _add(written: "_Atom", entry: Entry) -> None:
    post = entry.post
    permalink = _absolute(post.get_absolute_url())
    written.add_item(
        title=_in_xml(entry.title),
        link=permalink,
        unique_id=permalink,
        description=None,  # type: ignore[arg-type] # no summary beside the whole text
        author_name=_in_xml(post.author.name),
        author_link=_absolute(post.author.get_absolute_url()),
        pubdate=post.posted_at,
        updateddate=entry.updated,
        # As on the page, the text itself says in which direction it is written.
        content=f'<div dir="auto">{_in_xml(_with_absolute_links(entry))}</div>',
    )


class _Atom(Atom1Feed):
    """With whole texts where Django has summaries."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=BEFORE_ANYTHING)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _in_xml(text: str) -> str:
    return NOT_IN_XML.sub("", text)


def _with_absolute_links(entry: Entry) -> str:
    """Readers of feeds do not agree on what a link without a host would begin at."""
    topic = _absolute(entry.post.topic.get_absolute_url())
    begin = {"/": f"{settings.SITE_URL}/", "#": f"{topic}#"}
    return LOCAL_LINK.sub(lambda link: link[1] + begin[link[2]], entry.html)
