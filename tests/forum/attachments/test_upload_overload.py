"""Pictures arrive faster than they can be re-encoded: uploads beyond the limit are rejected at once, and no text is
lost."""

from uuid import uuid4

import pytest

from accounts.models import RateCount
from accounts.profile import picture as profile_picture
from core.storage.images import resize
from core.web.request_values import OVERLOADED
from forum.attachments.upload import DAILY_LIMIT, DailyLimitReached, NotAttached
from forum.models import Attachment
from tests.support.attachments import files_in
from tests.support.pictures import picture, uploaded_file

BROKEN_IMAGE = picture()[:40]


def fields(topic) -> dict:
    return {
        "attachment": uploaded_file("bell.png", picture()),
        "attach_to": topic.url_for("reply"),
        "submission_key": uuid4(),
        "body": "The words that came along.",
    }


def test_upload_during_overload_is_rejected_and_preserves_the_text(ada, topic, sign_in, attachment_dir):
    page = sign_in(ada).post("/attachments/", fields(topic), **{OVERLOADED: True})
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "The words that came along." in page.text
    assert "Too many images are being uploaded right now" in page.text
    assert (files_in(attachment_dir), Attachment.objects.count()) == ([], 0)


def test_upload_by_script_during_overload_returns_a_json_error(ada, topic, sign_in, attachment_dir):
    answer = sign_in(ada).post(
        "/attachments/", fields(topic), headers={"accept": "application/json"}, **{OVERLOADED: True}
    )
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["error"].startswith("Too many images are being uploaded")


def test_profile_picture_upload_during_overload_is_rejected(ada, sign_in, attachment_dir):
    page = sign_in(ada).post(
        "/account/picture/", {"picture": uploaded_file("me.png", picture())}, **{OVERLOADED: True}
    )
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "Try again in a moment" in page.text
    assert files_in(attachment_dir) == []


def test_overload_marker_cannot_be_set_by_a_request_header(ada, topic, sign_in, attachment_dir):
    answer = sign_in(ada).post("/attachments/", fields(topic), headers={OVERLOADED: "1"})
    assert answer.status_code == 302
    assert Attachment.objects.count() == 1


def test_second_concurrent_upload_by_same_member_is_rejected(
    ada, topic, sign_in, attachment_dir, monkeypatch
):
    monkeypatch.setattr(resize, "_senders", {ada.pk})
    page = sign_in(ada).post("/attachments/", fields(topic))
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "The words that came along." in page.text
    page = sign_in(ada).post("/account/picture/", {"picture": uploaded_file("me.png", picture())})
    assert page.status_code == 503


@pytest.mark.slow
def test_unreadable_images_count_toward_the_daily_upload_limit(attach, ada, mia, attachment_dir, monkeypatch):
    worked = []
    monkeypatch.setattr(resize, "_run_process", lambda *_: worked.append(1) or b"")
    for _ in range(DAILY_LIMIT.most):
        with pytest.raises(NotAttached, match="can’t be read"):
            attach(ada, "bell.png", picture())
    with pytest.raises(DailyLimitReached):
        attach(ada, "bell.png", picture())
    assert len(worked) == DAILY_LIMIT.most  # the last one was rejected before any work
    with pytest.raises(NotAttached, match="can’t be read"):
        attach(mia, "bell.png", picture())


@pytest.mark.slow
def test_unreadable_profile_pictures_count_toward_the_daily_limit(ada, attachment_dir):
    for _ in range(profile_picture.DAILY_LIMIT.most):
        with pytest.raises(profile_picture.PictureRejected):
            profile_picture.change_picture(by=ada, upload=uploaded_file("me.png", BROKEN_IMAGE))
    with pytest.raises(profile_picture.PictureChangedTooOften):
        profile_picture.change_picture(by=ada, upload=uploaded_file("me.png", picture()))
    assert RateCount.objects.get(user=ada).count == profile_picture.DAILY_LIMIT.most
