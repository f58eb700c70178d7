"""What a topic page shows to one person: posts, their marks, and the actions that this person can take."""

from dataclasses import dataclass, field

from accounts.models import Person
from forum.access import permissions
from forum.models import Highlight, MovedPostStub, Post, Topic
from forum.polls.polls import ShownPoll
from forum.topic_page.moderator_actions import ModeratorAction
from forum.web.name_lists import NamedMember
from forum.web.pagination import Pages


@dataclass(frozen=True)
class PostLine:
    """One position on the page: a post, or the stub of a removed one, and what is shown with it."""

    post: Post
    html: str = ""  # the text, with slots for its quotes
    moved_before: tuple[MovedPostStub, ...] = ()  # just before it: positions whose posts were moved
    thanked_by: tuple[NamedMember, ...] = ()  # the first of those who thanked for it
    moderator_action: ModeratorAction | None = None  # what staff did with it
    poll: ShownPoll | None = None  # of an original post

    @property
    def is_removed_by_author(self) -> bool:
        return self.post.is_removed and self.post.removal.removed_by_id == self.post.author_id


@dataclass(frozen=True)
class TopicPage:
    """What a page shows around its posts, for one kind of reader."""

    topic: Topic
    person: Person
    pages: Pages
    posts: list[PostLine]
    highlights: list[Highlight]
    acts: frozenset[str]
    related_topic: Topic | None = None  # where a closed topic continues, if the reader can read it
    moderator_actions: list[ModeratorAction] = field(
        default_factory=list
    )  # on the topic, the most recent ones
    is_recorded: bool = False  # the topic has a moderation history

    @property
    def is_highlighted(self) -> bool:
        """A highlighted original post highlights its topic."""
        return any(highlight.post.is_original for highlight in self.highlights)

    @property
    def sees_names(self) -> bool:
        """Whether the reader sees the names of staff who did something here."""
        return permissions.is_staff_in(self.person, self.topic.section)

    @property
    def staff_replies(self) -> list[Post]:
        """Returns the staff replies on this page."""
        posts = [line.post for line in self.posts if not line.post.is_removed]
        return [post for post in posts if post.author.shows_role and not post.is_original]

    @property
    def can_manage(self) -> bool:
        return bool(self.acts - {"reply"})

    @property
    def lists_staff_replies(self) -> bool:
        """Whether there are, or may be on other pages, staff replies to list."""
        return bool(self.staff_replies) or self.pages.last > 1

    @property
    def is_public(self) -> bool:
        return self.topic.section.is_public and self.topic.is_listed

    @property
    def is_open(self) -> bool:
        return self.topic.is_listed and not self.topic.is_closed

    @property
    def has_notices(self) -> bool:
        return self.topic.is_removed or self.topic.is_closed or bool(self.highlights)

    @property
    def summary(self) -> str:
        """Returns the beginning of the first post on the page."""
        return self.posts[0].post.excerpt if self.posts else ""

    @property
    def reply_url(self) -> str:
        return self.topic.url_for("reply")


def post_actions(post: Post, person: Person) -> frozenset[str]:
    has_current_highlight = post.is_highlighted and not post.highlight.is_outdated
    allowed = {
        "quote": permissions.can_quote(person, post),
        "edit": not post.is_removed and permissions.can_edit(person, post),
        "history": post.is_edited and permissions.can_read_history(person, post),
        "thank": permissions.can_thank(person, post),
        "save": not post.is_removed and permissions.can_bookmark(person, post),
        "unfold": post.is_folded and permissions.can_always_show(person, post),
        "report": not post.is_removed and permissions.can_report(person, post),
        "highlight": permissions.can_highlight(person, post) and not has_current_highlight,
        "unhighlight": permissions.can_unhighlight(person, post) and post.is_highlighted,
        "remove": permissions.can_remove(person, post),
        "restore": permissions.can_restore(person, post),
        "staff_reply": permissions.can_read_staff_replies(person, post.topic),
    }
    return frozenset(act for act, may in allowed.items() if may)


def topic_actions(topic: Topic, person: Person) -> frozenset[str]:
    may_close = permissions.can_close(person, topic)
    may_pin = permissions.can_pin(person, topic)
    allowed = {
        "reply": permissions.can_reply(person, topic),
        "retitle": permissions.can_rename(person, topic),
        "close": may_close and not topic.is_closed,
        "reopen": may_close and topic.is_closed,
        "pin": may_pin and not topic.is_pinned,
        "unpin": may_pin and topic.is_pinned,
        **_actions_on_whole_topic(topic, person),
    }
    return frozenset(act for act, may in allowed.items() if may)


def _actions_on_whole_topic(topic: Topic, person: Person) -> dict[str, bool]:
    may_set_timer = permissions.can_close(person, topic) and not topic.is_closed
    may_move = permissions.can_move(person, topic)
    return {
        "timer": may_set_timer,
        "stop_timer": may_set_timer and topic.closes_at is not None,
        "slow": may_set_timer,
        "move": may_move,
        "merge": may_move,
        "select": may_move,
        "remove_topic": not topic.is_removed and permissions.can_remove_topic(person, topic),
        "restore_topic": permissions.can_restore_topic(person, topic),
    }
