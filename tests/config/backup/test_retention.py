"""Where backups are stored and for how long, what verify finds, and how much memory a table takes."""

import io
import tarfile
import tracemalloc
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import LogEntry
from config.backup import attachments, check_constraints, connection as backup_connection, tables
from config.backup.archive import Archive, ArchiveWriter, UnusableBackup
from config.backup.manifest import FORMAT, Manifest
from config.backup.retention import backups_directory, keep_newest, usual_path, whole_or_nothing
from forum.models import Attachment, Topic

EMPTY_MANIFEST = Manifest(
    format=FORMAT,
    made_at="",
    belfry="",
    postgresql="",
    migrations=[],
    tables=[],
    sequences={},
    attachments=None,
    look="",
    pages=[],
)


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_backup_file_gets_its_name_when_complete(tmp_path):
    path = tmp_path / "backups" / "belfry-a.zip"
    with whole_or_nothing(path) as file:
        file.write(b"all")
        assert not path.exists()
    assert path.read_bytes() == b"all"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_failed_backup_leaves_no_file(tmp_path):
    with pytest.raises(ZeroDivisionError), whole_or_nothing(tmp_path / "belfry-a.zip"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_leftover_of_killed_backup_is_deleted_but_not_running_one(tmp_path):
    killed = tmp_path / "belfry-old.zip.1.unfinished"
    killed.write_bytes(b"half")
    with whole_or_nothing(tmp_path / "belfry-a.zip") as file:
        with whole_or_nothing(tmp_path / "belfry-b.zip"):
            assert not killed.exists()
        file.write(b"all")
    assert {path.name for path in tmp_path.iterdir()} == {"belfry-a.zip", "belfry-b.zip"}


def test_retention_deletes_only_oldest_backups(tmp_path):
    start = datetime(2026, 2, 27, 3, 30, tzinfo=UTC)
    paths = [usual_path(start + timedelta(days=days)) for days in range(16)]
    other = backups_directory() / "before-the-move.zip"
    other.parent.mkdir()
    for path in (*paths, other):
        path.touch()
    assert keep_newest(14) == paths[:2]
    assert sorted(backups_directory().iterdir()) == sorted([*paths[2:], other])


@pytest.mark.parametrize("options", [{"keep": 0}, {"keep": 3, "file": "x.zip"}])
def test_invalid_keep_option_is_rejected(options):
    with pytest.raises(CommandError, match="KEEP"):
        call_command("backup", **options)


def test_backup_does_not_overwrite_existing_file(tmp_path):
    (tmp_path / "mine.zip").write_bytes(b"mine")
    with pytest.raises(CommandError, match="exists"):
        call_command("backup", file=tmp_path / "mine.zip")


@pytest.mark.parametrize("name", ["../outside", "/tmp/belfry-outside", "a/../../outside"])
def test_attachment_path_outside_folder_is_rejected(tmp_path, name):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    path = tmp_path / "forged.zip"
    with path.open("wb") as file, ArchiveWriter(file) as writer:
        with writer.part("attachments.tar") as part:
            part.write(packed.getvalue())
        writer.finish(EMPTY_MANIFEST)
    with ZipFile(path) as parts, pytest.raises(UnusableBackup, match="outside"):
        attachments.unpack(Archive(parts, EMPTY_MANIFEST), part.finished())
    assert not list(tmp_path.rglob("outside"))


@pytest.mark.django_db(transaction=True)
def test_verify_reports_missing_attachment_files(topic, bens, ben, tmp_path, settings, capsys):
    kept = {
        "BACKEND": "core.storage.files.PrivateFileStorage",
        "OPTIONS": {"location": tmp_path / "attachments"},
    }
    settings.STORAGES = {**settings.STORAGES, "attachments": kept}
    for width, number in ((1_000, 1), (100, 2), (None, 3)):
        Attachment.objects.create(
            owner=ben, post=bens, key=f"{number:032x}", kind="image" if width else "file", name="bell",
            width=width, height=width, size=9, sha256="x", submission_key=uuid4(),
        )  # fmt: skip
    for name in (f"{1:032x}", f"{1:032x}.480", f"{2:032x}", f"{3:032x}"):
        path = tmp_path / "attachments" / "posts" / name[:2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    call_command("verify")
    assert "Attachments: 4 of 4 files exist." in capsys.readouterr().out
    path.unlink()
    (path.parent / f"{1:032x}.480").unlink()
    with pytest.raises(CommandError):
        call_command("verify")
    assert (
        f"WRONG: 2 attachment files are missing: posts/00/{1:032x}.480, posts/00/{3:032x}"
        in capsys.readouterr().out
    )


@pytest.mark.django_db(transaction=True)
def test_verify_reports_broken_constraints_and_counters(topic, capsys):
    call_command("verify")
    assert "WRONG" not in capsys.readouterr().out
    with backup_connection.connect() as database, database.transaction(force_rollback=True):
        names = database.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'forum_pin'::regclass AND contype = 'f'"
        ).fetchall()
        for (name,) in names:
            database.execute(f"ALTER TABLE forum_pin DROP CONSTRAINT {name}")
        database.execute("INSERT INTO forum_pin (topic_id, pinned_by_id, pinned_at) VALUES (0, 0, now())")
        database.execute(
            "ALTER TABLE forum_pin ADD CONSTRAINT pin_topic FOREIGN KEY (topic_id) REFERENCES forum_topic NOT VALID"
        )
        found = check_constraints.broken(database)
    assert found == [
        "1 constraints that PostgreSQL has not validated",
        "1 rows of forum_pin refer to missing rows (pin_topic)",
    ]
    Topic.objects.update(reply_count=7)
    with pytest.raises(CommandError):
        call_command("verify")
    assert "WRONG: 1 topics with a wrong number of replies" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_backup_and_restore_of_table_use_bounded_memory(noor, tmp_path):
    """8 MB go out and in again through less than 3."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_logentry (at, act, why, target_kind, target_id, target_name, by_id, facts)"
            " SELECT now(), 'x', repeat('x', 190), 'x', n, repeat('y', 190), %s, '{}' FROM generate_series(1, 20000) n",
            [noor.pk],
        )
    path = tmp_path / "log.zip"
    with backup_connection.connect() as database:
        (table,) = [each for each in tables.all_tables(database) if each.name == LogEntry._meta.db_table]
        tracemalloc.start()
        try:
            with path.open("wb") as file, ArchiveWriter(file) as writer:
                with writer.part("log") as part:
                    for row in tables.read(database, table):
                        part.write(row)
                writer.finish(EMPTY_MANIFEST)
            with ZipFile(path) as parts, database.transaction():
                database.execute("TRUNCATE accounts_logentry")
                blocks = Archive(parts, EMPTY_MANIFEST).blocks(part.finished())
                tables.fill(database, table.name, table.columns, blocks, lambda rows: None)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert part.finished().size > 8_000_000
    assert LogEntry.objects.count() == 20_000
    assert peak < 3_000_000
