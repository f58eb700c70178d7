"""Who may fetch an attachment, and how it is served."""

import pytest
from django.core.management import call_command
from django.utils.http import parse_header_parameters

from core.text.plain_text import plain_text_of
from forum.access import permissions
from forum.models import Attachment, Section
from forum.posts.edit import edit_post
from moderation.posts.remove import remove_post
from tests.conftest import browser_of, reply_to, start
from tests.support.attachments import files_in
from tests.support.pictures import picture, scene

NOBODY = "0" * 32


def attach_in_reply(attach, topic, by, *args, **kwargs) -> Attachment:
    """An attachment, and a reply that shows it."""
    kept = attach(by, *args, **kwargs)
    reply_to(topic, by, f"Look: {kept.markdown}")
    kept.refresh_from_db()
    return kept


def fetch(person, attachment, **headers):
    return browser_of(person).get(attachment.get_absolute_url(), headers=headers)


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def staff_section(talk) -> Section:
    return Section.objects.create(name="Staff room", slug="staff-room", place=3, read_by="staff")


@pytest.mark.slow
def test_image_is_served_in_both_widths(attach, topic, ada, guest):
    kept = attach_in_reply(attach, topic, ada, content=scene(2_000, 1_000))
    wide, narrow = guest.get(f"/a/{kept.key}/"), guest.get(f"/a/{kept.key}/480/")
    for response in (wide, narrow):
        assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
        assert response["Content-Disposition"] == 'inline; filename="bell.webp"'
    wide, narrow = content_of(wide), content_of(narrow)
    assert wide[8:12] == narrow[8:12] == b"WEBP"
    assert len(wide) > len(narrow)


@pytest.mark.slow
@pytest.mark.parametrize("width", ["0", "481", "1440", "99999999999999999999", "x"])
def test_unknown_image_width_returns_404(attach, topic, ada, guest, width):
    kept = attach_in_reply(attach, topic, ada, content=scene(2_000, 1_000))
    assert guest.get(f"/a/{kept.key}/{width}/").status_code == 404


@pytest.mark.slow
def test_small_image_has_no_narrow_width(attach, topic, ada, guest):
    kept = attach_in_reply(attach, topic, ada)
    assert guest.get(f"/a/{kept.key}/480/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("plan.pdf", b"%PDF-1.7", "application/pdf"),
        ("plan.txt", b"<script>alert(1)</script>", "text/plain; charset=utf-8"),
        ("plan.csv", b"=cmd()", "text/csv; charset=utf-8"),
    ],
)
def test_file_is_served_as_a_download(attach, topic, ada, guest, name, content, content_type):
    response = fetch(None, attach_in_reply(attach, topic, ada, name, content))
    assert (response.status_code, response["Content-Type"]) == (200, content_type)
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert content_of(response) == content


def test_content_disposition_encodes_a_non_ascii_name(attach, topic, ada):
    said = fetch(None, attach_in_reply(attach, topic, ada, "Glocke ü.pdf", b"%PDF-1.7"))[
        "Content-Disposition"
    ]
    assert said == "attachment; filename*=utf-8''Glocke%20%C3%BC.pdf"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('12" disk 100% a.txt', '12" disk 100% a.txt'),
        ("12%22 disk 100% a.txt", '12" disk 100% a.txt'),  # as a browser sends it
        ("a;b=c.txt", "a;b=c.txt"),
        ("50%25.txt", "50%25.txt"),
        ("report [v2] <final> | `x` *.txt", "report [v2] <final> | `x` *.txt"),
        ("наряд 鐘 é.txt", "наряд 鐘 é.txt"),
        ("\u202egpj.\u2066x\u200bsecret\x07.txt", "gpj.xsecret.txt"),
        ("👨\u200d👩\u200d👧" * 60 + ".txt", "👨\u200d👩\u200d👧" * 29 + ".txt"),
        ("n" * 400 + ".txt", "n" * 146 + ".txt"),
        ("C:\\fakepath\\plan.txt", "plan.txt"),
        ("a%0D%0AX-Evil: 1.txt", "a X-Evil: 1.txt"),
        ("a\r\nX-Evil: 1.txt", "aX-Evil: 1.txt"),
    ],
)
def test_file_name_is_the_same_in_database_header_and_link(attach, topic, ada, ben, sent, kept):
    """In a text, it is a link with that name."""
    found = attach(ada, sent, b"x")
    assert found.name == kept
    post = reply_to(topic, ada, found.markdown)
    said = fetch(None, found)["Content-Disposition"]
    assert "\r" not in said
    _, options = parse_header_parameters(said)
    assert options["filename"] == kept
    assert plain_text_of(post.html).text.startswith("".join(kept.split()))


@pytest.mark.slow
def test_only_attachments_readable_by_guests_can_be_embedded_cross_origin(attach, topic, ada, ben, mia):
    public = attach_in_reply(attach, topic, ada)
    room = Section.objects.create(name="Room", slug="room", read_by=Section.Audience.MEMBERS)
    inside = attach(ada, "bell.png", picture(3, 3))
    start(room, ada, "Inside", inside.markdown)
    unused = attach(ada, "bell.png", picture(4, 4))
    policies = [
        (None, public, "cross-origin"),
        (ben, public, "cross-origin"),
        (ben, inside, "same-origin"),
        (mia, inside, "same-origin"),
        (ada, unused, "same-origin"),
    ]
    for person, kept, policy in policies:
        for headers in ({}, {"if-none-match": f'"{kept.key}-0"'}):
            response = fetch(person, kept, **headers)
            assert response["Cross-Origin-Resource-Policy"] == policy, (person, headers)
    assert fetch(None, inside).status_code == 404


@pytest.mark.parametrize("name", ["bell.png", "plan.pdf"])
def test_attachment_response_has_sandbox_and_no_cache_headers(attach, topic, ada, name):
    kept = attach_in_reply(attach, topic, ada, name, picture() if name.endswith("png") else b"%PDF-1.7")
    for status, headers in ((200, {}), (304, {"if-none-match": f'"{kept.key}-0"'})):
        response = fetch(None, kept, **headers)
        assert response.status_code == status
        policy = response["Content-Security-Policy"].removesuffix("; style-src 'unsafe-inline'")
        assert policy == "sandbox; default-src 'none'; frame-ancestors 'none'"
        assert (policy != response["Content-Security-Policy"]) is kept.is_image
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-cache"
        assert response["X-Frame-Options"] == "DENY"


@pytest.mark.slow
def test_conditional_request_returns_304_until_the_post_is_removed(attach, topic, ada, mia):
    kept = attach_in_reply(attach, topic, ada)
    etag = fetch(None, kept)["ETag"]
    assert fetch(None, kept, **{"if-none-match": etag}).status_code == 304
    remove_post(post=kept.post, by=mia, reason="Off topic.")
    assert fetch(None, kept, **{"if-none-match": etag}).status_code == 404


def test_guest_request_costs_one_query(attach, topic, ada, guest, django_assert_num_queries):
    kept = attach_in_reply(attach, topic, ada)
    with django_assert_num_queries(1):
        guest.get(kept.get_absolute_url())
    with django_assert_num_queries(1):
        guest.get(f"/a/{NOBODY}/")


def test_unused_attachment_is_visible_only_to_its_owner(attach, ada, ben, mia, noor):
    kept = attach(ada)
    assert [fetch(person, kept).status_code for person in (None, ben, mia, noor, ada)] == [
        404,
        404,
        404,
        404,
        200,
    ]


@pytest.mark.slow
def test_list_rule_item_rule_and_response_agree(
    attach, topic, talk, staff_section, ada, ben, cleo, mia, noor
):
    everything = [
        attach(ada),
        attach(mia),
        attach_in_reply(attach, topic, ada),
        attach_in_reply(attach, topic, ben),
    ]
    everything.append(attach_in_reply(attach, start(staff_section, mia), mia))
    for by in (ben, mia):
        removed = attach_in_reply(attach, topic, ben)
        remove_post(post=removed.post, by=by, reason="Off topic.")
        everything.append(removed)
    rows = Attachment.objects.select_related("post__topic__section", "post__removal")
    from django.contrib.auth.models import AnonymousUser

    for person in (AnonymousUser(), ada, ben, cleo, mia, noor):
        one_by_one = {one for one in rows if permissions.can_see_attachment(person, one)}
        assert set(rows.visible_to(person)) == one_by_one
        for one in everything:
            expected = 200 if one in one_by_one else 404
            assert fetch(person if person.is_authenticated else None, one).status_code == expected


@pytest.mark.slow
def test_hidden_attachment_returns_the_same_404_as_a_missing_one(attach, staff_section, mia, ada):
    kept = attach_in_reply(attach, start(staff_section, mia), mia)
    for person in (None, ada):
        hidden = fetch(person, kept)
        missing = browser_of(person).get(f"/a/{NOBODY}/")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        if person is None:
            assert hidden.content == missing.content


def test_attachment_belongs_to_the_first_post_that_uses_it(attach, topic, staff_section, mia):
    kept = attach_in_reply(attach, start(staff_section, mia), mia)
    elsewhere = reply_to(topic, mia, f"Again: {kept.markdown}")
    kept.refresh_from_db()
    assert kept.post.topic.section == staff_section
    assert "<img" in elsewhere.html  # and a reader without access to it there does not see it here
    assert fetch(None, kept).status_code == 404


@pytest.mark.slow
def test_edit_claims_own_attachments_but_not_those_of_others(attach, topic, original, ada, ben):
    kept, others = attach(ada), attach(ben)
    body = f"Look: {kept.markdown} {others.markdown}"
    edited = edit_post(post=original, by=ada, body=body, version=1)
    assert edited.html.count("<img") == 1
    for one in (kept, others):
        one.refresh_from_db()
    assert (kept.post, others.post) == (original, None)


@pytest.mark.slow
def test_attachment_added_by_staff_survives_later_edits_and_rerendering(attach, topic, original, ada, mia):
    kept = attach(mia)
    post = edit_post(post=original, by=mia, body=f"Look: {kept.markdown}", version=1, reason="Clearer.")
    assert "<img" in post.html
    post = edit_post(post=post, by=ada, body=f"{post.body} Thanks.", version=2)
    assert "<img" in post.html
    type(post).objects.update(renderer=0)
    call_command("rerender", verbosity=0)
    post.refresh_from_db()
    assert "<img" in post.html
    assert post.revisions.get(number=2).html.count("<img") == 1


@pytest.mark.slow
def test_reply_does_not_show_or_claim_another_members_attachment(attach, topic, ada, ben):
    kept = attach(ada)
    post = reply_to(topic, ben, f"Mine! {kept.markdown}")
    kept.refresh_from_db()
    assert ("<img" in post.html, kept.post) == (False, None)
    assert fetch(ben, kept).status_code == 404


def test_reply_without_attachments_queries_no_attachments(attach, topic, ada, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        reply_to(topic, ada, "No picture: /a/nothing/")
    assert not [query for query in queries if "forum_attachment" in query["sql"]]


def test_post_over_the_attachment_limit_is_rejected(attach, topic, ada, sign_in):
    texts = "\n".join(f"![](/a/{number:032x}/)" for number in range(21))
    page = sign_in(ada).post(topic.url_for("reply"), {"body": texts, "submission_key": "0" * 32})
    assert page.status_code == 422
    assert "A post can have at most 20 attachments; yours has 21." in page.text


def test_missing_file_on_disk_returns_404(attach, topic, ada, attachment_dir):
    kept = attach_in_reply(attach, topic, ada)
    (attachment_dir / files_in(attachment_dir)[0]).unlink()
    assert fetch(ada, kept).status_code == 404


@pytest.mark.slow
def test_unreachable_storage_returns_503_with_retry_after(attach, topic, ada, attachment_dir, monkeypatch):
    kept = attach_in_reply(attach, topic, ada)

    def silent(*args):
        raise ConnectionError

    monkeypatch.setattr("core.storage.files.PrivateFileStorage.open", silent)
    response = fetch(None, kept)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
