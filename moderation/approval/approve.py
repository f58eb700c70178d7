"""Let a waiting text in, or refuse it. One act each in the record; who comes second is told who was first."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit.log import record
from accounts.models import LogEntry, Person, Rule, User
from forum.access import permissions
from forum.access.errors import NotAllowed, SentBefore, TopicIsClosed, TopicIsMerged
from forum.approval.queue import settle, wait_again
from forum.models import Post, Topic, WaitingPost
from forum.polls.polls import terms_waiting
from forum.posts import create as posting
from moderation.access.errors import AlreadyLookedAt, CannotBeLetIn
from moderation.posts.remove import remove_post
from notifications.inbox.notify import tell

Outcome = WaitingPost.Outcome
LONG = timedelta(hours=24)  # what waits longer stands out
COUNTED_MAX = 99


@transaction.atomic
def let_in(*, waiting: WaitingPost, by: User) -> Post:
    """Make it a post, of now, as it stands. The same again from the same person changes nothing."""
    waiting = WaitingPost.objects.locked(waiting.pk)
    if waiting.topic:  # first: topics are locked before people
        Topic.objects.locked(_led_to(waiting.topic).pk)
    by, _ = User.objects.locked_both(by, waiting.author)
    if not _is_to_settle(waiting, by, Outcome.LET_IN) and waiting.post:
        return waiting.post
    waiting.post = post = _made(waiting, by)
    settle(waiting, by=by, outcome=Outcome.LET_IN)
    topic = post.topic
    record(
        "let_in",
        by=by,
        target=post,
        name=topic.title,
        topic_id=topic.pk,
        section_id=waiting.stands_in.pk,
        facts={"waiting": waiting.pk},
    )
    text = f"Your {_called(waiting, topic)} was let in."
    tell(member=waiting.author, text=text, url=post.get_absolute_url())
    return post


@transaction.atomic
def refuse(*, waiting: WaitingPost, by: User, reason: str, rule: Rule | None = None) -> bool:
    """Its writer is told why, and can still read it; False where the same person had refused it already."""
    waiting = WaitingPost.objects.locked(waiting.pk)
    by, _ = User.objects.locked_both(by, waiting.author)
    if not _is_to_settle(waiting, by, Outcome.REFUSED):
        return False
    settle(waiting, by=by, outcome=Outcome.REFUSED, reason=reason)
    record(
        "refuse_waiting",
        by=by,
        target=waiting,
        name=waiting.heading,
        why=reason,
        topic_id=waiting.topic_id,
        section_id=waiting.stands_in.pk,
        rule=rule,
    )
    tell(
        member=waiting.author,
        text=f"Your {_called(waiting, waiting.topic)} was not let in: {reason}",
        url=waiting.get_absolute_url(),
    )
    return True


@transaction.atomic
def undo_refuse_waiting(entry: LogEntry, by: User) -> None:
    """It waits again, and its writer is told, who had been told the other thing."""
    waiting = WaitingPost.objects.locked(entry.target_id)
    by, _ = User.objects.locked_both(by, waiting.author)
    if not permissions.can_settle_waiting(by, waiting):
        raise NotAllowed
    if waiting.outcome != Outcome.REFUSED:
        return
    wait_again(waiting)
    record(
        "wait_again",
        by=by,
        target=waiting,
        name=waiting.heading,
        topic_id=waiting.topic_id,
        section_id=waiting.stands_in.pk,
    )
    tell(
        member=waiting.author,
        text=f"Your {_called(waiting, waiting.topic)} waits for approval again.",
        url=waiting.get_absolute_url(),
    )


def undo_let_in(entry: LogEntry, by: User) -> None:
    """It was read meanwhile and may have been answered: it goes as any post goes."""
    remove_post(post=Post.objects.get(pk=entry.target_id), by=by, reason="It was let in by mistake.")


def waiting_long_count(person: Person, *, now: datetime | None = None) -> int:
    before = (now or timezone.now()) - LONG
    return WaitingPost.objects.to_settle_for(person).filter(sent_at__lt=before)[:COUNTED_MAX].count()


def _called(waiting: WaitingPost, topic: Topic | None) -> str:
    """To its writer, from whom the topic may have been hidden since, and which may have another title by now."""
    if waiting.is_topic:
        return f"topic “{waiting.title}”"
    if topic and permissions.can_read_topic(waiting.author, topic):
        return f"answer in “{topic.title}”"
    return "answer"


def _is_to_settle(waiting: WaitingPost, by: User, outcome: WaitingPost.Outcome) -> bool:
    """Called under the locks of both. False where `by` has settled it in this very way."""
    if not permissions.can_settle_waiting(by, waiting):
        raise NotAllowed
    if waiting.is_waiting:
        return True
    if (waiting.settled_by_id, waiting.outcome) == (by.pk, outcome):
        return False
    raise AlreadyLookedAt(waiting)


def _made(waiting: WaitingPost, by: User) -> Post:
    author, key = waiting.author, waiting.submission_key
    try:
        if waiting.topic:
            topic = _led_to(waiting.topic)
            if not permissions.is_staff_in(by, topic.section):
                raise CannotBeLetIn(waiting, "its topic went into one that others moderate")
            return posting.reply(topic=topic, by=author, body=waiting.body, submission_key=key, let_in=True)
        return (
            posting.start_topic(
                section=waiting.section,
                by=author,
                title=waiting.title,
                body=waiting.body,
                submission_key=key,
                poll=terms_waiting(waiting),
                let_in=True,
            )
            .posts.select_related("topic")
            .get(position=1)
        )
    except TopicIsClosed:
        raise CannotBeLetIn(waiting, "its topic is closed") from None
    except TopicIsMerged:  # a moment ago
        raise CannotBeLetIn(waiting, "its topic has just gone into another") from None
    except SentBefore:
        raise CannotBeLetIn(waiting, "its writer has posted another text from the same form") from None
    except NotAllowed:
        raise CannotBeLetIn(waiting, f"{author.name} may not write there any more") from None


def _led_to(topic: Topic) -> Topic:
    """Where the posts of a topic are, that went into another since, and that perhaps into a third."""
    while topic.is_merged:
        topic = topic.merging.into
    return topic
