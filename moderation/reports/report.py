"""Report a post to the moderators."""

from django.db import transaction

from accounts.access.actor import reload_and_lock
from accounts.models import Rule, User
from accounts.rate_limiting import rate_counter
from forum.access.permissions import can_report
from forum.access.require import require
from forum.models import Post, Topic
from moderation.models import Case, Report
from moderation.reports.auto_hide import auto_hide, must_hide
from moderation.reports.mute_reporter import require_not_muted
from moderation.reports.report_weight import reporter_record
from moderation.reports.search_index import index_revision

REPORT_LIMIT = rate_counter.Limit("report", 20, 3600)


def report_post(
    *,
    post: Post,
    by: User,
    reason: str,
    comment: str = "",
    rule: Rule | None = None,
    version: int | None = None,
) -> Report:
    """Reports the post to moderators. All reports on a post belong to its one open case, at most one per member: a
    second call returns the first report. `version` is the revision that the member read, since its author may have
    edited it since. Reports that weigh enough hide the post, pending review."""
    topic: int | None = None
    while True:
        try:
            return _try_report(post, by, reason, comment, rule, version, topic)
        except _MustHide as error:
            topic = error.topic


class _MustHide(Exception):
    """The post must be hidden, which needs the lock of its topic before that of the post. Few reports get here, so
    replies do not wait for reports."""

    def __init__(self, topic: int) -> None:
        super().__init__(f"topic {topic} is to be locked")
        self.topic = topic


@transaction.atomic
def _try_report(
    post: Post, by: User, reason: str, comment: str, rule: Rule | None, version: int | None, topic: int | None
) -> Report:
    locked = Topic.objects.locked(topic) if topic else None
    # The post’s row is locked so that members who report the same post take turns.
    post = Post.objects.locked(post.pk)
    reload_and_lock(by)
    require(can_report(by, post))
    require_not_muted(by)
    revision = min(version or post.version, post.version)
    case = _open_case_of(post, revision)
    record = reporter_record(by)
    report, is_new = Report.objects.get_or_create(
        case=case,
        reporter=by,
        defaults={
            "number": case.reports.count() + 1,
            "revision": revision,
            "reason": reason,
            "rule": rule,
            "comment": comment,
            "weight": record.weight,
            "upheld_before": record.upheld,
            "dismissed_before": record.dismissed,
        },
    )
    if not is_new:
        return report
    index_revision(case, post, revision)
    if must_hide(case, post):
        if locked is None or locked.pk != post.topic_id:
            raise _MustHide(post.topic_id)
        auto_hide(case, locked, post)
    rate_counter.count_action(REPORT_LIMIT, by=by)
    return report


def report_by(person: User, post: Post) -> Report | None:
    """Returns this member’s report on the post while its case is open."""
    return Report.objects.filter(case__post=post, case__resolved_at=None, reporter=person).first()


def _open_case_of(post: Post, revision: int) -> Case:
    """Returns the post’s open case, or a new one that refers to the previous case. Needs the lock of the post.

    The case is locked too, so that a resolution in progress finishes first: the case is then no longer open, and a new
    one is created."""
    if case := Case.objects.open().select_for_update(no_key=True).filter(post=post).first():
        return case
    earlier = Case.objects.filter(post=post).order_by("-pk").first()
    return Case.objects.create(
        post=post, author=post.author, author_name=post.author.name, earlier=earlier, revision=revision
    )
