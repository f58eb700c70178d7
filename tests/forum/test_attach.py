"""Attach a picture or a file."""

import errno
import json
import os
import stat
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Rate
from forum import attaching
from forum.attaching import A_DAY, NoMoreToday, NoRoom, NotAttached, TooLarge
from forum.bounds import FILE_NAME_MAX
from forum.models import Attachment
from tests.attachments import files_in
from tests.conftest import offers
from tests.pictures import POLYGLOTS, archive, picture, scene, sent

PDF = b"%PDF-1.7\n"
JSON = {"accept": "application/json"}


def send(client, *uploads, json: bool = False, **fields):
    fields = {"submission_key": uuid4(), "attachment": list(uploads), **fields}
    return client.post("/attachments/", fields, headers=JSON if json else {})


def test_a_picture_is_kept_in_two_widths(attach, ada, kept_in):
    kept = attach(ada, "../Our bell.JPG", scene(2_000, 1_000), alt="The bell")
    assert (kept.kind, kept.name, kept.content_type) == ("image", "Our bell.webp", "image/webp")
    assert (kept.width, kept.height, kept.alt, kept.post) == (1_440, 720, "The bell", None)
    assert files_in(kept_in) == [f"posts/{kept.key[:2]}/{kept.key}", f"posts/{kept.key[:2]}/{kept.key}.480"]
    assert kept.size == sum(path.stat().st_size for path in kept_in.rglob("*") if path.is_file())


def test_a_small_picture_is_kept_once(attach, ada, kept_in):
    kept = attach(ada)
    assert (kept.width, kept.height) == (60, 40)
    assert files_in(kept_in) == [f"posts/{kept.key[:2]}/{kept.key}"]


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("Plan.PDF", PDF, "application/pdf"),
        ("a.txt", "Glocke ü".encode(), "text/plain; charset=utf-8"),
        ("a.csv", b"a,b\n1,2", "text/csv; charset=utf-8"),
        ("a.zip", archive(), "application/zip"),
    ],
)
def test_a_file_is_kept_as_it_is(attach, ada, kept_in, name, content, content_type):
    kept = attach(ada, name, content, alt="Not of a file")
    assert (kept.kind, kept.name, kept.content_type, kept.alt) == ("file", name, content_type, "")
    assert [(kept_in / path).read_bytes() for path in files_in(kept_in)] == [content]


@pytest.mark.parametrize("name", POLYGLOTS)
def test_a_polyglot_is_made_harmless_or_refused_with_a_word(attach, ada, kept_in, name):
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
        assert (files_in(kept_in), Attachment.objects.count(), Rate.objects.count()) == ([], 0, 0)


def test_other_types_are_taken_where_the_community_says_so(attach, ada, settings):
    with pytest.raises(NotAttached, match=r"No “.docx” here"):
        attach(ada, "a.docx", archive())
    settings.ATTACHMENT_TYPES = ("docx",)
    assert attach(ada, "a.docx", archive()).content_type.startswith("application/vnd.openxmlformats")
    with pytest.raises(NotAttached):
        attach(ada, "a.pdf", PDF)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("con.pdf", "_con.pdf"),
        ("COM1.x.pdf", "_COM1.x.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("x" * 300 + ".pdf", "x" * (FILE_NAME_MAX - 4) + ".pdf"),
        ("Glocke ü 鐘.pdf", "Glocke ü 鐘.pdf"),
        ('a<b>"|?*[c]`.pdf', "abc.pdf"),
    ],
)
def test_a_name_is_one_everywhere_and_stands_in_no_path(attach, ada, kept_in, said, name):
    upload = SimpleUploadedFile("x", PDF)
    upload._name = said  # what Django's own cleaning would have let through
    kept = attaching.attach(by=ada, upload=upload, submission_key=uuid4())
    assert kept.name == name
    assert len(kept.name) <= FILE_NAME_MAX
    assert files_in(kept_in) == [f"posts/{kept.key[:2]}/{kept.key}"]


def test_nobody_else_on_the_machine_can_look(attach, ada, kept_in):
    old = os.umask(0)
    try:
        attach(ada)
    finally:
        os.umask(old)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [kept_in, *kept_in.rglob("*")] if path.is_dir()}
    assert modes == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept_in.rglob("*") if path.is_file()} == {0o600}


def test_the_same_submission_is_one_attachment(attach, ada, ben, kept_in):
    key = uuid4()
    first, again = attach(ada, submission_key=key), attach(ada, submission_key=key)
    assert first.pk == again.pk
    assert (
        attach(ada, submission_key=key, content=picture(61)).pk != first.pk
    )  # another picture for the same text
    assert attach(ben, submission_key=key).pk != first.pk
    assert (Attachment.objects.count(), len(files_in(kept_in))) == (3, 3)


def test_what_is_too_large_or_empty_is_refused(attach, ada, settings, kept_in):
    settings.ATTACHMENT_BYTES = 1_000
    with pytest.raises(TooLarge):
        attach(ada, "a.txt", b"x" * 1_001)
    with pytest.raises(NotAttached):
        attach(ada, "a.txt", b"")
    assert files_in(kept_in) == []


def test_a_day_has_room_for_so_many(attach, ada, mia, kept_in):
    for number in range(A_DAY.most):
        attach(ada, "a.txt", b"%d" % number)
    with pytest.raises(NoMoreToday, match="Try again in") as refusal:
        attach(ada, "a.txt", b"one more")
    assert 0 < refusal.value.retry_after <= 86_400
    assert Attachment.objects.count() == len(files_in(kept_in)) == A_DAY.most
    for number in range(A_DAY.most + 1):
        attach(mia, "a.txt", b"%d" % number)


def test_and_for_so_many_bytes(attach, ada, settings, kept_in):
    settings.ATTACHMENTS_A_DAY = 10_000
    attach(ada, "a.txt", b"x" * 6_000)
    with pytest.raises(NoMoreToday):
        attach(ada, "a.txt", b"y" * 6_000)
    attach(ada, "a.txt", b"z" * 4_000)
    assert len(files_in(kept_in)) == 2


@pytest.mark.parametrize("fails", ["write", "fsync", "rename"])
def test_a_full_disk_leaves_nothing_behind(attach, ada, kept_in, monkeypatch, fails):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    if fails == "write":
        monkeypatch.setattr("django.core.files.base.ContentFile.chunks", full)
    else:
        monkeypatch.setattr(f"accounts.files.os.{fails}", full)
    with pytest.raises(NoRoom, match="full"):
        attach(ada, content=scene(2_000, 1_000))
    monkeypatch.undo()
    assert (files_in(kept_in), Attachment.objects.count(), Rate.objects.count()) == ([], 0, 0)


def test_a_row_that_fails_takes_its_files_along(attach, ada, kept_in, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Attachment, "save", broken)
    with pytest.raises(RuntimeError):
        attach(ada)
    assert files_in(kept_in) == []


def test_a_script_gets_what_to_write_into_the_text(sign_in, ada, kept_in):
    answer = send(sign_in(ada), sent("bell.png", picture()), json=True, alt="A [big] bell")
    kept = Attachment.objects.get()
    assert answer.status_code == 201
    assert json.loads(answer.content) == {"texts": [f"![A \\[big\\] bell](/a/{kept.key}/)"]}


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("bell.svg", b"<svg/>", 422, "can be attached"),
        ("bell.png", b"<svg/>", 422, "This is no picture"),
        ("a.txt", b"x" * 2_001, 413, "too large"),
    ],
)
def test_a_script_is_told_why_not(sign_in, ada, settings, kept_in, name, content, status, words):
    settings.ATTACHMENT_BYTES = 2_000
    answer = send(sign_in(ada), sent(name, content), json=True)
    assert answer.status_code == status
    assert words in json.loads(answer.content)["error"]


def test_a_form_gets_its_page_again_with_the_text_and_the_attachments(sign_in, ada, topic, kept_in):
    client, page = sign_in(ada), topic.url_for("reply")
    fields = {"body": "Look:\r\n", "attach_to": page, "alt": "The bell"}
    answer = send(client, sent("bell.png", picture()), sent("plan.pdf", PDF), **fields)
    assert (answer.status_code, answer["Location"]) == (302, page)
    form = client.get(page).context["form"]
    bell, plan = Attachment.objects.order_by("pk")
    assert form["body"].value() == f"Look:\n\n{bell.markdown}\n\n{plan.markdown}"
    assert client.get(page).context["form"]["body"].value() is None  # it is taken up once


def test_everything_else_that_was_typed_is_kept_as_well(sign_in, ada, talk, topic, original, kept_in):
    client = sign_in(ada)
    for page, fields in [
        ("/s/talk/new/", {"title": "A bell", "body": "It rings.", "submission_key": str(uuid4())}),
        (original.url_for("edit"), {"body": "It rings.", "reason": "Clearer.", "version": "1"}),
    ]:
        send(client, sent("bell.png", picture()), attach_to=page, **fields)
        form = client.get(page).context["form"]
        assert {name: str(form[name].value()) for name in fields if name != "body"} == {
            name: said for name, said in fields.items() if name != "body"
        }
        assert form["body"].value().startswith("It rings.\n\n![](/a/")


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("bell.svg", b"<svg/>", 422, "can be attached"),
        ("a.txt", b"x" * 2_001, 413, "too large"),
        ("", b"", 422, "Choose a picture or a file first"),
    ],
)
def test_what_cannot_be_attached_leaves_the_text(
    sign_in, ada, topic, settings, kept_in, name, content, status, words
):
    settings.ATTACHMENT_BYTES = 2_000
    uploads = [sent(name, content)] if name else []
    answer = send(sign_in(ada), *uploads, body="What I wrote", attach_to=topic.url_for("reply"))
    assert answer.status_code == status
    page = answer.content.decode()
    assert page.index("What I wrote") < page.index(words)
    assert offers(answer, "reply")
    assert 'aria-invalid="true"' in page


def test_of_several_those_that_went_well_are_in_the_text(sign_in, ada, topic, kept_in):
    uploads = [sent("bell.png", picture()), sent("bell.svg", b"<svg/>")]
    answer = send(sign_in(ada), *uploads, body="Look", attach_to=topic.url_for("reply"))
    assert answer.status_code == 422
    assert Attachment.objects.get().get_absolute_url() in answer.context["form"]["body"].value()
    assert "bell.svg: " in answer.content.decode()


@pytest.mark.parametrize(
    "page", ["", "//evil.example/", "https://evil.example/t/1/a/reply/", "/account/logout/", "/x"]
)
def test_it_leads_to_pages_of_writing_alone(sign_in, ada, kept_in, page):
    answer = send(sign_in(ada), sent("bell.png", picture()), body="What I wrote", attach_to=page)
    assert answer.status_code == 400
    assert "What I wrote" in answer.content.decode()


def test_a_full_disk_is_said_and_leaves_the_text(sign_in, ada, topic, kept_in, monkeypatch):
    def full(*args):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr("accounts.files.os.fsync", full)
    answer = send(sign_in(ada), sent("a.txt", b"x"), body="What I wrote", attach_to=topic.url_for("reply"))
    assert answer.status_code == 507
    assert "disk of the forum is full" in answer.content.decode()
    assert "What I wrote" in answer.content.decode()


def test_so_is_one_that_is_full_before_the_file_is_here(sign_in, ada, topic, kept_in, settings, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", full)
    client = sign_in(ada)
    client.raise_request_exception = False
    answer = send(client, sent("a.txt", b"x" * 100), body="What I wrote", attach_to=topic.url_for("reply"))
    assert (answer.status_code, Attachment.objects.count()) == (507, 0)


def test_a_guest_is_asked_to_sign_in_and_keeps_the_text(guest, topic, kept_in):
    answer = send(guest, sent("bell.png", picture()), body="What I wrote", attach_to=topic.url_for("reply"))
    assert answer.status_code == 403
    assert "What I wrote" in answer.content.decode()
    assert Attachment.objects.count() == 0


def test_what_was_chosen_and_not_attached_is_not_lost_in_silence(sign_in, ada, topic, kept_in):
    client, fields = sign_in(ada), {"body": "Look", "submission_key": str(uuid4()), "attachment": "bell.png"}
    page = client.post(topic.url_for("reply"), fields)
    assert page.status_code == 422
    assert "You chose bell.png and did not attach it." in page.content.decode()
    assert client.post(topic.url_for("reply"), {**fields, "attachment": ""}).status_code == 302
