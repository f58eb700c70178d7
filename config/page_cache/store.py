"""The page store: finds pages that are up to date, stores new ones, and deletes pages that show removed content."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from config.availability import database_monitor
from config.database.horizon import LATE_PAGES
from config.page_cache.cache_key import Key
from config.page_cache.disk import Disk
from config.page_cache.freshness import FOREVER_AGO, Copy, Verdict
from config.page_cache.memory import Copies
from config.page_cache.page import Page
from forum.web import page_versions

# Seconds for which a page is served after it was last known to be up to date. Everyone sees a change within one
# second, including the time of the response.
TRUSTED_FOR = 0.9
REMEMBER_EVERY = 5.0  # seconds
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Store:
    def __init__(self, copies: Copies, disk: Disk) -> None:
        self.copies, self.disk = copies, disk
        self._remembered_at = FOREVER_AGO
        self._known = disk.remembered()
        self._taken_back: dict[str, int | None] = {}

    def current(self, key: Key) -> Page | None:
        """Returns the page if it is known to be up to date, or was within the last second."""
        copy = self.find(key)
        if copy is None or copy.page.is_over:
            return None
        verdict = _judge(copy)
        if verdict is not Verdict.IS_OLD and not _is_trusted(copy):
            # No poll yet, or not recently.
            database_monitor.poll_now(copy.page.rests_on)
            verdict = _judge(copy)
        return copy.page if verdict is Verdict.CURRENT and _is_trusted(copy) else None

    def current_in_memory(self, key: Key) -> Page | None:
        """Like `current`, for pages in memory, but without asking the database anything."""
        copy = self.copies.find(key)
        if copy is None or copy.page.is_over or _judge(copy) is not Verdict.CURRENT or not _is_trusted(copy):
            return None
        return copy.page

    def lately_current(self, key: Key) -> Page | None:
        """Returns the page if it was up to date within the last second, even if it is known to be outdated now."""
        copy = self.copies.find(key)
        return copy.page if copy and _is_trusted(copy) and not copy.page.is_over else None

    def find(self, key: Key) -> Copy | None:
        if copy := self.copies.find(key):
            return copy
        if page := self.disk.read(key):
            copy = Copy(page, began_at=FOREVER_AGO)
            self.copies.keep(copy)
            return copy
        return None

    def last_good(self, key: Key) -> tuple[Page, datetime] | None:
        """For outages: returns the page as it last was, and the time of that. Returns None if anything was hidden
        since."""
        copy = self.copies.find(key)
        page = copy.page if copy else self.disk.read(key, of_any_release=True)
        if page is None or page.rests_on[page_versions.EPOCH] < self._known.get(page_versions.HIDDEN, 0):
            return None
        current_until = copy.current_at if copy else FOREVER_AGO
        if current_until == FOREVER_AGO:
            return page, page.made_at
        return page, max(page.made_at, _on_the_clock(current_until))

    def keep(self, page: Page, *, began_at: float) -> None:
        """`began_at`: when rendering began, before anything was read."""
        self.copies.keep(Copy(page, began_at, current_at=began_at))
        self.disk.write(page)

    def after_poll(self, seen: database_monitor.Seen) -> None:
        """Runs in the thread of the database monitor, so slow work gets a thread of its own."""
        self._know(seen)
        removed = {name: seen.number_of(name) for name in seen.taken_back}
        if removed:
            self.copies.drop(lambda rests_on: _is_outdated(rests_on, removed, seen))
        if removed != self._taken_back:
            # Also when a removal becomes too old for pages begun before it to be stored still.
            affected = self._taken_back | removed
            self._taken_back = removed
            _in_thread(lambda: self.disk.drop(lambda rests_on: _is_outdated(rests_on, affected, seen)))
        if self.disk.is_due_for_sweep():
            self.disk.written = 0
            _in_thread(lambda: self.disk.sweep(in_use=self.copies.kept_keys()))

    def removals_since(self) -> datetime:
        known_at = self._known.get("at")
        return datetime.fromisoformat(known_at) - LATE_PAGES if known_at else LONG_AGO

    def _know(self, seen: database_monitor.Seen) -> None:
        hidden = seen.number_of(page_versions.HIDDEN) or 0
        is_new = hidden != self._known.get(page_versions.HIDDEN)
        self._known = {page_versions.HIDDEN: hidden, "at": seen.removals_since.isoformat()}
        if is_new or seen.at - self._remembered_at > REMEMBER_EVERY:
            self._remembered_at = seen.at
            self.disk.remember(self._known)


def _judge(copy: Copy) -> Verdict:
    return copy.judge(database_monitor.seen) if database_monitor.seen else Verdict.IS_UNKNOWN


def _is_trusted(copy: Copy) -> bool:
    return time.monotonic() - copy.current_at < TRUSTED_FOR


def _is_outdated(
    rests_on: dict[str, int], taken_back: dict[str, int | None], seen: database_monitor.Seen
) -> bool:
    """Does this page show an older version of one of these topics, or a list that may contain them as they were?"""
    return any(
        (name in taken_back and number != taken_back[name])
        or (page_versions.is_list(name) and number != seen.number_of(name))
        for name, number in rests_on.items()
    )


def _on_the_clock(monotonic: float) -> datetime:
    return datetime.fromtimestamp(time.time() - (time.monotonic() - monotonic), UTC)


def _in_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="pages", daemon=True).start()
