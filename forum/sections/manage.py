"""What admins do with sections: create, change, order, archive. Each action writes the audit log and grows the epoch,
which outdates every cached page: a section may have more topics than one request can update."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.access.actor import reload_and_lock
from accounts.models import Group, SiteVersion, User
from core.text import render
from core.text.slugs import slug_of
from forum.access.audit_log import record_on
from forum.access.errors import ActionError
from forum.access.require import require
from forum.models import Section, SectionGrant
from forum.search_index.store import outdate
from forum.thanks.tasks import recount_unread

Grants = Mapping[str, Iterable[Group]]  # by SectionGrant.Act


class SectionNameTaken(ActionError):
    status = 422
    explanation = gettext_lazy("Another section already has this name.")
    field = "name"


def create_section(*, by: User, grants: Grants, **fields: Any) -> Section:
    """Creates a section, last in the order. Its URL is the slug of its first name and never changes."""
    with _require_unique_name(), transaction.atomic():
        _require_admin(by)
        last = Section.objects.order_by("-place").values_list("place", flat=True).first() or 0
        section = Section(place=last + 1, slug=_free_slug(fields["name"]), **fields)
        section.description_html = render(section.description).html
        section.save()
        _grant(section, grants)
        SiteVersion.objects.grow()
        record_on("make_section", section, by=by, after=_settings_of(section))
    return section


def change_section(*, section: Section, by: User, grants: Grants, **fields: Any) -> Section:
    with _require_unique_name(), transaction.atomic():
        section = Section.objects.select_for_update().get(pk=section.pk)
        _require_admin(by)
        before = _settings_of(section)
        for field, value in fields.items():
            setattr(section, field, value)
        section.description_html = render(section.description).html
        section.save(update_fields=[*fields, "description_html"])
        _grant(section, grants)
        after = _settings_of(Section.objects.get(pk=section.pk))
        if after != before:
            changed_names = [name for name in after if after[name] != before[name]]
            record_on(
                "change_section",
                section,
                by=by,
                reason=", ".join(changed_names),
                before={name: before[name] for name in changed_names},
                after={name: after[name] for name in changed_names},
            )
            if "fold_thanks" in changed_names:
                recount_unread.defer(section=section.pk)  # in the background: the section may be large
            if "language" in changed_names:
                outdate(section)
            everyone = Section.Audience.EVERYONE  # the same value for edit histories
            hides = any(before[name] == everyone != after[name] for name in ("read_by", "history_by"))
            SiteVersion.objects.grow(hides=hides)
    return section


def move_section(*, section: Section, by: User, up: bool) -> None:
    """Swaps the section with its neighbor above or below; does nothing at the ends."""
    with transaction.atomic():
        ordered = list(Section.objects.select_for_update().in_order())
        _require_admin(by)
        index = next(position for position, other in enumerate(ordered) if other.pk == section.pk)
        new_index = index - 1 if up else index + 1
        if not 0 <= new_index < len(ordered):
            return
        ordered[index], ordered[new_index] = ordered[new_index], ordered[index]
        for position, other in enumerate(ordered, start=1):
            if other.place != position:
                other.place = position
                other.save(update_fields=["place"])
        SiteVersion.objects.grow()
        before, after = {"place": index + 1}, {"place": new_index + 1}
        reason = "up" if up else "down"
        record_on("order_sections", section, by=by, reason=reason, before=before, after=after)


def archive_section(*, section: Section, by: User, archive: bool = True) -> bool:
    """Archives a section, which makes it read-only, or undoes that. Returns False if nothing changed."""
    with transaction.atomic():
        section = Section.objects.select_for_update().get(pk=section.pk)
        _require_admin(by)
        if section.is_archived == archive:
            return False
        section.archived_at = timezone.now() if archive else None
        section.save(update_fields=["archived_at"])
        SiteVersion.objects.grow()
        act = "archive_section" if archive else "unarchive_section"
        record_on(act, section, by=by, before={"archived": not archive}, after={"archived": archive})
    return True


def _require_admin(by: User) -> None:
    """Checks their current role. Call it in the action’s transaction, under the lock of the section."""
    reload_and_lock(by)
    require(by.is_admin)


@contextmanager
def _require_unique_name() -> Iterator[None]:
    """Another admin may have taken the name after the form was checked."""
    try:
        yield
    except IntegrityError as error:
        raise SectionNameTaken from error


def _grant(section: Section, grants: Grants) -> None:
    new_keys = {(act, group.pk) for act, groups in grants.items() for group in groups}
    current = {(grant.act, grant.group_id): grant for grant in section.grants.all()}
    for key, grant in current.items():
        if key not in new_keys:
            grant.delete()
    SectionGrant.objects.bulk_create(
        SectionGrant(section=section, act=act, group_id=group) for act, group in new_keys - current.keys()
    )


def _settings_of(section: Section) -> dict[str, Any]:
    """Returns the section’s texts and rules, for the audit log to compare."""
    grants = sorted(section.grants.values_list("act", "group__name"))
    return {name: getattr(section, name) for name in Section.TERMS} | {"groups": grants}


def _free_slug(name: str) -> str:
    base = slug_of(name, otherwise="section", longest=50)
    taken = set(Section.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1_000))) if slug not in taken)
