"""Drafts: one per place, restored in the composer, deleted by posting, visible to nobody else, never overwritten
unseen."""

import re
from html import unescape
from uuid import uuid4

import pytest

from accounts.rate_limiting import limits as rate_limits
from forum.drafts import store as drafts_store
from forum.drafts.store import DraftConflict, TooManyDrafts
from forum.models import Draft, Post
from forum.models.limits import DRAFTS_PER_MEMBER
from forum.posts.edit import edit_post
from moderation.topics.close import close_topic
from tests.conftest import reply_to

pytestmark = pytest.mark.django_db

SAVE = "/drafts/save/"
TEXT = "\n  half a <b>thought</b>,\n\n  and  more  \n"


def place(topic) -> str:
    return f"reply:{topic.pk}"


def save(client, place: str, draft: int = 0, *, script: bool = False, **said):
    said = {"place": place, "draft": draft, "body": TEXT, "submission_key": str(uuid4()), **said}
    return client.post(SAVE, said, headers={"accept": "application/json"} if script else {})


def by_script(client, place: str, draft: int = 0, **said):
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


def page_of(client, address: str) -> dict[str, str]:
    return form_of(client.get(address).text)


def test_a_button_saves_it_as_it_was_typed(topic, ben, sign_in):
    response = save(sign_in(ben), place(topic))
    assert (response.status_code, response.url) == (302, topic.url_for("reply"))
    draft = Draft.objects.get()
    assert (draft.member, draft.place, draft.body) == (ben, place(topic), TEXT)


def test_a_script_is_told_the_version_to_go_on_from(topic, ben, sign_in):
    client = sign_in(ben)
    first = by_script(client, place(topic), body="one").json()["version"]
    second = by_script(client, place(topic), first, body="two").json()["version"]
    assert second > first
    assert Draft.objects.get().body == "two"


def test_the_same_twice_is_one_draft_and_the_same_version(topic, ben, sign_in):
    client = sign_in(ben)
    versions = {by_script(client, place(topic)).json()["version"] for _ in range(3)}
    assert len(versions) == Draft.objects.count() == 1


def test_another_place_is_another_draft(topic, talk, bens, ben, sign_in):
    client = sign_in(ben)
    for name in (place(topic), f"topic:{talk.pk}", f"edit:{bens.pk}"):
        assert by_script(client, name).status_code == 200
    assert Draft.objects.count() == 3


def test_nothing_is_no_draft(topic, ben, sign_in):
    client = sign_in(ben)
    assert by_script(client, place(topic), body="").json() == {"version": 0}
    version = by_script(client, place(topic)).json()["version"]
    assert by_script(client, place(topic), version, body="").json() == {"version": 0}
    assert not Draft.objects.exists()


def test_an_edit_that_changes_nothing_is_no_draft(bens, ben, sign_in):
    assert by_script(sign_in(ben), f"edit:{bens.pk}", body=bens.body, version=1).json() == {"version": 0}
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("body", "x" * 32_001, "A post can have at most 32000 characters; yours has 32001."),
        ("title", "t" * 151, "A title can have at most 150"),
        ("reason", "r" * 201, "A reason can have at most 200"),
    ],
)
def test_it_has_the_bounds_of_a_post(topic, ben, sign_in, name, text, words):
    refused = by_script(sign_in(ben), place(topic), **{name: text})
    assert refused.status_code == 422
    assert words in refused.json()["error"]
    page = save(sign_in(ben), place(topic), **{name: text})
    assert page.status_code == 422
    assert words in page.text
    assert form_of(page.text)["body"] == (text if name == "body" else TEXT)
    assert not Draft.objects.exists()
    assert by_script(sign_in(ben), place(topic), body="\r\n" * 16_000).status_code == 200  # a break is one


def test_one_more_than_a_member_may_have_is_refused_clearly(topic, ben, sign_in):
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
    assert "You already have 100 drafts" in by_script(sign_in(ben), place(topic)).json()["error"]
    assert drafts_store.save(by=ben, draft_key=f"reply:{10**6}", version=1, body="one of the hundred")
    assert Draft.objects.count() == DRAFTS_PER_MEMBER


def test_who_saves_without_end_waits(topic, ben, sign_in, monkeypatch):
    monkeypatch.setattr(rate_limits.time, "time", lambda: 1_000_000_000.0)
    client = sign_in(ben)
    statuses = [by_script(client, place(topic)).status_code for _ in range(125)]
    assert statuses[:120] == [200] * 120
    assert 429 in statuses[120:]


def test_a_save_that_does_not_know_of_the_last_is_told_of_it(topic, ben, sign_in):
    desk, phone = sign_in(ben), sign_in(ben)
    known = by_script(desk, place(topic), body="from the desk").json()["version"]
    refused = by_script(phone, place(topic), body="from the phone")
    assert refused.status_code == 409
    assert refused.json()["fields"]["body"] == "from the desk"
    assert refused.json()["version"] == known
    assert Draft.objects.get().body == "from the desk"
    assert by_script(phone, place(topic), known, body="from the phone").status_code == 200
    assert by_script(desk, place(topic), known, body="more from the desk").status_code == 409


def test_without_a_script_both_are_shown_and_saving_again_is_a_choice(topic, ben, sign_in):
    drafts_store.save(by=ben, draft_key=place(topic), version=0, body="from the <desk>")
    client = sign_in(ben)
    page = save(client, place(topic))
    html = page.text
    assert page.status_code == 409
    assert "from the &lt;desk&gt;" in html
    assert form_of(html)["body"] == TEXT
    assert client.post(SAVE, form_of(html)).status_code == 302
    assert Draft.objects.get().body == TEXT


def test_a_version_from_before_fits_no_later_draft(topic, ben, sign_in):
    client = sign_in(ben)
    old = by_script(client, place(topic), body="first").json()["version"]
    drafts_store.discard(by=ben, pk=Draft.objects.get().pk)
    drafts_store.save(by=ben, draft_key=place(topic), version=0, body="second")
    assert by_script(client, place(topic), old, body="first and more").status_code == 409


def test_a_form_that_never_heard_of_its_own_save_goes_on(topic, ben):
    key = uuid4()
    drafts_store.save(by=ben, draft_key=place(topic), version=0, body="one", submission_key=key)
    assert drafts_store.save(by=ben, draft_key=place(topic), version=0, body="one two", submission_key=key)
    with pytest.raises(DraftConflict):
        drafts_store.save(by=ben, draft_key=place(topic), version=0, body="three", submission_key=uuid4())


def test_an_edit_that_never_heard_of_its_own_save_goes_on(bens, ben, sign_in):
    client, edit = sign_in(ben), bens.url_for("edit")
    said = page_of(client, edit)
    for body in ("Better.", "Better yet."):
        assert client.post(SAVE, {**said, "body": body}, headers={"accept": "application/json"}).json()[
            "version"
        ]
    assert client.post(SAVE, {**page_of(client, edit), "body": "x", "draft": "0"}).status_code == 409
    assert client.post(edit, {**said, "body": "Better yet, and sent."}).status_code == 302
    assert not Draft.objects.exists()


def test_a_save_that_comes_after_its_edit_makes_none_though_others_changes_are_in_it(
    topic, ben, mia, sign_in
):
    post, client = reply_to(topic, ben, "One.\n\nTwo.\n\nThree."), sign_in(ben)
    said = {**page_of(client, post.url_for("edit")), "body": "One.\n\nTwo.\n\nFour."}
    edit_post(post=post, by=mia, body="Null.\n\nTwo.\n\nThree.", version=1, reason="r")
    assert client.post(post.url_for("edit"), said).status_code == 302
    assert Post.objects.get(pk=post.pk).body == "Null.\n\nTwo.\n\nFour."
    late = client.post(SAVE, said, headers={"accept": "application/json"})
    assert late.json() == {"version": 0}
    assert not Draft.objects.exists()


def test_sending_removes_it(topic, talk, bens, ben, sign_in):
    client = sign_in(ben)
    for name, address in ((place(topic), topic.url_for("reply")), (f"topic:{talk.pk}", "/s/talk/new/")):
        by_script(client, name, title="A title", submission_key=str(uuid4()))
        assert client.post(address, page_of(client, address)).status_code == 302
    by_script(client, f"edit:{bens.pk}", body="Better.", version="1")
    edit = f"/p/{bens.pk}/edit/"
    assert client.post(edit, page_of(client, edit)).status_code == 302
    assert not Draft.objects.exists()
    assert Post.objects.filter(author=ben).count() == 3


def test_by_the_form_that_saved_it_though_it_has_gone_on_since(topic, ben, sign_in):
    client = sign_in(ben)
    said = {**page_of(client, topic.get_absolute_url()), "body": "one"}
    client.post(SAVE, said)
    assert client.post(topic.url_for("reply"), {**said, "body": "one, and two"}).status_code == 302
    assert not Draft.objects.exists()


def test_what_another_device_has_saved_since_stays(topic, ben, sign_in):
    client = sign_in(ben)
    said = {**page_of(client, topic.get_absolute_url()), "body": "from the desk"}
    by_script(client, place(topic), body="from the phone")
    assert client.post(topic.url_for("reply"), said).status_code == 302
    assert Draft.objects.get().body == "from the phone"


def test_a_refused_answer_leaves_it(topic, ben, mia, sign_in):
    client = sign_in(ben)
    by_script(client, place(topic))
    said = page_of(client, topic.get_absolute_url())
    close_topic(topic=topic, by=mia, reason="Solved.")
    assert client.post(topic.url_for("reply"), said).status_code == 409
    assert Draft.objects.get().body == TEXT


def test_a_save_that_comes_after_its_post_makes_none(topic, ben, sign_in):
    client, key = sign_in(ben), uuid4()
    client.post(topic.url_for("reply"), {"body": "sent", "submission_key": str(key)})
    assert by_script(client, place(topic), body="\nsent ", submission_key=str(key)).json() == {"version": 0}
    assert by_script(client, place(topic), body="sen", submission_key=str(key)).json()["version"] == 0
    assert not Draft.objects.exists()


def test_what_is_written_in_a_form_that_has_sent_another_text_goes_on_in_one_of_its_own(topic, ben, sign_in):
    client, key = sign_in(ben), str(uuid4())
    client.post(topic.url_for("reply"), {"body": "sent", "submission_key": key})
    told = by_script(client, place(topic), body="changed", submission_key=key).json()
    assert (
        told["sent_before"]
        == "You already posted an earlier version from this form. This version isn’t posted."
    )
    again = save(client, place(topic), body="changed", submission_key=key)
    form = form_of(again.text)
    assert (again.status_code, form["body"]) == (409, "changed")
    assert key not in (told["submission_key"], form["submission_key"])
    for own in (told["submission_key"], form["submission_key"]):
        assert by_script(client, place(topic), body="changed", submission_key=own).json()["version"]
    assert drafts_store.find(ben, place(topic)).body == "changed"


@pytest.mark.parametrize(
    "changed",
    [{"title": "Other"}, {"poll_options": "Tea\nMate"}, {"poll_options": "Tea"}, {"poll_days": "7"}],
)
def test_so_does_what_is_changed_of_its_title_or_poll_alone(talk, ben, sign_in, changed):
    client, place = sign_in(ben), f"topic:{talk.pk}"
    said = {"title": "Drinks", "body": "sent", "poll_options": "Tea\nCoffee", "submission_key": str(uuid4())}
    client.post("/s/talk/new/", said)
    assert by_script(client, place, **said).json() == {"version": 0}
    told = by_script(client, place, **{**said, **changed}).json()
    assert (
        told["sent_before"]
        == "You already posted an earlier version from this form. This version isn’t posted."
    )


def test_a_save_that_crossed_its_post_shows_none(topic, ben, sign_in):
    """Both at once: neither saw the other."""
    client, post = sign_in(ben), reply_to(topic, ben, "sent")
    Draft.objects.create(
        member=ben, place=place(topic), body="sen", version=1, updated_at=post.posted_at,
        submission_key=post.submission_key,
    )  # fmt: skip
    assert drafts_store.find(ben, place(topic)) is None
    assert page_of(client, topic.get_absolute_url())["body"] == ""
    assert page_of(client, topic.url_for("reply"))["body"] == ""
    assert "No drafts." in client.get("/drafts/").text
    assert by_script(client, place(topic), body="the next").json()["version"] > 1
    assert drafts_store.find(ben, place(topic)).body == "the next"
