"""A community is lost and restored: every row, every rule, every page."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from io import StringIO
from shutil import copytree

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.test import override_settings
from django.utils import timezone

from accounts.models import LogEntry, Session, SiteVersion, User
from config.backup import connection as backup_connection, migrations as backup_migrations, tables
from config.backup.archive import ArchiveWriter, UnusableBackup, opened
from config.backup.check_counters import faults
from config.backup.restore import WillNotRestore, restore
from config.backup.save import save
from config.backup.verify import verify
from config.sample.load import create_community
from forum.models import Post, Section, Topic
from tests.conftest import make_user, reply_to, start
from tests.support import databases
from tests.support.databases import database

# Without the first mark, no database would be made when this file runs alone.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

UNCOMPARED_TABLES = {
    "accounts_session",
    "accounts_siteversion",
    "accounts_ipsighting",
    "cache",
    "django_migrations",
}


class Community:
    """The community as it was before it was lost."""

    def __init__(self, directory):
        self.data_dir = directory / "lost_community"
        self.file = directory / "community.zip"
        self.attachments = {
            "2026/bell.png": b"\x89PNG" * 9_000,
            "2026/empty.txt": b"",
            "tower ü.txt": b"high",
        }
        for name, content in self.attachments.items():
            path = self.data_dir / "attachments" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        with override_settings(DATA_DIR=self.data_dir), database("belfry_lost", keep=True):
            call_command("migrate", verbosity=0)
            create_community()
            Session.objects.create(session_key="k" * 32, session_data="x", expire_date=timezone.now())
            with connection.cursor() as cursor:  # a post that was rolled back: its id is used up
                cursor.execute("SELECT nextval('forum_post_id_seq')")
                self.last_id = cursor.fetchone()[0]
            self.rows, self.structure = databases.rows(), databases.structure()
            _, self.manifest = save(self.file)


@pytest.fixture(scope="module")
def lost_community(django_db_setup, django_db_blocker, tmp_path_factory):
    """The sample community and its backup."""
    with django_db_blocker.unblock(), databases.reusing_migration_sql():
        try:
            yield Community(tmp_path_factory.mktemp("backup"))
        finally:
            databases.drop("belfry_lost")


@pytest.fixture(scope="module")
def restored_directory(lost_community, django_db_blocker, tmp_path_factory):
    """Restored once, from nothing but the file; its data directory."""
    data_dir = tmp_path_factory.mktemp("restored_directory")
    with django_db_blocker.unblock():
        try:
            (data_dir / "pages").mkdir()
            with override_settings(DATA_DIR=data_dir), database("belfry_found", like="template0", keep=True):
                restore(lost_community.file)
            yield data_dir
        finally:
            databases.drop("belfry_found")


@pytest.fixture
def restored_community(restored_directory, settings, tmp_path):
    """A copy of the restored community that a test may change."""
    settings.DATA_DIR = tmp_path / "data"
    copytree(restored_directory, settings.DATA_DIR)
    with database("belfry_mine", like="belfry_found"):
        yield


def read_manifest(file):
    with opened(file) as archive:
        return archive.manifest


def open_topic():
    everybody = {"section__reply_by": Section.Audience.MEMBERS, "section__read_by": Section.Audience.EVERYONE}
    return Topic.objects.filter(closure=None, section__archived_at=None, **everybody)[0]


def test_all_rows_are_restored(lost_community, restored_community):
    rows = databases.rows()
    assert set(rows) == set(lost_community.rows)
    for name in set(rows) - UNCOMPARED_TABLES:
        assert rows[name] == lost_community.rows[name], name
    assert rows["accounts_session"] == rows["cache"] == []


def test_restored_audit_log_is_append_only(restored_community):
    """Restoring disables the trigger for a while, and no longer."""
    assert LogEntry.objects.exists()
    for change in (LogEntry.objects.all().delete, partial(LogEntry.objects.update, why="")):
        with pytest.raises(ProgrammingError, match="only added to"):
            change()


def test_restore_invalidates_cached_pages(lost_community, restored_community, restored_directory):
    epoch = SiteVersion.objects.get()
    saved_at = datetime.fromisoformat(read_manifest(lost_community.file).made_at)
    assert epoch.number == epoch.hidden > saved_at.timestamp() * 1_000_000
    assert not (restored_directory / "pages").exists()


def test_database_structure_is_restored(lost_community, restored_community):
    assert databases.structure() == lost_community.structure


def test_attachments_are_restored(lost_community, restored_directory):
    attachments = restored_directory / "attachments"
    files = {
        str(path.relative_to(attachments)): path.read_bytes()
        for path in attachments.rglob("*")
        if path.is_file()
    }
    assert files == lost_community.attachments
    assert {path.stat().st_mode & 0o077 for path in [attachments, *attachments.rglob("*")]} == {
        0
    }  # readable by nobody else


def test_verify_reports_identical_pages_after_restore(lost_community, restored_community):
    said = StringIO()
    call_command("verify", file=lost_community.file, stdout=said)
    number = len(lost_community.manifest.pages)
    assert number > 40
    assert f"Pages: {number} of {number} are identical" in said.getvalue()
    assert "WRONG" not in said.getvalue()


def test_new_post_after_restore_gets_unused_id(lost_community, restored_community):
    topic = open_topic()
    assert reply_to(topic, topic.started_by).pk > lost_community.last_id
    assert faults() == []


def test_restore_rejects_non_empty_database(lost_community, restored_community):
    before = databases.rows()
    with pytest.raises(WillNotRestore, match="not empty"):
        restore(lost_community.file)
    assert databases.rows() == before


def test_forced_restore_overwrites_rows_and_attachments(lost_community, restored_community, settings):
    User.objects.update(about="Something else")
    (settings.DATA_DIR / "attachments" / "later.txt").write_text("from a post that is not in the backup")
    restore(lost_community.file, force=True)
    assert databases.rows()["accounts_user"] == lost_community.rows["accounts_user"]
    assert not (settings.DATA_DIR / "attachments" / "later.txt").exists()


def test_restore_is_rejected_while_others_are_connected(lost_community, restored_community):
    with backup_connection.connect(), pytest.raises(WillNotRestore, match="Stop Belfry"):
        restore(lost_community.file, force=True)
    assert User.objects.exists()


def test_restore_rejects_database_with_foreign_tables(lost_community, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with database("belfry_other", like="template0"), backup_connection.connect() as other:
        other.execute("CREATE TABLE invoices AS SELECT 1 AS number")
        other.close()
        with pytest.raises(WillNotRestore):
            restore(lost_community.file)


@pytest.mark.parametrize("length", [0, 10, 71, 0.5, -1])
def test_truncated_backup_is_rejected(lost_community, restored_community, tmp_path, length):
    whole = lost_community.file.read_bytes()
    torn = tmp_path / "torn.zip"
    torn.write_bytes(whole[: int(len(whole) * length) if isinstance(length, float) else length])
    with pytest.raises(UnusableBackup):
        restore(torn, force=True)
    assert User.objects.exists()


def test_backup_with_one_flipped_bit_is_rejected(lost_community, tmp_path):
    whole = bytearray(lost_community.file.read_bytes())
    places = [*range(0, len(whole), len(whole) // 60), *range(len(whole) - 80, len(whole), 7)]
    changed = tmp_path / "changed.zip"
    for place in places:
        whole[place] ^= 1
        changed.write_bytes(whole)
        whole[place] ^= 1
        with pytest.raises(UnusableBackup), opened(changed):
            pass


def rewrite_backup(lost_community, path, manifest=None, *, change=lambda name, data: data):
    """Returns the same backup with a change and a new seal."""
    with opened(lost_community.file) as archive, path.open("wb") as file, ArchiveWriter(file) as writer:
        for part in [*(table.part for table in archive.manifest.tables), archive.manifest.attachments]:
            with writer.part(part.name) as copy:
                copy.write(change(part.name, b"".join(archive.blocks(part))))
        writer.finish(manifest or archive.manifest)
    return path


def falsify_post(name, data):
    return data.replace(b"sensor", b"censor") if name == "tables/forum_post" else data


def test_part_not_matching_manifest_leaves_database_empty(lost_community, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    forged = rewrite_backup(lost_community, tmp_path / "forged.zip", change=falsify_post)
    with database("belfry_forged", like="template0"):
        with pytest.raises(UnusableBackup, match="does not match the manifest"):
            restore(forged)
        assert not User.objects.exists()
        restore(lost_community.file)  # nothing prevents another restore
        assert User.objects.exists()


@pytest.mark.parametrize(
    "unknown_migration", [("forum", "9999_from_tomorrow"), ("accounts", "0002_cache")], ids=["newer", "older"]
)
def test_backup_with_unknown_migration_is_rejected(
    lost_community, restored_community, tmp_path, unknown_migration
):
    other = replace(
        lost_community.manifest, migrations=sorted([*lost_community.manifest.migrations, unknown_migration])
    )
    file = rewrite_backup(lost_community, tmp_path / "other.zip", other)
    with pytest.raises(
        CommandError, match=rf"\({' '.join(unknown_migration)} \.\.\.\): restore it with that version\.$"
    ):
        call_command("restore", file=file, force=True)
    assert User.objects.exists()


def test_backup_of_older_version_is_migrated(lost_community, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    today = lost_community.manifest.migrations
    with database("belfry_older", like="template0"):
        backup_migrations.migrate_to([each for each in today if each[0] != "moderation"])
        start(Section.objects.create(name="Talk", slug="talk"), make_user("ada"), title="From long ago")
        save(tmp_path / "older.zip")
        restore(tmp_path / "older.zip", force=True)
        assert backup_migrations.applied() == today
        assert Topic.objects.get().title == "From long ago"
        assert verify()


def test_backup_is_one_snapshot_despite_concurrent_writes(
    restored_community, monkeypatch, settings, tmp_path
):
    posts, topic = Post.objects.count(), open_topic()
    staff = User.objects.filter(role="admin")[0]  # staff have no rate limits
    read = tables.read

    def read_after_an_answer(*args):
        reply_to(topic, staff)
        return read(*args)

    with monkeypatch.context() as patched:
        patched.setattr(tables, "read", read_after_an_answer)
        _, manifest = save(tmp_path / "moving.zip")
    assert Post.objects.count() == posts + len(manifest.tables)
    restore(tmp_path / "moving.zip", force=True)
    assert Post.objects.count() == posts
    assert verify(manifest)
