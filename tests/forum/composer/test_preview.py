"""The preview is exactly what will be posted, and the form goes on with nothing lost."""

import re
from html import unescape
from uuid import uuid4

import pytest

from accounts.rate_limiting import rate_counter
from forum.composer import contexts, preview_views
from forum.models import Draft, Post, Section
from forum.post_text import prepare as post_text
from forum.quotes.display import quotes_in, revision_key
from forum.web.form_fields import trim
from moderation.topics.close import close_topic
from tests.conftest import PASSWORD, reply_to
from tests.payloads.slow import SLOW
from tests.payloads.xss import PAYLOADS
from tests.support.drills import rounds

pytestmark = pytest.mark.django_db

TYPED = "\n  **First** <b>line</b>  \n\n\n- one\n- two\n   "
CORPUS = [
    "plain",
    "**bold** *emphasis* `code` ~~struck~~",
    "# One\n\n## Two\n\ntext",
    "> quoted\n> twice\n\nanswered",
    "- a\n- b\n  - c\n\n1. one\n2. two",
    "```\ncode & <tags>\n```",
    "    indented code\n    at the beginning",
    "| a | b |\n|---|--:|\n| 1 | 2 |",
    "https://example.org/?a=1&b=2 and [words](https://example.org)",
    "http://localhost:8000/t/1/a/ is ours",
    "line one\nline two\r\nline three\rline four",
    "\n\n\nblank lines before\n\n\n",
    "   blanks before and after   ",
    "é 𝔘𝔫𝔦 🔔 \u202eturned\u202c עברית",
    "@ada and @nobody, a `@name` in code",
    "<script>alert(1)</script><b>HTML</b>&amp;&lt;",
    "* * *\n\n---\n\n***",
    "![picture](https://example.org/a.png)",
    "a\\*b\\_c [unclosed](http:// **unclosed",
    TYPED,
]


def slow_texts(size: int) -> list[str]:
    """Returns those that a browser can send and a form accepts."""
    texts = (make(size).encode(errors="ignore").decode().replace("\0", "") for make in SLOW.values())
    return [text for text in texts if trim(text)]


def fields(place: str, body: str = TYPED, **more: str) -> dict[str, str]:
    return {"place": place, "body": body, "submission_key": str(uuid4()), "version": "1", **more}


def preview(client, place: str, body: str = TYPED, **more: str):
    return client.post("/preview/", fields(place, body, **more))


def preview_as_json(client, place: str, body: str):
    return client.post("/preview/", fields(place, body), headers={"accept": "application/json"})


def field_value(page: str, name: str) -> str:
    if found := re.search(rf'<textarea [^>]*name="{name}"[^>]*>\n(.*?)</textarea>', page, re.S):
        return unescape(found[1])
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


@pytest.fixture
def all_draft_keys(topic, talk, bens) -> dict[str, str]:
    """Returns what may be previewed, and where its form is sent."""
    return {
        f"reply:{topic.pk}": topic.url_for("reply"),
        f"topic:{talk.pk}": "/s/talk/new/",
        f"edit:{bens.pk}": f"/p/{bens.pk}/edit/",
    }


def test_preview_shows_the_rendered_text_above_the_unchanged_form(all_draft_keys, ben, sign_in):
    for place, address in all_draft_keys.items():
        key = str(uuid4())
        response = preview(
            sign_in(ben), place, title=" A title ", reason=" why ", submission_key=key, draft="77"
        )
        page = response.text
        assert response.status_code == 200
        shown = page[page.index('class="preview"') : page.index('<form class="composer')]
        assert "<strong>First</strong> &lt;b&gt;line&lt;/b&gt;" in shown
        assert f'action="{address}"' in page
        assert field_value(page, "body") == TYPED
        assert field_value(page, "draft") == "77"
        if place.startswith("topic"):
            assert field_value(page, "title") == " A title "
        if place.startswith("edit"):
            assert (field_value(page, "reason"), field_value(page, "version")) == (" why ", "1")
        else:
            assert field_value(page, "submission_key") == key


def test_preview_saves_nothing(all_draft_keys, ben, sign_in):
    before = list(Post.objects.values_list("pk", "body", "version"))
    for place in all_draft_keys:
        preview(sign_in(ben), place)
    assert list(Post.objects.values_list("pk", "body", "version")) == before
    assert Draft.objects.count() == 0


def post_and_display(client, address: str, place: str, body: str) -> str:
    """Posts it, and returns it as its writer sees it there."""
    said = {"body": body, "submission_key": str(uuid4()), "title": "T", "version": "1", "reason": "Clearer."}
    assert client.post(address, said).status_code == 302
    post = Post.objects.order_by("-pk").first()
    return quotes_in([revision_key(post)], post.author).fill(revision_key(post), post.html)


def texts_that_differ(client, place: str, address: str, texts: list[str]) -> list[str]:
    """Returns the texts whose stored form differs from their preview."""
    found = []
    for text in texts:
        shown = preview_as_json(client, place, text)
        if "\0" in text:  # no form accepts it
            assert shown.status_code == 422, text
            continue
        assert shown.status_code == 200, text
        if shown.json()["html"] != post_and_display(client, address, place, text):
            found.append(text)
    return found


@pytest.mark.parametrize(
    "texts",
    [CORPUS, PAYLOADS[::40], slow_texts(400)[::12]],
    ids=["markdown", "hostile", "slow"],
)
def test_preview_html_equals_stored_html(topic, mia, sign_in, texts):
    assert texts_that_differ(sign_in(mia), f"reply:{topic.pk}", topic.url_for("reply"), texts) == []


@pytest.mark.drill
def test_preview_html_equals_stored_html_for_every_payload(topic, mia, sign_in):
    texts = [*CORPUS, *PAYLOADS, *slow_texts(32_000)]
    texts = texts[:: max(1, len(texts) // rounds(len(texts)))]
    found = texts_that_differ(sign_in(mia), f"reply:{topic.pk}", topic.url_for("reply"), texts)
    print(f"previews that differ from what is stored: {len(found)} of {len(texts)}")
    assert found == []


@pytest.mark.slow
def test_preview_html_equals_stored_html_for_topics_and_edits(all_draft_keys, talk, bens, mia, ben, sign_in):
    client = sign_in(mia)
    for text in CORPUS:
        shown = preview_as_json(client, f"topic:{talk.pk}", text).json()["html"]
        assert shown == post_and_display(client, "/s/talk/new/", "", text)
        mine = reply_to(bens.topic, mia)
        shown = preview_as_json(client, f"edit:{mine.pk}", text).json()["html"]
        client.post(f"/p/{mine.pk}/edit/", {"body": text, "version": "1"})
        mine.refresh_from_db()
        assert shown == mine.html


def test_comparison_detects_a_different_renderer(topic, mia, sign_in, monkeypatch):
    """The control."""
    plain = preview_views.preview_html
    monkeypatch.setattr(preview_views, "preview_html", lambda body, **named: plain(body.upper(), **named))
    found = texts_that_differ(sign_in(mia), f"reply:{topic.pk}", topic.url_for("reply"), CORPUS[:3])
    assert len(found) == 3


def test_preview_resolves_references_as_the_author_of_the_post(
    all_draft_keys, bens, ben, mia, sign_in, monkeypatch
):
    asked = []

    def attachments_in(keys, *, author, **named):
        asked.append(author)
        return {}

    monkeypatch.setattr(post_text, "attachments_in", attachments_in)
    for place in all_draft_keys:
        preview(sign_in(mia), place)
    assert asked == [mia, mia, ben]  # an edit's text belongs to its author


@pytest.mark.parametrize(
    ("body", "words"), [("", "Enter your reply."), ("x" * 32_001, "at most 32000 characters")]
)
def test_preview_of_an_invalid_body_shows_the_field_error(topic, ben, sign_in, body, words):
    response = preview(sign_in(ben), f"reply:{topic.pk}", body)
    assert response.status_code == 422
    assert words in response.text
    assert field_value(response.text, "body") == body
    response = preview_as_json(sign_in(ben), f"reply:{topic.pk}", body)
    assert response.status_code == 422
    assert words in response.json()["error"]


def test_preview_does_not_require_a_title(talk, ben, sign_in):
    response = preview(sign_in(ben), f"topic:{talk.pk}", title="")
    assert response.status_code == 200
    assert "errorlist" not in response.text


@pytest.mark.slow
def test_preview_rate_limit_depends_on_the_text_length(topic, ben, mia, sign_in, monkeypatch):
    """The length counts: ten texts of full length a minute, or hundreds of short ones."""
    monkeypatch.setattr(rate_counter.time, "time", lambda: 1_000_000_000.0)
    place = f"reply:{topic.pk}"
    for _ in range(9):
        assert preview_as_json(sign_in(ben), place, "x" * 32_000).status_code == 200
    refused = preview_as_json(sign_in(ben), place, "x" * 32_000)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert preview_as_json(sign_in(ben), place, "short").status_code == 200
    assert "x" * 32_000 in preview(sign_in(ben), place, "x" * 32_000).text


def test_preview_in_a_closed_topic_is_rejected_with_the_text(topic, ben, mia, sign_in):
    close_topic(topic=topic, by=mia, reason="Solved.")
    response = preview(sign_in(ben), f"reply:{topic.pk}")
    assert response.status_code == 409
    assert "&lt;b&gt;line" in response.text


@pytest.mark.parametrize(
    "place", ["reply:{topic}", "topic:{talk}", "edit:{bens}", "reply:999999", "nonsense", "reply:²"]
)
def test_preview_for_a_hidden_target_responds_as_for_a_missing_one(topic, talk, bens, ben, sign_in, place):
    Section.objects.update(read_by=Section.Audience.STAFF)
    place = place.format(topic=topic.pk, talk=talk.pk, bens=bens.pk)
    assert contexts.find_context(ben, place) is None
    client, said = sign_in(ben), fields(place)
    response = client.post("/preview/", said)
    assert response.status_code == 404
    assert "&lt;b&gt;line" in response.text
    assert response.content == client.post("/preview/", {**said, "place": "reply:888888"}).content


def test_guest_preview_continues_with_the_text_after_sign_in(guest, topic, ben):
    page = guest.post("/preview/", fields(f"reply:{topic.pk}")).text
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    carried = {unescape(name): unescape(value) for name, value in hidden}
    carried["kept_body"] = field_value(page, "kept_body")
    answer = guest.post("/account/login/", {**carried, "login": "ben", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/preview/")
    page = guest.get("/preview/").text
    assert "Your text hasn’t been sent yet" in page
    assert field_value(page, "body") == TYPED
    assert f'action="{topic.url_for("reply")}"' in page


def test_preview_without_a_text_redirects_to_the_drafts(ben, sign_in):
    assert sign_in(ben).get("/preview/").url == "/drafts/"
