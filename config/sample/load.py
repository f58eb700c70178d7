"""Creates the sample community with Belfry's own actions, in the order in which everything happened."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.sample.advice_topics import ADVICE
from config.sample.daily_topic import DAILY
from config.sample.members_and_sections import archive_sections, create_people, create_sections
from config.sample.other_topics import TALK
from config.sample.outage_topic import ANYBODY_ELSE, OUTAGE
from config.sample.script import (
    CastVote,
    CloseTopic,
    Conversation,
    Edit,
    HighlightPost,
    PinTopic,
    RemovePost,
    ReportPost,
    Say,
    SettleCase,
    Step,
    ThankPost,
)
from forum.models import Post, Section, Topic
from forum.polls import vote as polls_vote
from forum.posts import create as posts_create
from forum.posts.edit import edit_post
from forum.thanks.thank import thank_post
from moderation.cases.resolve import Resolution, resolve_case
from moderation.models import Case
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.reports.report import report_post
from moderation.topics.close import close_topic
from moderation.topics.pin import pin_topic

CONVERSATIONS = (OUTAGE, ANYBODY_ELSE, DAILY, *ADVICE, *TALK)


def number_of_steps() -> int:
    return sum(len(conversation.steps) for conversation in CONVERSATIONS)


@transaction.atomic
def create_community(*, after_each: Callable[[], object] = lambda: None) -> None:
    """Creates the members, the sections and everything in the topics, in one transaction."""
    now = timezone.now()
    people = create_people(now)
    sections = create_sections(people["admin"])
    topics: dict[str, _TopicBuilder] = {}
    for at, conversation, step in _in_order_of_time(now):
        builder = topics.setdefault(
            conversation.title, _TopicBuilder(conversation, people, sections[conversation.section], topics)
        )
        builder.run(step, at)
        after_each()
    archive_sections(sections, people["admin"])


def _in_order_of_time(now: datetime) -> list[tuple[datetime, Conversation, Step]]:
    """Returns all steps by time, so that ids of posts grow with time as in a real forum."""
    steps = [
        (now - conversation.began + timedelta(minutes=step.minute), conversation, step)
        for conversation in CONVERSATIONS
        for step in conversation.steps
    ]
    return sorted(steps, key=lambda timed: timed[0])


class _TopicBuilder:
    """One topic, as far as it has been created."""

    topic: Topic

    def __init__(
        self,
        conversation: Conversation,
        people: dict[str, User],
        section: Section,
        others: dict[str, "_TopicBuilder"],
    ) -> None:
        self.conversation, self.people, self.section, self.others = conversation, people, section, others
        self.numbers: dict[str, int] = {}  # ids of the posts that have a name

    def post(self, name: str) -> Post:
        return Post.objects.get(pk=self.numbers[name])

    def case(self, name: str) -> Case:
        return Case.objects.open().get(post=self.numbers[name])

    def run(self, step: Step, at: datetime) -> None:
        """Runs one step. Actions of staff have no `at`: the log has the time when an entry was written."""
        by = self.people[step.by]
        match step:
            case Say():
                self._write(step, by, at)
            case Edit():
                post = self.post(step.post)
                edit_post(post=post, by=by, body=step.body, version=post.version, reason=step.reason, at=at)
            case HighlightPost():
                highlight_post(post=self.post(step.post), by=by)
            case ThankPost():
                thank_post(post=self.post(step.post), by=by, at=at)
            case CastVote():
                options = self.topic.poll.options.filter(text=step.option).values_list("pk", flat=True)
                polls_vote.vote(topic=self.topic, by=by, options=options, at=at)
            case RemovePost():
                remove_post(post=self.post(step.post), by=by, reason=step.reason)
            case ReportPost():
                report_post(post=self.post(step.post), by=by, reason=step.reason, comment=step.comment)
            case SettleCase():
                terms = Resolution(outcome=step.outcome, reason=step.reason, note=step.note)
                resolve_case(case=self.case(step.post), by=by, resolution=terms)
            case CloseTopic():
                instead = self.others[step.read_instead].topic if step.read_instead else None
                close_topic(topic=self.topic, by=by, reason=step.reason, read_instead=instead)
            case PinTopic():
                pin_topic(topic=self.topic, by=by)

    def _write(self, step: Say, by: User, at: datetime) -> None:
        if hasattr(self, "topic"):
            post = posts_create.create_reply(
                topic=self.topic, by=by, body=step.body, submission_key=uuid4(), at=at
            )
        else:
            self.topic = posts_create.start_topic(
                section=self.section,
                by=by,
                title=self.conversation.title,
                body=step.body,
                submission_key=uuid4(),
                poll=step.poll,
                at=at,
            )
            post = self.topic.posts.get()
        if step.name:
            self.numbers[step.name] = post.pk
