"""What the cache stores, for how long, where, and what it serves while the database is away."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from config.availability import database_monitor
from config.page_cache.cache_key import Key
from config.page_cache.disk import CHECKSUM, CHECKSUM_LENGTH, Disk
from config.page_cache.freshness import FOREVER_AGO, Copy
from config.page_cache.memory import Copies
from config.page_cache.page import Page
from forum.models import Section
from forum.posts.edit import edit_post
from forum.sections.manage import change_section
from moderation.posts.remove import remove_post
from tests.conftest import reply_to
from tests.support.site_fixtures import cookies_of
from tests.support.wsgi_client import Visitor

DATABASE_AWAY = database_monitor.Database(is_well=False, since=datetime(2007, 4, 23, 19, 57, tzinfo=UTC))


def make_page(address: str, body: bytes = b"words", **rests_on: int) -> Page:
    key = Key("http", "localhost", "en", "system", address)
    return Page.of(
        body, key=key, rests_on={"epoch": 1, **rests_on}, made_at=datetime.now(UTC), headers=[("A", "b")]
    )


def size_on_disk(directory) -> int:
    return sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())


class TestDisk:
    def test_written_page_can_be_read(self, tmp_path):
        page = make_page("/t/1/tür/".encode().decode("latin-1"), b"x" * 9_000)
        Disk(tmp_path, max_bytes=10**6).write(page)
        assert Disk(tmp_path, max_bytes=10**6).read(page.key) == page

    @pytest.mark.parametrize("cut", [0, 10, 40, 200, -1])
    def test_truncated_file_is_ignored_and_deleted(self, tmp_path, cut):
        disk, page = Disk(tmp_path, max_bytes=10**6), make_page("/")
        disk.write(page)
        (file,) = tmp_path.glob("??/*.page")
        file.write_bytes(file.read_bytes()[:cut])
        assert disk.read(page.key) is None
        assert not file.exists()

    def test_file_with_flipped_bit_is_ignored(self, tmp_path):
        disk, page = Disk(tmp_path, max_bytes=10**6), make_page("/")
        disk.write(page)
        (file,) = tmp_path.glob("??/*.page")
        content = bytearray(file.read_bytes())
        content[-5] ^= 1
        file.write_bytes(content)
        assert disk.read(page.key) is None

    def test_file_in_other_format_is_ignored(self, tmp_path):
        disk, page = Disk(tmp_path, max_bytes=10**6), make_page("/")
        disk.write(page)
        (file,) = tmp_path.glob("??/*.page")
        packed = file.read_bytes()[CHECKSUM_LENGTH:].replace(b'"rests_on"', b'"stands_on"')
        file.write_bytes(CHECKSUM(packed).digest() + packed)
        assert disk.read(page.key, of_any_release=True) is None

    def test_short_lived_processes_respect_size_limit(self, tmp_path):
        for start in range(20):
            disk = Disk(tmp_path, max_bytes=100_000)
            for number in range(3):
                disk.write(make_page(f"/t/{start}{number}/x/", os.urandom(1_000)))
                if disk.is_due_for_sweep():
                    disk.sweep()
        assert size_on_disk(tmp_path) <= 100_000

    def test_sweep_deletes_old_unfinished_files(self, tmp_path):
        old, new = tmp_path / "ab" / "old.new", tmp_path / "ab" / "new.new"
        old.parent.mkdir()
        for file in (old, new):
            file.write_bytes(b"half a pa")
        os.utime(old, (0, 0))
        Disk(tmp_path, max_bytes=10**6).sweep()
        assert (old.exists(), new.exists()) == (False, True)

    def test_concurrent_reads_never_see_partial_page(self, tmp_path):
        disk, pages = Disk(tmp_path, max_bytes=10**9), [make_page("/", bytes([n]) * 50_000) for n in range(8)]
        with ThreadPoolExecutor(4) as several:
            for page in pages * 10:
                several.submit(disk.write, page)
            read = [several.submit(disk.read, pages[0].key).result() for _ in range(100)]
        assert all(page is None or page in pages for page in read)
        assert list(tmp_path.rglob("*.new")) == []

    def test_sweep_respects_size_limit_and_retains_pages_in_use(self, tmp_path):
        disk = Disk(tmp_path, max_bytes=30_000)
        pages = [make_page(f"/t/{n}/x/", os.urandom(1_000)) for n in range(30)]
        for n, page in enumerate(pages):
            disk.write(page)
            os.utime(disk._path(page.key), (n, n))
        assert disk.is_due_for_sweep()
        disk.sweep(in_use=[pages[0].key])
        assert sum(file.stat().st_size for file in tmp_path.glob("??/*")) <= 30_000
        assert disk.read(pages[0].key)
        assert disk.read(pages[-1].key)
        assert disk.read(pages[1].key) is None
        assert not disk.is_due_for_sweep()

    def test_page_of_other_release_is_used_only_as_fallback(self, tmp_path, monkeypatch):
        disk, page = Disk(tmp_path, max_bytes=10**6), make_page("/")
        disk.write(page)
        monkeypatch.setattr("config.page_cache.disk.release", lambda: "newer")
        assert disk.read(page.key) is None
        assert disk.read(page.key, of_any_release=True) == page

    def test_full_disk_is_ignored(self, tmp_path, monkeypatch):
        def full(*args):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("config.page_cache.disk.os.replace", full)
        Disk(tmp_path, max_bytes=10**6).write(make_page("/"))
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_memory_cache_is_bounded_and_retains_requested_pages():
    copies = Copies(max_bytes=50_000)
    pages = [make_page(f"/t/{n}/x/", os.urandom(1_000)) for n in range(40)]
    for page in pages:
        copies.find(pages[0].key)
        copies.keep(Copy(page, began_at=FOREVER_AGO))
        assert copies.size <= 50_000
    assert copies.find(pages[0].key)
    assert copies.find(pages[-1].key)
    assert not copies.find(pages[1].key)
    assert copies.size == sum(copies.find(key).page.size for key in copies.kept_keys())


@pytest.fixture
def take_database_away(monkeypatch):
    """From here on the monitor reports the database as away."""

    def go() -> None:
        database_monitor.poll_now(within=120)
        monkeypatch.setattr(database_monitor, "poll_now", lambda *args, **kwargs: False)
        monkeypatch.setattr(database_monitor, "_poll", lambda *args: None)
        monkeypatch.setattr(database_monitor, "database", DATABASE_AWAY)

    return go


class TestDatabaseAway:
    def test_guests_and_members_get_cached_page_with_banner(
        self, front, visitor, topic, ben, take_database_away
    ):
        before = visitor.get(topic.get_absolute_url())
        take_database_away()
        for reader in (visitor, Visitor(front, cookies_of(ben))):
            page = reader.get(topic.get_absolute_url(), accept_encoding="gzip", if_none_match="*")
            assert (page.status, page["Cache-Control"]) == (200, "no-store")
            assert "Replies are temporarily off" in page.text
            assert '<p class="notice warn">Showing a saved copy from <time datetime="' in page.text
            assert page.text.replace(find_banner(page.text), "<!-- notice -->") == before.text
            assert page["Content-Security-Policy"] == before["Content-Security-Policy"]

    def test_cached_feed_is_served_unchanged(
        self, front, visitor, topic, ben, take_database_away, monkeypatch
    ):
        reply_to(topic, ben, "`<!-- notice -->`")
        addresses = [topic.url_for("topic_feed"), "/feeds/"]
        before = [visitor.get(address) for address in addresses]
        take_database_away()
        monkeypatch.setattr(front, "django", None)  # nothing asks it
        for reader in (visitor, Visitor(front, cookies_of(ben))):
            for address, was in zip(addresses, before, strict=True):
                feed = reader.get(address, accept_encoding="gzip")
                assert (feed.status, feed.text) == (200, was.text)
                assert feed["Content-Type"] == was["Content-Type"]
                assert reader.get(address, if_none_match=was["ETag"]).status == 304

    def test_head_response_matches_get(self, front, visitor, topic, take_database_away, monkeypatch):
        addresses = [topic.get_absolute_url(), topic.url_for("topic_feed")]
        for address in addresses:
            visitor.get(address)
        take_database_away()
        monkeypatch.setattr(front, "django", None)  # nothing asks it
        for address in addresses:
            head, page = visitor.get(address, method="HEAD"), visitor.get(address)
            assert (head.status, head.raw, head.headers) == (200, b"", page.headers)

    def test_other_process_serves_page_from_disk(self, make_front, topic, take_database_away):
        Visitor(make_front()).get(topic.get_absolute_url())
        later = make_front()
        take_database_away()
        page = Visitor(later).get(topic.get_absolute_url())
        assert "Replies are temporarily off" in page.text

    def test_outdated_page_is_served(self, visitor, topic, ben, take_database_away):
        visitor.get(topic.get_absolute_url())
        reply_to(topic, ben, "Too late for the store.")
        take_database_away()
        assert "Too late" not in visitor.get(topic.get_absolute_url()).text

    def test_removed_post_is_gone_from_every_copy(self, make_front, topic, bens, mia, take_database_away):
        guest = Visitor(make_front())
        assert "Here too." in guest.get(topic.get_absolute_url()).text
        assert "Here too." in guest.get(bens.author.get_absolute_url()).text
        assert "Here too." in guest.get(topic.url_for("topic_feed")).text
        remove_post(post=bens, by=mia, reason="Rude.")
        check_database_and_wait()
        later = make_front()
        take_database_away()
        for front in (guest.app, later):
            for address in (
                topic.get_absolute_url(), bens.author.get_absolute_url(), topic.url_for("topic_feed")
            ):  # fmt: skip
                assert "Here too." not in Visitor(front).get(address).text

    def test_page_on_disk_from_before_edit_is_not_served(
        self, make_front, topic, bens, ben, take_database_away
    ):
        Visitor(make_front()).get(topic.get_absolute_url())
        later = make_front()
        edit_post(post=bens, by=ben, body="Never mind.", version=1)
        check_database_and_wait()
        assert (
            later.store.last_good(Key("http", "localhost", "en", "system", topic.get_absolute_url())) is None
        )

    def test_hidden_section_is_not_served(self, make_front, topic, talk, noor, take_database_away):
        Visitor(make_front()).get(topic.get_absolute_url())
        change_section(section=talk, by=noor, grants={}, read_by=Section.Audience.MEMBERS)
        database_monitor.poll_now(within=120)
        later = make_front()
        take_database_away()
        assert "Slow search" not in Visitor(later).get(topic.get_absolute_url()).text


def check_database_and_wait() -> None:
    """Runs a check, and what the cache does after it in a thread of its own."""
    import threading

    assert database_monitor.poll_now(within=120)
    assert database_monitor.poll_now(within=120)
    while pages := [thread for thread in threading.enumerate() if thread.name == "pages"]:
        with suppress(RuntimeError):  # just about to start
            pages[0].join()


def find_banner(page: str) -> str:
    begin = page.index('<div class="page away"')
    return page[begin : page.index("</div>", begin) + 6]
