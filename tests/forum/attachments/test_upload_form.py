"""Attaching from the page with the composer, with a script and without."""

import errno
import json
from uuid import uuid4

import pytest

from core.text.attachments import ALT_MAX
from forum.models import Attachment
from moderation.topics.merge import merge_topic
from tests.conftest import offers, start
from tests.support.pictures import picture, uploaded_file

PDF = b"%PDF-1.7\n"
JSON = {"accept": "application/json"}


def send(client, *uploads, json: bool = False, follow: bool = False, **fields):
    fields = {"submission_key": uuid4(), "attachment": list(uploads), **fields}
    return client.post("/attachments/", fields, headers=JSON if json else {}, follow=follow)


def test_script_receives_the_markdown_to_insert(sign_in, ada, attachment_dir):
    answer = send(sign_in(ada), uploaded_file("bell.png", picture()), json=True, alt="A [big] bell")
    kept = Attachment.objects.get()
    assert answer.status_code == 201
    assert json.loads(answer.content) == {"texts": [f"![A \\[big\\] bell](/a/{kept.key}/)"]}


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("bell.svg", b"<svg/>", 422, "aren’t allowed. Allowed: images"),
        ("bell.png", b"<svg/>", 422, "Unsupported image"),
        ("a.txt", b"x" * 2_001, 413, "too large"),
    ],
)
def test_script_receives_the_error_message(
    sign_in, ada, settings, attachment_dir, name, content, status, words
):
    settings.ATTACHMENT_BYTES = 2_000
    answer = send(sign_in(ada), uploaded_file(name, content), json=True)
    assert answer.status_code == status
    assert words in json.loads(answer.content)["error"]


@pytest.mark.parametrize("too_long", [0, 1])
def test_alt_text_limit_is_the_same_in_form_upload_and_renderer(
    sign_in, ada, topic, attachment_dir, too_long
):
    """The same for the form, for the script that asks for it, and where the text is shown."""
    client, alt = sign_in(ada), "x" * (ALT_MAX + too_long)
    assert f'data-longest-alt="{ALT_MAX}"' in client.get(topic.url_for("reply")).text
    answer = send(client, uploaded_file("bell.png", picture()), json=True, alt=alt)
    assert answer.status_code == (422 if too_long else 201)
    if not too_long:
        body = Attachment.objects.get().markdown.replace(alt, alt + "y")
        client.post(topic.url_for("reply"), {"body": body, "submission_key": str(uuid4())})
        assert f'alt="{alt}"' in topic.posts.latest("position").html


@pytest.mark.slow
def test_form_upload_returns_to_the_composer_with_text_and_attachments(sign_in, ada, topic, attachment_dir):
    client, page = sign_in(ada), topic.url_for("reply")
    fields = {"body": "Look:\r\n", "attach_to": page, "alt": "The bell"}
    answer = send(client, uploaded_file("bell.png", picture()), uploaded_file("plan.pdf", PDF), **fields)
    assert (answer.status_code, answer["Location"]) == (302, page)
    form = client.get(page).context["form"]
    bell, plan = Attachment.objects.order_by("pk")
    assert form["body"].value() == f"Look:\n\n{bell.markdown}\n\n{plan.markdown}"
    assert client.get(page).context["form"]["body"].value() == ""  # restored once


def test_form_upload_works_in_a_topic_with_a_non_ascii_title(sign_in, ada, talk, attachment_dir):
    page = start(talk, ada, "Über die Glocke").url_for("reply")
    fields = {"body": "Look:", "attach_to": page}
    assert "Look:" in send(sign_in(ada), uploaded_file("plan.pdf", PDF), follow=True, **fields).text
    assert "Look:" in send(sign_in(ada), uploaded_file("plan.exe", b"MZ"), **fields).text  # with the error


def test_text_is_preserved_when_the_topic_was_merged(sign_in, ada, mia, talk, topic, attachment_dir):
    merge_topic(topic=topic, into=start(talk, ada, "Another"), by=mia)
    fields = {"body": "Look:", "attach_to": topic.url_for("reply")}
    assert "Look:" in send(sign_in(ada), uploaded_file("plan.pdf", PDF), follow=True, **fields).text


@pytest.mark.slow
def test_other_form_fields_are_preserved_after_an_upload(sign_in, ada, talk, topic, original, attachment_dir):
    client = sign_in(ada)
    for page, fields in [
        ("/s/talk/new/", {"title": "A bell", "body": "It rings.", "submission_key": str(uuid4())}),
        (original.url_for("edit"), {"body": "It rings.", "reason": "Clearer.", "version": "1"}),
    ]:
        send(client, uploaded_file("bell.png", picture()), attach_to=page, **fields)
        form = client.get(page).context["form"]
        assert {name: str(form[name].value()) for name in fields if name != "body"} == {
            name: said for name, said in fields.items() if name != "body"
        }
        assert form["body"].value().startswith("It rings.\n\n![](/a/")


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("bell.svg", b"<svg/>", 422, "aren’t allowed. Allowed: images"),
        ("a.txt", b"x" * 2_001, 413, "too large"),
        ("", b"", 422, "Select a file first"),
    ],
)
def test_rejected_upload_preserves_the_text(
    sign_in, ada, topic, settings, attachment_dir, name, content, status, words
):
    settings.ATTACHMENT_BYTES = 2_000
    uploads = [uploaded_file(name, content)] if name else []
    answer = send(sign_in(ada), *uploads, body="What I wrote", attach_to=topic.url_for("reply"))
    assert answer.status_code == status
    page = answer.text
    assert page.index("What I wrote") < page.index(words)
    assert offers(answer, "reply")
    assert 'aria-invalid="true"' in page


def test_successful_uploads_are_inserted_when_others_fail(sign_in, ada, topic, attachment_dir):
    uploads = [uploaded_file("bell.png", picture()), uploaded_file("bell.svg", b"<svg/>")]
    answer = send(sign_in(ada), *uploads, body="Look", attach_to=topic.url_for("reply"))
    assert answer.status_code == 422
    assert Attachment.objects.get().get_absolute_url() in answer.context["form"]["body"].value()
    assert "bell.svg: " in answer.text


@pytest.mark.parametrize(
    "page", ["", "//evil.example/", "https://evil.example/t/1/a/reply/", "/account/logout/", "/x"]
)
def test_return_url_must_be_a_composer_page(sign_in, ada, attachment_dir, page):
    answer = send(sign_in(ada), uploaded_file("bell.png", picture()), body="What I wrote", attach_to=page)
    assert answer.status_code == 400
    assert "What I wrote" in answer.text


def test_full_disk_is_reported_and_the_text_preserved(sign_in, ada, topic, attachment_dir, monkeypatch):
    def full(*args):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr("core.storage.files.os.fsync", full)
    answer = send(
        sign_in(ada), uploaded_file("a.txt", b"x"), body="What I wrote", attach_to=topic.url_for("reply")
    )
    assert answer.status_code == 507
    assert "The server’s disk is full" in answer.text
    assert "What I wrote" in answer.text


def test_full_disk_while_receiving_the_upload_returns_507(
    sign_in, ada, topic, attachment_dir, settings, monkeypatch
):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", full)
    client = sign_in(ada)
    client.raise_request_exception = False
    answer = send(
        client, uploaded_file("a.txt", b"x" * 100), body="What I wrote", attach_to=topic.url_for("reply")
    )
    assert (answer.status_code, Attachment.objects.count()) == (507, 0)
    assert "Use your browser’s back button to get your text back." in answer.text  # the server never read it


def test_guest_is_asked_to_sign_in_and_the_text_is_preserved(guest, topic, attachment_dir):
    answer = send(
        guest, uploaded_file("bell.png", picture()), body="What I wrote", attach_to=topic.url_for("reply")
    )
    assert answer.status_code == 403
    assert "What I wrote" in answer.text
    assert Attachment.objects.count() == 0


def test_reply_with_a_selected_but_unattached_file_is_rejected(sign_in, ada, topic, attachment_dir):
    client, fields = sign_in(ada), {"body": "Look", "submission_key": str(uuid4()), "attachment": "bell.png"}
    page = client.post(topic.url_for("reply"), fields)
    assert page.status_code == 422
    assert "You selected bell.png but didn’t attach it." in page.text
    assert client.post(topic.url_for("reply"), {**fields, "attachment": ""}).status_code == 302
