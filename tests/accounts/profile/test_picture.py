"""A member's picture."""

import errno
import gzip
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from PIL import Image

from accounts.models import LogEntry, SiteVersion, User
from accounts.models.sanction import PERMANENT
from accounts.profile import picture
from accounts.tasks import delete_unused_pictures
from tests.conftest import browser_of, offers
from tests.forum.attachments.test_cleanup import grow_old
from tests.support.attachments import files_in
from tests.support.pictures import (
    POLYGLOTS,
    bomb,
    picture as a_picture,
    picture_with_location,
    scene,
    uploaded_file,
)

PICTURE_PATH = "/account/picture/"


@pytest.fixture(autouse=True)
def run_on_commit_at_once(monkeypatch):
    """Runs the on_commit callbacks of every transaction, though the test is rolled back in the end."""
    monkeypatch.setattr(transaction, "on_commit", lambda act: act())


def set_picture(member: User, content: bytes | None = None) -> str:
    picture.change_picture(by=member, upload=uploaded_file("me.png", content or scene(400, 300)))
    member.refresh_from_db()
    return member.picture


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


def test_picture_is_stored_in_three_sizes_without_metadata(ada, guest, attachment_dir):
    key = set_picture(ada, picture_with_location(400, 300))
    assert files_in(attachment_dir) == sorted(f"people/{key[:2]}/{key}.{side}" for side in (48, 96, 192))
    for side in (48, 96, 192):
        response = guest.get(f"/picture/{key}/{side}/")
        content = content_of(response)
        assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
        assert Image.open(BytesIO(content)).size == (side, side)
        assert b"Camera" not in content


def test_picture_is_served_without_query_and_cached_as_immutable(
    ada, guest, attachment_dir, django_assert_num_queries
):
    key = set_picture(ada)
    with django_assert_num_queries(0):
        response = guest.get(f"/picture/{key}/96/")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert guest.get(f"/picture/{key}/96/", headers={"if-none-match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize("side", ["0", "95", "97", "99999999999999999999"])
def test_other_picture_sizes_are_not_found(ada, guest, attachment_dir, side):
    assert guest.get(f"/picture/{set_picture(ada)}/{side}/").status_code == 404


@pytest.mark.slow
def test_picture_is_shown_in_topics_lists_and_profile(topic, ada, ben, guest, attachment_dir):
    before = guest.get(topic.get_absolute_url()).text
    assert "/picture/" not in before
    key = set_picture(ada)
    for client in (guest, browser_of(ben)):
        for page in (topic.get_absolute_url(), "/", "/s/talk/", "/u/ada/"):
            html = client.get(page).text if client is guest else decoded_body(client.get(page))
            assert f'src="/picture/{key}/' in html, page


def decoded_body(response) -> str:
    packed = response.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(response.content) if packed else response.content).decode()


def test_new_picture_has_new_url_and_old_one_is_deleted(ada, guest, attachment_dir):
    first, epoch, version = set_picture(ada), SiteVersion.objects.get().number, ada.version
    second = set_picture(ada)
    assert (first != second, ada.version) == (True, version + 1)
    assert SiteVersion.objects.get().number > epoch
    assert guest.get(f"/picture/{first}/96/").status_code == 404
    assert len(files_in(attachment_dir)) == 3


def test_member_can_remove_own_picture(ada, topic, guest, sign_in, attachment_dir):
    key = set_picture(ada)
    client = sign_in(ada)
    assert offers(client.get(PICTURE_PATH), "remove-picture")
    client.post(f"{PICTURE_PATH}remove/")
    ada.refresh_from_db()
    assert (ada.picture, files_in(attachment_dir), LogEntry.objects.count()) == ("", [], 0)
    assert guest.get(f"/picture/{key}/96/").status_code == 404
    assert "/picture/" not in guest.get(topic.get_absolute_url()).text
    assert not offers(client.get(PICTURE_PATH), "remove-picture")


@pytest.mark.parametrize("name", [name for name, (_, _, kept) in POLYGLOTS.items() if kept != "image"])
def test_non_image_upload_is_rejected(ada, attachment_dir, name):
    with pytest.raises(picture.PictureRejected):
        set_picture(ada, POLYGLOTS[name][1])
    assert files_in(attachment_dir) == []


@pytest.mark.parametrize(
    ("content", "status", "expected_message"),
    [
        (b"<svg/>", 422, "Unsupported image"),
        (bomb(20_000, 20_000), 422, "20,000 × 20,000"),
        (None, 422, "Choose a picture."),
        (b"", 422, "This file is empty"),
    ],
)
def test_rejected_upload_shows_field_error(ada, sign_in, attachment_dir, content, status, expected_message):
    fields = {} if content is None else {"picture": uploaded_file("me.png", content)}
    page = sign_in(ada).post(PICTURE_PATH, fields)
    assert page.status_code == status
    assert expected_message in page.text
    assert 'aria-invalid="true"' in page.text


def test_oversized_upload_is_rejected(ada, sign_in, attachment_dir, monkeypatch):
    monkeypatch.setattr(picture, "MAX_BYTES", 100)
    assert (
        sign_in(ada).post(PICTURE_PATH, {"picture": uploaded_file("me.png", a_picture())}).status_code == 413
    )


def test_picture_page_changes_picture(ada, sign_in, attachment_dir):
    client = sign_in(ada)
    page = client.post(PICTURE_PATH, {"picture": uploaded_file("me.png", a_picture())}, follow=True)
    ada.refresh_from_db()
    assert f"/picture/{ada.picture}/" in decoded_body(page)


@pytest.mark.slow
@pytest.mark.usefixtures("in_one_slot")
def test_picture_changes_are_limited_per_day(ada, sign_in, attachment_dir):
    for _ in range(picture.DAILY_LIMIT.most):
        set_picture(ada)
    kept = ada.picture
    with pytest.raises(picture.PictureChangedTooOften):
        set_picture(ada)
    answer = sign_in(ada).post(PICTURE_PATH, {"picture": uploaded_file("me.png", a_picture())})
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    ada.refresh_from_db()
    assert ada.picture == kept
    assert f"/picture/{kept}/" in decoded_body(answer)
    assert len(files_in(attachment_dir)) == 3


@pytest.mark.slow
def test_full_disk_leaves_previous_picture(ada, sign_in, attachment_dir, monkeypatch):
    key = set_picture(ada)

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.storage.files.os.fsync", full)
    assert (
        sign_in(ada).post(PICTURE_PATH, {"picture": uploaded_file("me.png", a_picture())}).status_code == 507
    )
    ada.refresh_from_db()
    assert (ada.picture, len(files_in(attachment_dir))) == (key, 3)


@pytest.mark.slow
def test_moderator_can_remove_picture_with_reason(ada, mia, sign_in, attachment_dir):
    set_picture(ada)
    client = sign_in(mia)
    assert offers(client.get("/u/ada/"), "remove-picture")
    address = f"/manage/members/{ada.pk}/remove-picture/"
    assert client.post(address, {"why": ""}).status_code == 422
    page = client.post(address, {"why": "Somebody else’s face."}, follow=True)
    assert "Removed the picture of ada." in decoded_body(page)
    ada.refresh_from_db()
    assert (ada.picture, files_in(attachment_dir)) == ("", [])
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.target_name, entry.why) == (
        "remove_picture", mia, "ada", "Somebody else’s face."
    )  # fmt: skip
    client.post(address, {"why": "Again."})
    assert LogEntry.objects.count() == 1


SECTION_MODERATOR = {"role": "moderator", "moderates": [1]}
SUSPENDED = {"suspended_until": PERMANENT}


@pytest.mark.parametrize(
    ("actor_fields", "owner_fields", "status"),
    [
        ({}, {}, 404),
        (SECTION_MODERATOR, {}, 403),  # a picture is visible in every section
        ({"role": "moderator", **SUSPENDED}, {}, 403),
        ({"role": "admin", **SUSPENDED}, {}, 403),
        ({"role": "moderator"}, {"role": "moderator"}, 403),
        ({"role": "moderator"}, {"role": "admin"}, 403),
    ],
    ids=str,
)
def test_unauthorized_member_cannot_remove_picture(
    ada, ben, sign_in, attachment_dir, actor_fields, owner_fields, status
):
    key = set_picture(ada)
    User.objects.filter(pk=ben.pk).update(**actor_fields)
    User.objects.filter(pk=ada.pk).update(**owner_fields)
    with pytest.raises(PermissionDenied):
        picture.remove_picture(member=ada, by=User.objects.get(pk=ben.pk))
    client = sign_in(ben)
    assert not offers(client.get("/u/ada/"), "remove-picture")
    assert client.post(f"/manage/members/{ada.pk}/remove-picture/", {"why": "x"}).status_code == status
    ada.refresh_from_db()
    assert ada.picture == key


def test_moderator_suspended_during_request_cannot_remove_picture(ada, mia, attachment_dir):
    key = set_picture(ada)
    User.objects.filter(pk=mia.pk).update(suspended_until=PERMANENT)
    with pytest.raises(PermissionDenied):
        picture.remove_picture(member=ada, by=mia)
    ada.refresh_from_db()
    assert ada.picture == key


def test_suspended_member_cannot_remove_own_picture(ada, attachment_dir):
    set_picture(ada)
    User.objects.filter(pk=ada.pk).update(suspended_until=PERMANENT)
    with pytest.raises(PermissionDenied):
        picture.remove_picture(member=ada, by=ada)


def test_admin_can_remove_picture_of_moderator(mia, noor, sign_in, attachment_dir):
    set_picture(mia)
    assert offers(sign_in(noor).get("/u/mia/"), "remove-picture")
    assert picture.remove_picture(member=mia, by=noor, reason="Not theirs.")


def test_unused_picture_files_are_deleted(ada, attachment_dir):
    key = set_picture(ada)
    folder = attachment_dir / "people" / "ab"
    folder.mkdir(exist_ok=True)
    for name in (f"{'ab' * 16}.48", ".unfinished"):
        (folder / name).write_bytes(b"x")
    delete_unused_pictures(0)
    assert len(files_in(attachment_dir)) == 5
    grow_old(attachment_dir)
    assert picture.delete_unused() == 2
    assert {name.rpartition("/")[2].partition(".")[0] for name in files_in(attachment_dir)} == {key}
