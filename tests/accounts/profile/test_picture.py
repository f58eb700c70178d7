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
from tests.support.pictures import POLYGLOTS, bomb, picture as a_picture, scene, sent, with_place

PAGE = "/account/picture/"


@pytest.fixture(autouse=True)
def all_is_committed(monkeypatch):
    """Runs the on_commit callbacks of every transaction, though the test is rolled back in the end."""
    monkeypatch.setattr(transaction, "on_commit", lambda act: act())


def change(member: User, content: bytes | None = None) -> str:
    picture.change_picture(by=member, upload=sent("me.png", content or scene(400, 300)))
    member.refresh_from_db()
    return member.picture


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


def test_it_is_kept_in_three_sizes_and_says_nothing_more(ada, guest, kept_in):
    key = change(ada, with_place(400, 300))
    assert files_in(kept_in) == sorted(f"people/{key[:2]}/{key}.{side}" for side in (48, 96, 192))
    for side in (48, 96, 192):
        response = guest.get(f"/picture/{key}/{side}/")
        content = content_of(response)
        assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
        assert Image.open(BytesIO(content)).size == (side, side)
        assert b"Camera" not in content


def test_it_is_sent_without_asking_the_database_and_need_not_be_asked_for_again(
    ada, guest, kept_in, django_assert_num_queries
):
    key = change(ada)
    with django_assert_num_queries(0):
        response = guest.get(f"/picture/{key}/96/")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert guest.get(f"/picture/{key}/96/", headers={"if-none-match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize("side", ["0", "95", "97", "99999999999999999999"])
def test_in_no_other_size(ada, guest, kept_in, side):
    assert guest.get(f"/picture/{change(ada)}/{side}/").status_code == 404


def test_it_stands_beside_what_they_write(topic, ada, ben, guest, kept_in):
    before = guest.get(topic.get_absolute_url()).text
    assert "/picture/" not in before
    key = change(ada)
    for client in (guest, browser_of(ben)):
        for page in (topic.get_absolute_url(), "/", "/s/talk/", "/u/ada/"):
            html = client.get(page).text if client is guest else text_of(client.get(page))
            assert f'src="/picture/{key}/' in html, page


def text_of(response) -> str:
    packed = response.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(response.content) if packed else response.content).decode()


def test_another_has_another_address_and_the_old_one_is_gone(ada, guest, kept_in):
    first, epoch, version = change(ada), SiteVersion.objects.get().number, ada.version
    second = change(ada)
    assert (first != second, ada.version) == (True, version + 1)
    assert SiteVersion.objects.get().number > epoch
    assert guest.get(f"/picture/{first}/96/").status_code == 404
    assert len(files_in(kept_in)) == 3


def test_it_can_be_taken_away_again(ada, topic, guest, sign_in, kept_in):
    key = change(ada)
    client = sign_in(ada)
    assert offers(client.get(PAGE), "remove-picture")
    client.post(f"{PAGE}remove/")
    ada.refresh_from_db()
    assert (ada.picture, files_in(kept_in), LogEntry.objects.count()) == ("", [], 0)
    assert guest.get(f"/picture/{key}/96/").status_code == 404
    assert "/picture/" not in guest.get(topic.get_absolute_url()).text
    assert not offers(client.get(PAGE), "remove-picture")


@pytest.mark.parametrize("name", [name for name, (_, _, kept) in POLYGLOTS.items() if kept != "image"])
def test_what_is_no_picture_is_refused(ada, kept_in, name):
    with pytest.raises(picture.PictureRejected):
        change(ada, POLYGLOTS[name][1])
    assert files_in(kept_in) == []


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"<svg/>", 422, "Unsupported image"),
        (bomb(20_000, 20_000), 422, "20,000 × 20,000"),
        (None, 422, "Choose a picture."),
        (b"", 422, "This file is empty"),
    ],
)
def test_the_page_says_why_not_beside_the_field(ada, sign_in, kept_in, content, status, words):
    fields = {} if content is None else {"picture": sent("me.png", content)}
    page = sign_in(ada).post(PAGE, fields)
    assert page.status_code == status
    assert words in page.text
    assert 'aria-invalid="true"' in page.text


def test_what_is_too_large_is_refused(ada, sign_in, kept_in, monkeypatch):
    monkeypatch.setattr(picture, "MAX_BYTES", 100)
    assert sign_in(ada).post(PAGE, {"picture": sent("me.png", a_picture())}).status_code == 413


def test_a_page_of_its_own_changes_it(ada, sign_in, kept_in):
    client = sign_in(ada)
    page = client.post(PAGE, {"picture": sent("me.png", a_picture())}, follow=True)
    ada.refresh_from_db()
    assert f"/picture/{ada.picture}/" in text_of(page)


@pytest.mark.slow
@pytest.mark.usefixtures("in_one_slot")
def test_not_more_than_ten_times_a_day(ada, sign_in, kept_in):
    for _ in range(picture.DAILY_LIMIT.most):
        change(ada)
    kept = ada.picture
    with pytest.raises(picture.PictureChangedTooOften):
        change(ada)
    answer = sign_in(ada).post(PAGE, {"picture": sent("me.png", a_picture())})
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    ada.refresh_from_db()
    assert ada.picture == kept
    assert f"/picture/{kept}/" in text_of(answer)
    assert len(files_in(kept_in)) == 3


def test_a_full_disk_leaves_what_was_there(ada, sign_in, kept_in, monkeypatch):
    key = change(ada)

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.storage.files.os.fsync", full)
    assert sign_in(ada).post(PAGE, {"picture": sent("me.png", a_picture())}).status_code == 507
    ada.refresh_from_db()
    assert (ada.picture, len(files_in(kept_in))) == (key, 3)


def test_staff_remove_a_picture_and_say_why(ada, mia, sign_in, kept_in):
    change(ada)
    client = sign_in(mia)
    assert offers(client.get("/u/ada/"), "remove-picture")
    address = f"/manage/members/{ada.pk}/remove-picture/"
    assert client.post(address, {"why": ""}).status_code == 422
    page = client.post(address, {"why": "Somebody else’s face."}, follow=True)
    assert "Removed the picture of ada." in text_of(page)
    ada.refresh_from_db()
    assert (ada.picture, files_in(kept_in)) == ("", [])
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.target_name, entry.why) == (
        "remove_picture", mia, "ada", "Somebody else’s face."
    )  # fmt: skip
    client.post(address, {"why": "Again."})
    assert LogEntry.objects.count() == 1


LIMITED = {"role": "moderator", "moderates": [1]}
GONE = {"suspended_until": PERMANENT}


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ({}, {}, 404),
        (LIMITED, {}, 403),  # a picture is visible in every section
        ({"role": "moderator", **GONE}, {}, 403),
        ({"role": "admin", **GONE}, {}, 403),
        ({"role": "moderator"}, {"role": "moderator"}, 403),
        ({"role": "moderator"}, {"role": "admin"}, 403),
    ],
    ids=str,
)
def test_nobody_else_does(ada, ben, sign_in, kept_in, who, whose, status):
    key = change(ada)
    User.objects.filter(pk=ben.pk).update(**who)
    User.objects.filter(pk=ada.pk).update(**whose)
    with pytest.raises(PermissionDenied):
        picture.remove_picture(member=ada, by=User.objects.get(pk=ben.pk))
    client = sign_in(ben)
    assert not offers(client.get("/u/ada/"), "remove-picture")
    assert client.post(f"/manage/members/{ada.pk}/remove-picture/", {"why": "x"}).status_code == status
    ada.refresh_from_db()
    assert ada.picture == key


def test_who_was_staff_when_the_page_was_opened_is_not_staff_for_ever(ada, mia, kept_in):
    key = change(ada)
    User.objects.filter(pk=mia.pk).update(suspended_until=PERMANENT)
    with pytest.raises(PermissionDenied):
        picture.remove_picture(member=ada, by=mia)
    ada.refresh_from_db()
    assert ada.picture == key


def test_nobody_suspended_removes_even_their_own(ada, kept_in):
    change(ada)
    User.objects.filter(pk=ada.pk).update(suspended_until=PERMANENT)
    with pytest.raises(PermissionDenied):
        picture.remove_picture(member=ada, by=ada)


def test_admins_remove_that_of_a_moderator(mia, noor, sign_in, kept_in):
    change(mia)
    assert offers(sign_in(noor).get("/u/mia/"), "remove-picture")
    assert picture.remove_picture(member=mia, by=noor, reason="Not theirs.")


def test_files_that_are_nobodys_are_swept(ada, kept_in):
    key = change(ada)
    folder = kept_in / "people" / "ab"
    folder.mkdir(exist_ok=True)
    for name in (f"{'ab' * 16}.48", ".unfinished"):
        (folder / name).write_bytes(b"x")
    delete_unused_pictures(0)
    assert len(files_in(kept_in)) == 5
    grow_old(kept_in)
    assert picture.delete_unused() == 2
    assert {name.rpartition("/")[2].partition(".")[0] for name in files_in(kept_in)} == {key}
