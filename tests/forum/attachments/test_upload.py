"""Attaching a picture or a file."""

import errno
import os
import stat
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import RateCount
from forum.attachments import upload as attachments_upload
from forum.attachments.upload import DAILY_LIMIT, DailyLimitReached, DiskFull, NotAttached, TooLarge
from forum.models import Attachment
from forum.models.attachment import FILE_NAME_MAX
from tests.support.attachments import files_in
from tests.support.pictures import POLYGLOTS, archive, picture, scene

PDF = b"%PDF-1.7\n"


@pytest.mark.slow
def test_large_image_is_stored_in_two_widths(attach, ada, attachment_dir):
    kept = attach(ada, "../Our bell.JPG", scene(2_000, 1_000), alt="The bell")
    assert (kept.kind, kept.name, kept.content_type) == ("image", "Our bell.webp", "image/webp")
    assert (kept.width, kept.height, kept.alt, kept.post) == (1_440, 720, "The bell", None)
    assert files_in(attachment_dir) == [
        f"posts/{kept.key[:2]}/{kept.key}",
        f"posts/{kept.key[:2]}/{kept.key}.480",
    ]
    assert kept.size == sum(path.stat().st_size for path in attachment_dir.rglob("*") if path.is_file())


def test_small_image_is_stored_once(attach, ada, attachment_dir):
    kept = attach(ada)
    assert (kept.width, kept.height) == (60, 40)
    assert files_in(attachment_dir) == [f"posts/{kept.key[:2]}/{kept.key}"]


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("Plan.PDF", PDF, "application/pdf"),
        ("a.txt", "Glocke ü".encode(), "text/plain; charset=utf-8"),
        ("a.csv", b"a,b\n1,2", "text/csv; charset=utf-8"),
        ("a.zip", archive(), "application/zip"),
    ],
)
def test_file_is_stored_unchanged(attach, ada, attachment_dir, name, content, content_type):
    kept = attach(ada, name, content, alt="Not of a file")
    assert (kept.kind, kept.name, kept.content_type, kept.alt) == ("file", name, content_type, "")
    assert [(attachment_dir / path).read_bytes() for path in files_in(attachment_dir)] == [content]


@pytest.mark.parametrize("name", POLYGLOTS)
def test_polyglot_file_is_made_safe_or_rejected_with_a_message(attach, ada, attachment_dir, name):
    called, content, becomes = POLYGLOTS[name]
    if becomes:
        kept = attach(ada, called, content)
        assert kept.kind == becomes
        assert kept.content_type in {
            "image/webp", "application/pdf", "application/zip", "text/plain; charset=utf-8"
        }  # fmt: skip
        assert kept.name.endswith((".webp", ".pdf", ".zip", ".txt"))
    else:
        with pytest.raises(NotAttached) as refusal:
            attach(ada, called, content)
        assert len(str(refusal.value)) > 20
        assert (files_in(attachment_dir), Attachment.objects.count()) == ([], 0)
        assert RateCount.objects.count() == called.endswith(
            (".png", ".jpg", ".gif")
        )  # a picture was work all the same


def test_allowed_file_types_follow_the_setting(attach, ada, settings):
    with pytest.raises(NotAttached, match=r".docx files aren’t allowed"):
        attach(ada, "a.docx", archive())
    settings.ATTACHMENT_TYPES = ("docx",)
    assert attach(ada, "a.docx", archive()).content_type.startswith("application/vnd.openxmlformats")
    with pytest.raises(NotAttached):
        attach(ada, "a.pdf", PDF)


@pytest.mark.parametrize(
    ("raw_name", "name"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("con.pdf", "_con.pdf"),
        ("COM1.x.pdf", "_COM1.x.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("x" * 300 + ".pdf", "x" * (FILE_NAME_MAX - 4) + ".pdf"),
        ("Glocke ü 鐘.pdf", "Glocke ü 鐘.pdf"),
        ('a<b>"|?*[c]`.pdf', 'a<b>"|?*[c]`.pdf'),
    ],
)
def test_file_name_is_sanitized_and_not_used_in_the_path(attach, ada, attachment_dir, raw_name, name):
    upload = SimpleUploadedFile("x", PDF)
    upload._name = raw_name  # what Django's own cleaning would accept
    kept = attachments_upload.attach(by=ada, upload=upload, submission_key=uuid4())
    assert kept.name == name
    assert len(kept.name) <= FILE_NAME_MAX
    assert files_in(attachment_dir) == [f"posts/{kept.key[:2]}/{kept.key}"]


def test_stored_files_are_accessible_only_to_the_server_user(attach, ada, attachment_dir):
    old = os.umask(0)
    try:
        attach(ada)
    finally:
        os.umask(old)
    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for path in [attachment_dir, *attachment_dir.rglob("*")]
        if path.is_dir()
    }
    assert modes == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in attachment_dir.rglob("*") if path.is_file()} == {
        0o600
    }


@pytest.mark.slow
def test_resubmitted_upload_creates_one_attachment(attach, ada, ben, attachment_dir):
    key = uuid4()
    first, again = attach(ada, submission_key=key), attach(ada, submission_key=key)
    assert first.pk == again.pk
    assert (
        attach(ada, submission_key=key, content=picture(61)).pk != first.pk
    )  # another picture for the same text
    assert attach(ben, submission_key=key).pk != first.pk
    assert (Attachment.objects.count(), len(files_in(attachment_dir))) == (3, 3)


def test_empty_or_too_large_file_is_rejected(attach, ada, settings, attachment_dir):
    settings.ATTACHMENT_BYTES = 1_000
    with pytest.raises(TooLarge):
        attach(ada, "a.txt", b"x" * 1_001)
    with pytest.raises(NotAttached):
        attach(ada, "a.txt", b"")
    assert files_in(attachment_dir) == []


@pytest.mark.slow
def test_daily_number_of_uploads_per_member_is_limited(attach, ada, mia, attachment_dir):
    for number in range(DAILY_LIMIT.most):
        attach(ada, "a.txt", b"%d" % number)
    with pytest.raises(DailyLimitReached, match="Try again in") as refusal:
        attach(ada, "a.txt", b"one more")
    assert 0 < refusal.value.retry_after <= 86_400
    assert Attachment.objects.count() == len(files_in(attachment_dir)) == DAILY_LIMIT.most
    for number in range(DAILY_LIMIT.most + 1):
        attach(mia, "a.txt", b"%d" % number)


def test_daily_upload_size_is_limited(attach, ada, settings, attachment_dir):
    settings.ATTACHMENTS_A_DAY = 10_000
    attach(ada, "a.txt", b"x" * 6_000)
    with pytest.raises(DailyLimitReached):
        attach(ada, "a.txt", b"y" * 6_000)
    attach(ada, "a.txt", b"z" * 4_000)
    assert len(files_in(attachment_dir)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("fails", ["write", "fsync", "rename"])
def test_full_disk_leaves_no_files_rows_or_rate_counts(attach, ada, attachment_dir, monkeypatch, fails):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    if fails == "write":
        monkeypatch.setattr("django.core.files.base.ContentFile.chunks", full)
    else:
        monkeypatch.setattr(f"core.storage.files.os.{fails}", full)
    with pytest.raises(DiskFull, match="full"):
        attach(ada, content=scene(2_000, 1_000))
    monkeypatch.undo()
    assert (files_in(attachment_dir), Attachment.objects.count(), RateCount.objects.count()) == ([], 0, 0)


def test_files_are_deleted_when_saving_the_row_fails(attach, ada, attachment_dir, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Attachment, "save", broken)
    with pytest.raises(RuntimeError):
        attach(ada)
    assert files_in(attachment_dir) == []
