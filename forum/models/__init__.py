from forum.models.attachment import Attachment
from forum.models.bookmark import Bookmark
from forum.models.closing_timer import AutoCloseTimer
from forum.models.closure import Closure
from forum.models.draft import Draft
from forum.models.hidden_revision import HiddenRevision
from forum.models.highlight import Highlight
from forum.models.mention import Mention
from forum.models.moved_post import MovedPostStub
from forum.models.new_member_limits import NewMemberLimits
from forum.models.pending_post import PendingPost
from forum.models.pin import Pin
from forum.models.poll import Poll, PollOption, Vote
from forum.models.post import Post
from forum.models.quote import Quote
from forum.models.read_mark import ReadMark
from forum.models.removal import Removal
from forum.models.revision import Revision, TitleChange
from forum.models.search_entry import SearchEntry
from forum.models.section import Section, SectionGrant
from forum.models.section_version import SectionVersion
from forum.models.staff_reply import StaffReply
from forum.models.text_fingerprint import TextFingerprint
from forum.models.thanks import Thanks
from forum.models.thanks_unfolded import AlwaysShown
from forum.models.topic import Topic
from forum.models.topic_merge import TopicMerge
from forum.models.topic_removal import TopicRemoval
from forum.models.watched_word import WatchedWord

__all__ = [
    "Attachment",
    "AutoCloseTimer",
    "Closure",
    "Draft",
    "HiddenRevision",
    "Highlight",
    "SectionVersion",
    "Mention",
    "TopicMerge",
    "MovedPostStub",
    "NewMemberLimits",
    "Pin",
    "Poll",
    "PollOption",
    "Post",
    "Quote",
    "ReadMark",
    "Removal",
    "Revision",
    "TextFingerprint",
    "Bookmark",
    "SearchEntry",
    "Section",
    "SectionGrant",
    "StaffReply",
    "Thanks",
    "TitleChange",
    "Topic",
    "TopicRemoval",
    "AlwaysShown",
    "Vote",
    "PendingPost",
    "WatchedWord",
]
