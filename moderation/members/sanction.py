"""Warn, silence or suspend a member, and lift a sanction. The end of a silence or suspension is also saved on the
member's row in the same transaction: it applies from the next request on, and expires without a job."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access.suspension import sign_out_everywhere
from accounts.audit.log import log_action
from accounts.models import LogEntry, Rule, Sanction, User
from accounts.models.sanction import PERMANENT
from forum.access.require import require
from moderation.access import permissions
from moderation.access.errors import AlreadyLifted, AlreadySanctioned, CannotUndo
from moderation.members.sanction_notices import notify_lifted, notify_sanctioned

END_COLUMNS = {Sanction.Kind.SILENCE: "silenced_until", Sanction.Kind.SUSPENSION: "suspended_until"}
ACTIONS = {
    Sanction.Kind.WARNING: "warn_member",
    Sanction.Kind.SILENCE: "silence_member",
    Sanction.Kind.SUSPENSION: "suspend_member",
}


def warn_member(
    *,
    member: User,
    by: User,
    reason: str,
    rule: Rule | None = None,
    until: datetime | None = None,
    seen: int | None = None,
) -> Sanction:
    """Warns the member. The warning expires at `until`. `seen`: the newest sanction that `by` has seen, so that two
    moderators do not both warn for the same thing."""
    return _impose(Sanction.Kind.WARNING, member, by, reason, rule, until, seen)


def silence_member(
    *, member: User, by: User, reason: str, rule: Rule | None = None, until: datetime | None = None
) -> Sanction:
    """Silences the member: they can read and report, but not post. `until=None` is permanent."""
    return _impose(Sanction.Kind.SILENCE, member, by, reason, rule, until)


def suspend_member(
    *, member: User, by: User, reason: str, rule: Rule | None = None, until: datetime | None = None
) -> Sanction:
    """Suspends the member and ends all their sessions: they can only read public sections, their notifications and
    their appeal. `until=None` is permanent."""
    return _impose(Sanction.Kind.SUSPENSION, member, by, reason, rule, until)


@transaction.atomic
def suspend_at_least(
    *, member: User, by: User, reason: str, rule: Rule | None = None, until: datetime | None = None
) -> Sanction | None:
    """Suspends the member unless a suspension at least as long is active; then returns None. Replaces a shorter one."""
    by, member = User.objects.locked_both(by, member)
    if active := _active_sanction(member, Sanction.Kind.SUSPENSION):
        if active.until is None or (until is not None and until <= active.until):
            return None
        # No permission to lift is needed, since the member stays suspended.
        active.member = member
        _lift(active, by=by, reason=_("Replaced by a longer suspension."))
    return suspend_member(member=member, by=by, reason=reason, rule=rule, until=until)


@transaction.atomic
def lift_sanction(
    *, sanction: Sanction, by: User, reason: str = "", undoes: LogEntry | None = None
) -> Sanction:
    """Ends the sanction early and notifies the member. `reason` is for the audit log."""
    by, member = User.objects.locked_both(by, sanction.member)
    sanction = Sanction.objects.select_related("by", "lifted_by", "rule").get(pk=sanction.pk)  # as it is now
    sanction.member = member
    require(permissions.can_lift(by, sanction))
    if not sanction.is_active:
        raise AlreadyLifted(sanction)
    _lift(sanction, by=by, reason=reason, undoes=undoes)
    notify_lifted(sanction)
    return sanction


def undo_sanction(entry: LogEntry, by: User) -> None:
    """Undoes `warn_member`, `silence_member` and `suspend_member`."""
    sanction = Sanction.objects.select_related("member").get(pk=entry.facts["after"]["sanction"])
    try:
        lift_sanction(sanction=sanction, by=by, undoes=entry)
    except AlreadyLifted as error:
        raise CannotUndo(error.explanation) from error


@transaction.atomic
def undo_lift_sanction(entry: LogEntry, by: User) -> None:
    """Restores the sanction until its original end."""
    unlocked = Sanction.objects.select_related("member").get(pk=entry.facts["before"]["sanction"])
    by, member = User.objects.locked_both(by, unlocked.member)
    sanction = Sanction.objects.select_related("by", "rule").get(pk=unlocked.pk)
    sanction.member = member
    require(permissions.can_lift(by, sanction))
    if sanction.is_over or not sanction.is_lifted:
        raise CannotUndo(_("It has already expired.") if sanction.is_over else _("It is already active."))
    if active := _active_sanction(member, sanction.kind):
        raise CannotUndo(AlreadySanctioned(active).explanation)
    sanction.lifted_at = sanction.lifted_by = None
    sanction.save(update_fields=["lifted_at", "lifted_by"])
    _apply(member, sanction)
    act, facts = ACTIONS[Sanction.Kind(sanction.kind)], sanction_facts(sanction)
    log_action(act, by=by, target=member, name=member.name, rule=sanction.rule, after=facts, undoes=entry)
    notify_sanctioned(sanction)


def sanction_facts(sanction: Sanction) -> dict[str, Any]:
    until = sanction.until.isoformat() if sanction.until else "permanent"
    return {"sanction": sanction.pk, "kind": sanction.kind, "until": until}


@transaction.atomic
def _impose(
    kind: Sanction.Kind,
    member: User,
    by: User,
    reason: str,
    rule: Rule | None,
    until: datetime | None,
    seen: int | None = None,
) -> Sanction:
    by, member = User.objects.locked_both(by, member)
    require(permissions.can_sanction(by, member, kind))
    if active := _active_sanction(member, kind, seen):
        raise AlreadySanctioned(active)
    sanction = Sanction.objects.create(member=member, kind=kind, by=by, reason=reason, rule=rule, until=until)
    _apply(member, sanction)
    facts = sanction_facts(sanction)
    log_action(ACTIONS[kind], by=by, target=member, name=member.name, reason=reason, rule=rule, after=facts)
    notify_sanctioned(sanction)
    return sanction


def _active_sanction(member: User, kind: str, seen: int | None = None) -> Sanction | None:
    """Returns the active sanction that prevents another of its kind. Warnings do so only if they are newer than
    `seen`."""
    active = Sanction.objects.active().filter(member=member, kind=kind)
    if kind == Sanction.Kind.WARNING:
        active = active.filter(pk__gt=seen) if seen is not None else active.none()
    return active.select_related("by").order_by("-pk").first()


def _apply(member: User, sanction: Sanction) -> None:
    """Saves the end on the member's row. A suspension also ends their sessions."""
    if column := END_COLUMNS.get(Sanction.Kind(sanction.kind)):
        User.objects.filter(pk=member.pk).update(**{column: sanction.until or PERMANENT})
    if sanction.kind == Sanction.Kind.SUSPENSION:
        sign_out_everywhere(member)


def _lift(sanction: Sanction, *, by: User, reason: str, undoes: LogEntry | None = None) -> None:
    """Lifts the sanction. Call it under the lock of the member."""
    sanction.lifted_at, sanction.lifted_by = timezone.now(), by
    sanction.save(update_fields=["lifted_at", "lifted_by"])
    if column := END_COLUMNS.get(Sanction.Kind(sanction.kind)):
        User.objects.filter(pk=sanction.member_id).update(**{column: None})
    log_action(
        "lift_sanction",
        by=by,
        target=sanction.member,
        name=sanction.member.name,
        reason=reason,
        rule=sanction.rule,
        before=sanction_facts(sanction),
        undoes=undoes,
    )
