"""A community where every writable text tries to run script in its readers' browsers."""

from dataclasses import dataclass, field

from accounts.models import User
from accounts.models.user import ABOUT_MAX
from accounts.profile import profile
from forum.models import Post, Section, Topic
from forum.models.maximum_lengths import REASON_MAX, TITLE_MAX
from forum.posts.edit import edit_post
from forum.sections.manage import create_section
from forum.topics import rename
from moderation.cases.resolve import Resolution, resolve_case
from moderation.models import Case
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.reports.report import report_post
from moderation.topics.close import close_topic
from tests.conftest import make_user, reply_to, start
from tests.payloads.xss import PAYLOADS

SECTION_NAME_MAX = 60


def sample_payloads(number: int) -> list[str]:
    """This many of all payloads, from every part of the list; without NUL, which no field accepts."""
    chosen = [PAYLOADS[at * len(PAYLOADS) // number] for at in range(number)]
    return [payload.replace("\0", "") for payload in chosen]


@dataclass
class HostileForum:
    """The services accept more than the forms do, so the payloads are written by the services, unshortened where they
    fit. Every topic holds one payload in all its places: title, text, reasons, comment, note, section."""

    moderator: User
    admin: User
    topics: list[Topic] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    writers: list[User] = field(default_factory=list)
    _sections: dict[str, Section] = field(default_factory=dict)

    def fill(self, payloads: list[str]) -> "HostileForum":
        reader = make_user("reader")
        for payload in payloads:
            self._write(payload, by=self._writer_with_text(payload), reader=reader)
        return self

    def _writer_with_text(self, payload: str) -> User:
        """A member whose profile text holds this payload; the next member when it is full."""
        writer = self.writers[-1] if self.writers else None
        if not writer or len(writer.about) + len(payload) + 2 > ABOUT_MAX:
            self.writers.append(writer := make_user(f"writer{len(self.writers)}"))
        profile.change_profile(by=writer, about=f"{writer.about}\n\n{payload}", time_zone="")
        return writer

    def _section_named(self, payload: str) -> Section:
        name = payload[:SECTION_NAME_MAX]
        key = name.casefold()
        if key not in self._sections:
            self._sections[key] = create_section(by=self.admin, grants={}, name=name, description=payload)
        return self._sections[key]

    def _write(self, payload: str, *, by: User, reader: User) -> None:
        title, reason = payload[:TITLE_MAX], payload[:REASON_MAX]
        topic = start(self._section_named(payload), by, "Before", f"before {payload}")
        original = topic.posts.get()
        rename.rename_topic(topic=topic, by=by, title=title, version=1, reason=reason)
        edit_post(post=original, by=by, body=payload, version=1, reason=reason)
        remove_post(post=reply_to(topic, reader, payload), by=self.moderator, reason=reason)
        quoted = payload.replace("\n", "\n> ")
        reply_to(
            topic,
            reader,
            f"> [{by.name} wrote](/p/{original.pk}/?revision=2):\n> {quoted}\n\n@{by.name}{payload}",
        )
        self.cases.append(self._resolved_case(original, reader, payload))
        report_post(post=original, by=reader, reason="other", comment=payload)
        highlight_post(post=original, by=self.moderator)
        close_topic(
            topic=topic,
            by=self.moderator,
            reason=reason,
            read_instead=self.topics[-1] if self.topics else None,
        )
        self.topics.append(Topic.objects.get(pk=topic.pk))

    def _resolved_case(self, post: Post, reader: User, payload: str) -> Case:
        case = report_post(post=post, by=reader, reason="other", comment=payload).case
        said = payload[:REASON_MAX]
        terms = Resolution(outcome=Case.Outcome.WARNED, reason=said or "-", note=said)
        return resolve_case(case=case, by=self.moderator, resolution=terms)

    @property
    def originals(self) -> list[Post]:
        return list(Post.objects.filter(position=1).order_by("pk"))

    @property
    def sections(self) -> list[Section]:
        return list(self._sections.values())
