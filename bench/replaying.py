"""The statements of one reply, captured once and replayed with other values: the same statements in the same order,
without the Python code around them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from accounts.models import User
from forum.models import Topic
from forum.models.draft import reply_draft_key
from forum.models.section_version import SHARDS
from forum.posts import create as posts_create

Params = Sequence[Any] | Mapping[str, Any] | None
INSERT_POST = 'INSERT INTO "forum_post" '
BODY = "The bell in the north tower rings again. **Thank you** for the patience; `make run` starts it."


class Statement(NamedTuple):
    sql: str
    params: Params


@dataclass(frozen=True)
class Facts:
    """The values in which one reply differs from the next, as far as its statements contain them."""

    topic: int
    author: int
    position: int
    reply_count: int
    key: UUID
    at: datetime
    post: int = 0  # known once it is inserted

    def values(self) -> list[Any]:
        counts = [self.topic, self.author, self.position, self.reply_count, self.post]
        return [*counts, self.key, self.at, self.topic % SHARDS, reply_draft_key(self.topic)]

    @property
    def are_unlike(self) -> bool:
        return len(set(self.values())) == len(self.values())


def catch(topic: Topic, by: User) -> tuple[list[Statement], Facts]:
    """Posts a reply, and returns its statements."""
    statements: list[Statement] = []

    def listen(execute: Any, sql: str, params: Params, many: bool, context: Any) -> Any:
        statements.append(Statement(sql, _each(params, lambda param: param)))
        return execute(sql, params, many, context)

    facts = Facts(topic.pk, by.pk, topic.last_position + 1, topic.reply_count + 1, uuid4(), timezone.now())
    with connection.execute_wrapper(listen):
        post = posts_create.create_reply(topic=topic, by=by, body=BODY, submission_key=facts.key, at=facts.at)
    return statements, replace(facts, post=post.pk)


@dataclass(frozen=True)
class Script:
    """The statements of a reply, with gaps where the next reply differs."""

    statements: list[Statement]
    gaps: dict[Any, int]  # the index in `Facts.values()` of a parameter's value

    @classmethod
    def of(cls, statements: list[Statement], facts: Facts) -> "Script":
        return cls(statements, {value: index for index, value in enumerate(facts.values())})

    def filled(self, facts: Facts) -> list[Statement]:
        fill = self._filler(facts)
        return [Statement(sql, _each(params, fill)) for sql, params in self.statements]

    def run(self, cursor: Any, facts: Facts) -> None:
        """Runs the statements of another reply."""
        fill = self._filler(facts)
        for sql, params in self.statements:
            cursor.execute(sql, _each(params, fill))
            if sql.startswith(INSERT_POST):
                fill = self._filler(replace(facts, post=cursor.fetchone()[0]))

    def _filler(self, facts: Facts) -> Callable[[Any], Any]:
        """Returns a function that replaces a recorded parameter by that of another reply."""
        values = facts.values()

        def fill(param: Any) -> Any:
            index = self.gaps.get(param)
            return param if index is None else values[index]

        return fill


def script_for(topics: Sequence[Topic], members: Sequence[User]) -> Script:
    """Returns the script of a reply. All topics are in one section. A gap is recognized by its value, so these values
    must be unique: two replies are captured, and the script of one must produce the other."""
    ends = iter([*zip(topics, reversed(members), strict=False)])
    for (topic, member), (other_topic, other_member) in zip(ends, ends, strict=False):
        caught, first = catch(topic, member)
        script = Script.of(caught, first)
        statements, facts = catch(other_topic, other_member)
        if first.are_unlike and facts.are_unlike and script.filled(facts) == statements:
            return script
    raise RuntimeError("No reply to these topics by these members has unique values.")


def _each(params: Params, fill: Any) -> Params:
    if isinstance(params, Mapping):
        return {name: fill(param) for name, param in params.items()}
    return tuple(fill(param) for param in params or ())


def next_reply(facts: Facts, author: int) -> Facts:
    return replace(
        facts,
        author=author,
        position=facts.position + 1,
        reply_count=facts.reply_count + 1,
        key=uuid4(),
        at=timezone.now(),
    )
