"""What a topic page shows to one person: its posts, their marks, and the acts that are theirs to take."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Person
from forum.access import permissions
from forum.models import Highlight, Post, Topic
from forum.polls.polls import Ballot
from forum.read_state.unread import NewsOnPage, Reading
from forum.topic_page.moderator_actions import Deed
from forum.topic_page.reader_marks import NOTHING, Own
from forum.web.pagination import Pages


@dataclass(frozen=True)
class PostLine:
    """One place on the page: a post, or the tombstone of one."""

    post: Post
    shows_text: bool
    acts: frozenset[str]
    own: Own = NOTHING
    new_since: datetime | None = None  # set on the first that its reader has not seen: since their last visit
    ballot: Ballot | None = None  # where it asks to be voted on
    changed_since: datetime | None = None  # set where it says something else than at their last visit
    sees_names: bool = False  # of staff who did something with it

    @property
    def may_read_history(self) -> bool:
        return "history" in self.acts


@dataclass(frozen=True)
class TopicPage:
    topic: Topic
    person: Person
    pages: Pages
    posts: list[PostLine]
    highlights: list[Highlight]
    acts: frozenset[str]
    instead: Topic | None = None  # what to read instead of a closed topic, for those who may
    reading: Reading | None = None  # where its reader has not read all of this page
    news: NewsOnPage | None = None  # what its reader has not seen of the topic
    deeds: list[Deed] = field(default_factory=list)  # what staff did with the topic lately
    is_recorded: bool = False  # there is more to tell of that
    waiting: str = ""  # texts that wait for approval here and that its reader may see: shown_waiting.on_topic

    @property
    def is_highlighted(self) -> bool:
        """A highlighted original post highlights its topic."""
        return any(highlight.post.is_original for highlight in self.highlights)

    @property
    def sees_names(self) -> bool:
        """Of staff who did something here."""
        return permissions.is_staff_in(self.person, self.topic.section)

    @property
    def official(self) -> list[Post]:
        """What staff answered on this page."""
        shown = [line.post for line in self.posts if line.shows_text and not line.post.is_removed]
        return [post for post in shown if post.author.is_official and not post.is_original]

    @property
    def manages(self) -> bool:
        return bool(self.acts - {"reply"})

    @property
    def reply_url(self) -> str:
        return self.topic.url_for("reply")


def post_acts(post: Post, person: Person) -> frozenset[str]:
    stands_highlighted = post.is_highlighted and not post.highlight.is_edited_since
    asked = {
        "quote": permissions.can_quote(person, post),
        "edit": not post.is_removed and permissions.can_edit(person, post),
        "history": post.is_edited and permissions.can_read_history(person, post),
        "thank": permissions.can_thank(person, post),
        "save": not post.is_removed and permissions.can_save(person, post),
        "unfold": post.is_folded and permissions.can_unfold(person, post),
        "report": not post.is_removed and permissions.can_report(person, post),
        "highlight": permissions.can_highlight(person, post) and not stands_highlighted,
        "unhighlight": permissions.can_unhighlight(person, post) and post.is_highlighted,
        "remove": permissions.can_remove(person, post),
        "restore": permissions.can_restore(person, post),
        "staff_reply": permissions.can_read_staff_replies(person, post.topic),
    }
    return frozenset(act for act, may in asked.items() if may)


def topic_acts(topic: Topic, person: Person) -> frozenset[str]:
    may_close = permissions.can_close(person, topic)
    may_pin = permissions.can_pin(person, topic)
    asked = {
        "reply": permissions.can_reply(person, topic),
        "retitle": permissions.can_retitle(person, topic),
        "close": may_close and not topic.is_closed,
        "reopen": may_close and topic.is_closed,
        "pin": may_pin and not topic.is_pinned,
        "unpin": may_pin and topic.is_pinned,
        **_acts_on_the_whole(topic, person),
    }
    return frozenset(act for act, may in asked.items() if may)


def _acts_on_the_whole(topic: Topic, person: Person) -> dict[str, bool]:
    may_time = permissions.can_close(person, topic) and not topic.is_closed
    may_move = permissions.can_move(person, topic)
    return {
        "timer": may_time,
        "stop_timer": may_time and topic.closes_at is not None,
        "slow": may_time,
        "move": may_move,
        "merge": may_move,
        "select": may_move,
        "remove_topic": not topic.is_removed and permissions.can_remove_topic(person, topic),
        "restore_topic": permissions.can_restore_topic(person, topic),
    }
