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


def used(attach, topic, by, *args, **kwargs) -> Attachment:
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
def secret(talk) -> Section:
    return Section.objects.create(name="Staff room", slug="staff-room", place=3, read_by="staff")


def test_a_picture_is_shown_in_both_widths(attach, topic, ada, guest):
    kept = used(attach, topic, ada, content=scene(2_000, 1_000))
    wide, narrow = guest.get(f"/a/{kept.key}/"), guest.get(f"/a/{kept.key}/480/")
    for response in (wide, narrow):
        assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
        assert response["Content-Disposition"] == 'inline; filename="bell.webp"'
    wide, narrow = content_of(wide), content_of(narrow)
    assert wide[8:12] == narrow[8:12] == b"WEBP"
    assert len(wide) > len(narrow)


@pytest.mark.parametrize("width", ["0", "481", "1440", "99999999999999999999", "x"])
def test_in_no_other_width(attach, topic, ada, guest, width):
    kept = used(attach, topic, ada, content=scene(2_000, 1_000))
    assert guest.get(f"/a/{kept.key}/{width}/").status_code == 404


def test_a_small_picture_has_one_width(attach, topic, ada, guest):
    kept = used(attach, topic, ada)
    assert guest.get(f"/a/{kept.key}/480/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("plan.pdf", b"%PDF-1.7", "application/pdf"),
        ("plan.txt", b"<script>alert(1)</script>", "text/plain; charset=utf-8"),
        ("plan.csv", b"=cmd()", "text/csv; charset=utf-8"),
    ],
)
def test_a_file_is_saved_and_never_shown(attach, topic, ada, guest, name, content, content_type):
    response = fetch(None, used(attach, topic, ada, name, content))
    assert (response.status_code, response["Content-Type"]) == (200, content_type)
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert content_of(response) == content


def test_a_name_in_any_script_is_told(attach, topic, ada):
    said = fetch(None, used(attach, topic, ada, "Glocke ü.pdf", b"%PDF-1.7"))["Content-Disposition"]
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
def test_a_file_keeps_its_name(attach, topic, ada, ben, sent, kept):
    """In a text, it is a link with that name."""
    found = attach(ada, sent, b"x")
    assert found.name == kept
    post = reply_to(topic, ada, found.markdown)
    said = fetch(None, found)["Content-Disposition"]
    assert "\r" not in said
    _, options = parse_header_parameters(said)
    assert options["filename"] == kept
    assert plain_text_of(post.html).words.startswith("".join(kept.split()))


def test_only_what_guests_may_read_is_shown_on_other_sites(attach, topic, ada, ben, mia):
    public = used(attach, topic, ada)
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
def test_whatever_it_is_it_runs_nothing_and_no_cache_keeps_it_from_being_asked_for(attach, topic, ada, name):
    kept = used(attach, topic, ada, name, picture() if name.endswith("png") else b"%PDF-1.7")
    for status, headers in ((200, {}), (304, {"if-none-match": f'"{kept.key}-0"'})):
        response = fetch(None, kept, **headers)
        assert response.status_code == status
        policy = response["Content-Security-Policy"].removesuffix("; style-src 'unsafe-inline'")
        assert policy == "sandbox; default-src 'none'; frame-ancestors 'none'"
        assert (policy != response["Content-Security-Policy"]) is kept.is_image
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-cache"
        assert response["X-Frame-Options"] == "DENY"


def test_it_is_sent_once_and_asked_for_each_time(attach, topic, ada, mia):
    kept = used(attach, topic, ada)
    etag = fetch(None, kept)["ETag"]
    assert fetch(None, kept, **{"if-none-match": etag}).status_code == 304
    remove_post(post=kept.post, by=mia, reason="Off topic.")
    assert fetch(None, kept, **{"if-none-match": etag}).status_code == 404


def test_it_costs_a_guest_one_query(attach, topic, ada, guest, django_assert_num_queries):
    kept = used(attach, topic, ada)
    with django_assert_num_queries(1):
        guest.get(kept.get_absolute_url())
    with django_assert_num_queries(1):
        guest.get(f"/a/{NOBODY}/")


def test_before_it_is_used_it_is_its_owners_alone(attach, ada, ben, mia, noor):
    kept = attach(ada)
    assert [fetch(person, kept).status_code for person in (None, ben, mia, noor, ada)] == [
        404,
        404,
        404,
        404,
        200,
    ]


def test_the_list_rule_and_the_item_rule_agree(attach, topic, talk, secret, ada, ben, cleo, mia, noor):
    everything = [attach(ada), attach(mia), used(attach, topic, ada), used(attach, topic, ben)]
    everything.append(used(attach, start(secret, mia), mia))
    for by in (ben, mia):
        removed = used(attach, topic, ben)
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


def test_what_may_not_be_seen_answers_as_what_never_was(attach, secret, mia, ada):
    kept = used(attach, start(secret, mia), mia)
    for person in (None, ada):
        hidden = fetch(person, kept)
        missing = browser_of(person).get(f"/a/{NOBODY}/")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        if person is None:
            assert hidden.content == missing.content


def test_the_first_post_that_uses_it_has_it(attach, topic, secret, mia):
    kept = used(attach, start(secret, mia), mia)
    elsewhere = reply_to(topic, mia, f"Again: {kept.markdown}")
    kept.refresh_from_db()
    assert kept.post.topic.section == secret
    assert "<img" in elsewhere.html  # and a reader without access to it there does not see it here
    assert fetch(None, kept).status_code == 404


def test_an_edit_takes_it_in(attach, topic, original, ada, ben):
    kept, others = attach(ada), attach(ben)
    body = f"Look: {kept.markdown} {others.markdown}"
    edited = edit_post(post=original, by=ada, body=body, version=1)
    assert edited.html.count("<img") == 1
    for one in (kept, others):
        one.refresh_from_db()
    assert (kept.post, others.post) == (original, None)


def test_staff_may_add_one_to_anothers_post_and_it_stays_there(attach, topic, original, ada, mia):
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


def test_another_members_picture_is_not_shown_and_not_taken(attach, topic, ada, ben):
    kept = attach(ada)
    post = reply_to(topic, ben, f"Mine! {kept.markdown}")
    kept.refresh_from_db()
    assert ("<img" in post.html, kept.post) == (False, None)
    assert fetch(ben, kept).status_code == 404


def test_a_text_without_attachments_asks_nothing_more(attach, topic, ada, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        reply_to(topic, ada, "No picture: /a/nothing/")
    assert not [query for query in queries if "forum_attachment" in query["sql"]]


def test_a_post_has_so_many(attach, topic, ada, sign_in):
    texts = "\n".join(f"![](/a/{number:032x}/)" for number in range(21))
    page = sign_in(ada).post(topic.url_for("reply"), {"body": texts, "submission_key": "0" * 32})
    assert page.status_code == 422
    assert "A post can have at most 20 attachments; yours has 21." in page.text


def test_what_was_lost_with_its_disk_is_not_there(attach, topic, ada, kept_in):
    kept = used(attach, topic, ada)
    (kept_in / files_in(kept_in)[0]).unlink()
    assert fetch(ada, kept).status_code == 404


def test_where_a_bucket_does_not_answer_it_is_not_there_for_a_moment(
    attach, topic, ada, kept_in, monkeypatch
):
    kept = used(attach, topic, ada)

    def silent(*args):
        raise ConnectionError

    monkeypatch.setattr("core.storage.files.PrivateFileStorage.open", silent)
    response = fetch(None, kept)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
