from forum.models.attachment import Attachment
from forum.models.bookmark import SavedPost
from forum.models.closing_timer import ClosingTimer
from forum.models.closure import Closure
from forum.models.draft import Draft
from forum.models.hidden_revision import HiddenRevision
from forum.models.highlight import Highlight
from forum.models.mention import Mention
from forum.models.moved_post import MovedPost
from forum.models.new_member_limits import NewMemberTerms
from forum.models.pending_post import WaitingPost
from forum.models.pin import Pin
from forum.models.poll import Poll, PollOption, Vote
from forum.models.post import Post
from forum.models.quote import Quote
from forum.models.read_mark import ReadMark
from forum.models.removal import Removal
from forum.models.revision import Revision, TitleChange
from forum.models.section import Section, SectionGrant
from forum.models.section_version import ListVersion
from forum.models.staff_reply import StaffReply
from forum.models.text_fingerprint import SaidText
from forum.models.thanks import Thanks
from forum.models.thanks_unfolded import Unfolding
from forum.models.topic import Topic
from forum.models.topic_merge import Merging
from forum.models.topic_removal import TopicRemoval
from forum.models.word_rule import WordRule

__all__ = [
    "Attachment",
    "ClosingTimer",
    "Closure",
    "Draft",
    "HiddenRevision",
    "Highlight",
    "ListVersion",
    "Mention",
    "Merging",
    "MovedPost",
    "NewMemberTerms",
    "Pin",
    "Poll",
    "PollOption",
    "Post",
    "Quote",
    "ReadMark",
    "Removal",
    "Revision",
    "SaidText",
    "SavedPost",
    "Section",
    "SectionGrant",
    "StaffReply",
    "Thanks",
    "TitleChange",
    "Topic",
    "TopicRemoval",
    "Unfolding",
    "Vote",
    "WaitingPost",
    "WordRule",
]
