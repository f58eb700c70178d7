"""Sixteen people do everything at once to a few topics: no counter drifts, the log has a row for each effective act,
nobody waits for ever. TRUST G5 to G8."""

import random
import time
from collections import Counter
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import LogEntry, User
from forum.access.errors import ActionError
from forum.models import Post, Section, Topic
from moderation.log.undo import undo_entry
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post, restore_post
from moderation.topics import remove as topics_remove, split as topics_split
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.merge import merge_topic
from moderation.topics.move import move_topic
from moderation.topics.pin import pin_topic, unpin_topic
from tests.conftest import reply_to, start
from tests.races.crowd import count_deadlocks, crowd
from tests.races.drift import find_inconsistencies
from tests.support.concurrency import only_errors, run_concurrently
from tests.support.drills import rounds

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 16
TOPICS = 8


class RandomModerator:
    """One moderator, who reads the forum now and then and acts on what they saw: some of it is outdated by then."""

    def __init__(self, by: User, sections: list[Section], seed: int) -> None:
        self.by, self.sections = by, sections
        self.dice = random.Random(seed)  # noqa: S311 - no secret
        self.effective: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.errors: list[Exception] = []
        self.topics: list[Topic] = []

    def work(self, operations: int) -> None:
        acts = [*[self.reply] * 8, *[self.remove, self.restore] * 3, *[self.split, self.move_posts, self.merge] * 2,
                self.move, self.close, self.reopen, self.close, self.reopen, self.pin, self.unpin, self.highlight,
                self.remove_topic, self.restore_topic, self.restore_topic, self.undo]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '60s'")  # a long wait on a busy machine is no deadlock
        for number in range(operations):
            if number % 5 == 0:
                self.topics = list(Topic.objects.filter(is_merged=False).order_by("-pk")[:TOPICS])
            act = self.dice.choice(acts)
            try:
                act()
            except ActionError as refusal:
                self.rejected[type(refusal).__name__] += 1
            except Exception as error:  # noqa: BLE001 - counted
                self.errors.append(error)
        connection.close()

    def topic(self) -> Topic:
        return self.dice.choice(self.topics)

    def post(self) -> Post | None:
        """Returns another member's post, since acts on one's own are not logged."""
        posts = Post.objects.filter(topic=self.topic(), position__gt=1).exclude(author=self.by)
        return posts.order_by("?").first()

    def some_replies(self, topic: Topic) -> list[int]:
        answers = topic.posts.filter(position__gt=1).order_by("?").values_list("pk", flat=True)
        return list(answers[: self.dice.randint(1, 4)])

    def count(self, act: str, is_effective: object) -> None:
        self.effective[act] += bool(is_effective)

    def reply(self) -> None:
        reply_to(self.topic(), self.by, self.dice.choice(["Here too.", "Thanks!", "No."]))

    def remove(self) -> None:
        began, post = timezone.now(), self.post()
        if post:
            removal = remove_post(post=post, by=self.by, reason="Spam.")
            self.count("remove", removal.removed_by_id == self.by.pk and removal.removed_at >= began)

    def restore(self) -> None:
        if post := self.post():
            self.count("restore", restore_post(post=post, by=self.by))

    def split(self) -> None:
        topic = self.topic()
        if posts := self.some_replies(topic):
            section = self.dice.choice(self.sections)
            topics_split.split_posts(topic=topic, posts=posts, section=section, title="Split", by=self.by)
            self.count("split", True)

    def move_posts(self) -> None:
        topic, into = self.topic(), self.topic()
        if posts := self.some_replies(topic):
            topics_split.move_posts(topic=topic, posts=posts, into=into, by=self.by)
            self.count("move_posts", True)

    def merge(self) -> None:
        if len(self.topics) > TOPICS // 2:
            began = timezone.now()
            done = merge_topic(topic=self.topic(), into=self.topic(), by=self.by)
            self.count("merge", done.merged_by_id == self.by.pk and done.merged_at >= began)
        else:
            start(self.dice.choice(self.sections), self.by, "Another")

    def move(self) -> None:
        to = self.dice.choice(self.sections)
        self.count("move_topic", move_topic(topic=self.topic(), to=to, by=self.by))

    def close(self) -> None:
        began = timezone.now()
        done = close_topic(topic=self.topic(), by=self.by, reason="Solved.")
        self.count("close", done.closed_by_id == self.by.pk and done.closed_at >= began)

    def reopen(self) -> None:
        self.count("reopen", reopen_topic(topic=self.topic(), by=self.by))

    def pin(self) -> None:
        began, pin = timezone.now(), pin_topic(topic=self.topic(), by=self.by)
        self.count("pin", pin.pinned_by_id == self.by.pk and pin.pinned_at >= began)

    def unpin(self) -> None:
        self.count("unpin", unpin_topic(topic=self.topic(), by=self.by))

    def highlight(self) -> None:
        if post := self.post():
            highlight_post(post=post, by=self.by)

    def remove_topic(self) -> None:
        began = timezone.now()
        done = topics_remove.remove_topic(topic=self.topic(), by=self.by, reason="Spam.")
        self.count("remove_topic", done.removed_by_id == self.by.pk and done.removed_at >= began)

    def restore_topic(self) -> None:
        self.count("restore_topic", topics_remove.restore_topic(topic=self.topic(), by=self.by))

    def undo(self) -> None:
        carried = LogEntry.objects.filter(act__in=["merge", "split", "move_posts"])
        if entry := carried.order_by("-pk").first():
            undo_entry(entry=entry, by=self.by)
            self.count("put_back", True)


@pytest.fixture
def sections(talk, news) -> list[Section]:
    strict = Section.objects.create(name="Strict", slug="strict", place=3, fold_thanks=False)
    return [talk, news, strict]


@pytest.mark.slow
@pytest.mark.parametrize(
    "operations",
    [pytest.param(96, id="everyday"), pytest.param(rounds(5_000), marks=pytest.mark.drill, id="drill")],
)
def test_counters_and_log_agree_after_mixed_operations(sections, operations):
    people = crowd(CLIENTS, "moderator")
    for number in range(TOPICS):
        topic = start(sections[number % 3], people[number], f"Topic {number}")
        for by in people[:6]:
            reply_to(topic, by)
    clients = [RandomModerator(by, sections, seed) for seed, by in enumerate(people)]
    before, began = count_deadlocks(), time.monotonic()
    assert only_errors(run_concurrently(*(partial(c.work, operations // CLIENTS) for c in clients))) == []
    seconds = time.monotonic() - began
    effective: Counter[str] = sum((client.effective for client in clients), Counter())
    rejected: Counter[str] = sum((client.rejected for client in clients), Counter())
    errors = [error for client in clients for error in client.errors]
    recorded = Counter(LogEntry.objects.filter(act__in=effective).values_list("act", flat=True))
    found = find_inconsistencies()
    print(
        f"{operations} operations by {CLIENTS} clients in {seconds:.0f} s: drifts {len(found)},"
        f" audit rows {sum(recorded.values())} of {sum(effective.values())} effective acts, deadlocks"
        f" {count_deadlocks() - before}, errors {len(errors)}; refused {dict(rejected)}; done {dict(effective)}"
    )
    assert errors == []
    assert found == []
    assert recorded == +effective
    assert count_deadlocks() == before
