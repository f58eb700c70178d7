from forum.models.closure import Closure
from forum.models.highlight import Highlight
from forum.models.list_version import ListVersion
from forum.models.mention import Mention
from forum.models.pin import Pin
from forum.models.post import Post
from forum.models.quote import Quote
from forum.models.read_mark import ReadMark
from forum.models.removal import Removal
from forum.models.revision import Revision, TitleChange
from forum.models.section import Section, SectionGrant
from forum.models.topic import Topic

__all__ = [
    "Closure",
    "Highlight",
    "ListVersion",
    "Mention",
    "Pin",
    "Post",
    "Quote",
    "ReadMark",
    "Removal",
    "Revision",
    "Section",
    "SectionGrant",
    "TitleChange",
    "Topic",
]
