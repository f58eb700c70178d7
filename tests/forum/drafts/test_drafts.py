"""Drafts: one per place, restored in the composer, deleted by posting, visible to nobody else, never overwritten
unseen."""

import re
from html import unescape
from uuid import uuid4

import pytest

from accounts.rate_limiting import rate_counter
from forum.drafts import store as drafts_store
from forum.drafts.store import DRAFTS_PER_MEMBER, DraftConflict, TooManyDrafts
from forum.models import Draft, Post
from forum.posts.edit import edit_post
from moderation.topics.close import close_topic
from tests.conftest import reply_to

pytestmark = pytest.mark.django_db

SAVE_URL = "/drafts/save/"
TEXT = "\n  half a <b>thought</b>,\n\n  and  more  \n"


def place(topic) -> str:
    return f"reply:{topic.pk}"


def save(client, place: str, draft: int = 0, *, script: bool = False, **said):
    said = {"place": place, "draft": draft, "body": TEXT, "submission_key": str(uuid4()), **said}
    return client.post(SAVE_URL, said, headers={"accept": "application/json"} if script else {})


def save_as_json(client, place: str, draft: int = 0, **said):
    return save(client, place, draft, script=True, **said)


def form_of(page: str) -> dict[str, str]:
    """Returns what the composer's form would send."""
    form = re.search(r'<form class="composer.*?</form>', page, re.S)[0]
    said = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if 'type="checkbox"' not in tag:
            said[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea name="([^"]*)"[^>]*>\n(.*?)</textarea>', form, re.S):
        said[name] = unescape(text)
    return said


def form_at(client, address: str) -> dict[str, str]:
    return form_of(client.get(address).text)


def test_save_button_stores_the_text_exactly_as_typed(topic, ben, sign_in):
    response = save(sign_in(ben), place(topic))
    assert (response.status_code, response.url) == (302, topic.url_for("reply"))
    draft = Draft.objects.get()
    assert (draft.member, draft.place, draft.body) == (ben, place(topic), TEXT)


def test_script_receives_the_version_of_the_saved_draft(topic, ben, sign_in):
    client = sign_in(ben)
    first = save_as_json(client, place(topic), body="one").json()["version"]
    second = save_as_json(client, place(topic), first, body="two").json()["version"]
    assert second > first
    assert Draft.objects.get().body == "two"


def test_saving_the_same_text_again_does_not_change_the_version(topic, ben, sign_in):
    client = sign_in(ben)
    versions = {save_as_json(client, place(topic)).json()["version"] for _ in range(3)}
    assert len(versions) == Draft.objects.count() == 1


def test_each_draft_key_has_its_own_draft(topic, talk, bens, ben, sign_in):
    client = sign_in(ben)
    for name in (place(topic), f"topic:{talk.pk}", f"edit:{bens.pk}"):
        assert save_as_json(client, name).status_code == 200
    assert Draft.objects.count() == 3


def test_empty_text_creates_no_draft_and_deletes_the_existing_one(topic, ben, sign_in):
    client = sign_in(ben)
    assert save_as_json(client, place(topic), body="").json() == {"version": 0}
    version = save_as_json(client, place(topic)).json()["version"]
    assert save_as_json(client, place(topic), version, body="").json() == {"version": 0}
    assert not Draft.objects.exists()


def test_unchanged_edit_creates_no_draft(bens, ben, sign_in):
    assert save_as_json(sign_in(ben), f"edit:{bens.pk}", body=bens.body, version=1).json() == {"version": 0}
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("body", "x" * 32_001, "A post can have at most 32000 characters; yours has 32001."),
        ("title", "t" * 151, "A title can have at most 150"),
        ("reason", "r" * 201, "A reason can have at most 200"),
    ],
)
def test_draft_has_the_length_limits_of_a_post(topic, ben, sign_in, name, text, words):
    refused = save_as_json(sign_in(ben), place(topic), **{name: text})
    assert refused.status_code == 422
    assert words in refused.json()["error"]
    page = save(sign_in(ben), place(topic), **{name: text})
    assert page.status_code == 422
    assert words in page.text
    assert form_of(page.text)["body"] == (text if name == "body" else TEXT)
    assert not Draft.objects.exists()
    assert save_as_json(sign_in(ben), place(topic), body="\r\n" * 16_000).status_code == 200  # a break is one


def test_draft_over_the_member_limit_is_rejected(topic, ben, sign_in):
    Draft.objects.bulk_create(
        Draft(member=ben, place=f"reply:{10**6 + n}", body="x", version=1, updated_at=topic.started_at)
        for n in range(DRAFTS_PER_MEMBER)
    )
    with pytest.raises(TooManyDrafts):
        drafts_store.save(by=ben, draft_key=place(topic), version=0, body="x")
    page = save(sign_in(ben), place(topic))
    assert page.status_code == 409
    assert "You already have 100 drafts." in page.text
    assert form_of(page.text)["body"] == TEXT
    assert "You already have 100 drafts" in save_as_json(sign_in(ben), place(topic)).json()["error"]
    assert drafts_store.save(by=ben, draft_key=f"reply:{10**6}", version=1, body="one of the hundred")
    assert Draft.objects.count() == DRAFTS_PER_MEMBER


@pytest.mark.slow
def test_saving_drafts_is_rate_limited(topic, ben, sign_in, monkeypatch):
    monkeypatch.setattr(rate_counter.time, "time", lambda: 1_000_000_000.0)
    client = sign_in(ben)
    statuses = [save_as_json(client, place(topic)).status_code for _ in range(125)]
    assert statuses[:120] == [200] * 120
    assert 429 in statuses[120:]


def test_save_from_an_outdated_version_is_a_conflict(topic, ben, sign_in):
    desk, phone = sign_in(ben), sign_in(ben)
    known = save_as_json(desk, place(topic), body="from the desk").json()["version"]
    refused = save_as_json(phone, place(topic), body="from the phone")
    assert refused.status_code == 409
    assert refused.json()["fields"]["body"] == "from the desk"
    assert refused.json()["version"] == known
    assert Draft.objects.get().body == "from the desk"
    assert save_as_json(phone, place(topic), known, body="from the phone").status_code == 200
    assert save_as_json(desk, place(topic), known, body="more from the desk").status_code == 409


def test_draft_conflict_page_shows_both_texts_and_can_overwrite(topic, ben, sign_in):
    drafts_store.save(by=ben, draft_key=place(topic), version=0, body="from the <desk>")
    client = sign_in(ben)
    page = save(client, place(topic))
    html = page.text
    assert page.status_code == 409
    assert "from the &lt;desk&gt;" in html
    assert form_of(html)["body"] == TEXT
    assert client.post(SAVE_URL, form_of(html)).status_code == 302
    assert Draft.objects.get().body == TEXT


def test_version_of_a_discarded_draft_conflicts_with_a_new_draft(topic, ben, sign_in):
    client = sign_in(ben)
    old = save_as_json(client, place(topic), body="first").json()["version"]
    drafts_store.discard(by=ben, pk=Draft.objects.get().pk)
    drafts_store.save(by=ben, draft_key=place(topic), version=0, body="second")
    assert save_as_json(client, place(topic), old, body="first and more").status_code == 409


def test_save_with_the_same_submission_key_continues_the_draft(topic, ben):
    key = uuid4()
    drafts_store.save(by=ben, draft_key=place(topic), version=0, body="one", submission_key=key)
    assert drafts_store.save(by=ben, draft_key=place(topic), version=0, body="one two", submission_key=key)
    with pytest.raises(DraftConflict):
        drafts_store.save(by=ben, draft_key=place(topic), version=0, body="three", submission_key=uuid4())


def test_edit_form_without_the_draft_version_continues_its_own_draft(bens, ben, sign_in):
    client, edit = sign_in(ben), bens.url_for("edit")
    said = form_at(client, edit)
    for body in ("Better.", "Better yet."):
        assert client.post(SAVE_URL, {**said, "body": body}, headers={"accept": "application/json"}).json()[
            "version"
        ]
    assert client.post(SAVE_URL, {**form_at(client, edit), "body": "x", "draft": "0"}).status_code == 409
    assert client.post(edit, {**said, "body": "Better yet, and sent."}).status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.slow
def test_late_save_after_a_merged_edit_creates_no_draft(topic, ben, mia, sign_in):
    post, client = reply_to(topic, ben, "One.\n\nTwo.\n\nThree."), sign_in(ben)
    said = {**form_at(client, post.url_for("edit")), "body": "One.\n\nTwo.\n\nFour."}
    edit_post(post=post, by=mia, body="Null.\n\nTwo.\n\nThree.", version=1, reason="r")
    assert client.post(post.url_for("edit"), said).status_code == 302
    assert Post.objects.get(pk=post.pk).body == "Null.\n\nTwo.\n\nFour."
    late = client.post(SAVE_URL, said, headers={"accept": "application/json"})
    assert late.json() == {"version": 0}
    assert not Draft.objects.exists()


def test_posting_deletes_the_draft(topic, talk, bens, ben, sign_in):
    client = sign_in(ben)
    for name, address in ((place(topic), topic.url_for("reply")), (f"topic:{talk.pk}", "/s/talk/new/")):
        save_as_json(client, name, title="A title", submission_key=str(uuid4()))
        assert client.post(address, form_at(client, address)).status_code == 302
    save_as_json(client, f"edit:{bens.pk}", body="Better.", version="1")
    edit = f"/p/{bens.pk}/edit/"
    assert client.post(edit, form_at(client, edit)).status_code == 302
    assert not Draft.objects.exists()
    assert Post.objects.filter(author=ben).count() == 3


def test_posting_newer_text_from_the_same_form_deletes_the_draft(topic, ben, sign_in):
    client = sign_in(ben)
    said = {**form_at(client, topic.get_absolute_url()), "body": "one"}
    client.post(SAVE_URL, said)
    assert client.post(topic.url_for("reply"), {**said, "body": "one, and two"}).status_code == 302
    assert not Draft.objects.exists()


def test_posting_does_not_delete_a_draft_saved_on_another_device(topic, ben, sign_in):
    client = sign_in(ben)
    said = {**form_at(client, topic.get_absolute_url()), "body": "from the desk"}
    save_as_json(client, place(topic), body="from the phone")
    assert client.post(topic.url_for("reply"), said).status_code == 302
    assert Draft.objects.get().body == "from the phone"


def test_rejected_reply_does_not_delete_the_draft(topic, ben, mia, sign_in):
    client = sign_in(ben)
    save_as_json(client, place(topic))
    said = form_at(client, topic.get_absolute_url())
    close_topic(topic=topic, by=mia, reason="Solved.")
    assert client.post(topic.url_for("reply"), said).status_code == 409
    assert Draft.objects.get().body == TEXT


def test_late_save_after_posting_creates_no_draft(topic, ben, sign_in):
    client, key = sign_in(ben), uuid4()
    client.post(topic.url_for("reply"), {"body": "sent", "submission_key": str(key)})
    assert save_as_json(client, place(topic), body="\nsent ", submission_key=str(key)).json() == {
        "version": 0
    }
    assert save_as_json(client, place(topic), body="sen", submission_key=str(key)).json()["version"] == 0
    assert not Draft.objects.exists()


def test_changed_text_in_an_already_sent_form_gets_a_new_submission_key(topic, ben, sign_in):
    client, key = sign_in(ben), str(uuid4())
    client.post(topic.url_for("reply"), {"body": "sent", "submission_key": key})
    told = save_as_json(client, place(topic), body="changed", submission_key=key).json()
    assert (
        told["sent_before"]
        == "You already posted an earlier version from this form. This version isn’t posted."
    )
    again = save(client, place(topic), body="changed", submission_key=key)
    form = form_of(again.text)
    assert (again.status_code, form["body"]) == (409, "changed")
    assert key not in (told["submission_key"], form["submission_key"])
    for own in (told["submission_key"], form["submission_key"]):
        assert save_as_json(client, place(topic), body="changed", submission_key=own).json()["version"]
    assert drafts_store.find(ben, place(topic)).body == "changed"


@pytest.mark.parametrize(
    "changed",
    [{"title": "Other"}, {"poll_options": "Tea\nMate"}, {"poll_options": "Tea"}, {"poll_days": "7"}],
)
def test_changed_title_or_poll_in_an_already_sent_form_is_reported(talk, ben, sign_in, changed):
    client, place = sign_in(ben), f"topic:{talk.pk}"
    said = {"title": "Drinks", "body": "sent", "poll_options": "Tea\nCoffee", "submission_key": str(uuid4())}
    client.post("/s/talk/new/", said)
    assert save_as_json(client, place, **said).json() == {"version": 0}
    told = save_as_json(client, place, **{**said, **changed}).json()
    assert (
        told["sent_before"]
        == "You already posted an earlier version from this form. This version isn’t posted."
    )


def test_draft_saved_concurrently_with_its_post_is_not_shown(topic, ben, sign_in):
    """Both at once: neither saw the other."""
    client, post = sign_in(ben), reply_to(topic, ben, "sent")
    Draft.objects.create(
        member=ben, place=place(topic), body="sen", version=1, updated_at=post.posted_at,
        submission_key=post.submission_key,
    )  # fmt: skip
    assert drafts_store.find(ben, place(topic)) is None
    assert form_at(client, topic.get_absolute_url())["body"] == ""
    assert form_at(client, topic.url_for("reply"))["body"] == ""
    assert "No drafts." in client.get("/drafts/").text
    assert save_as_json(client, place(topic), body="the next").json()["version"] > 1
    assert drafts_store.find(ben, place(topic)).body == "the next"
