"""The preview is exactly what will be posted, and the form goes on with nothing lost."""

import re
from html import unescape
from uuid import uuid4

import pytest

from accounts.rate_limiting import limits as rate_limits
from forum.composer import contexts, pages
from forum.models import Draft, Post, Section
from forum.post_text import text as post_text
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


def asked_by_script(client, place: str, body: str):
    return client.post("/preview/", fields(place, body), headers={"accept": "application/json"})


def typed_into(page: str, name: str) -> str:
    if found := re.search(rf'<textarea [^>]*name="{name}"[^>]*>\n(.*?)</textarea>', page, re.S):
        return unescape(found[1])
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


@pytest.fixture
def all_places(topic, talk, bens) -> dict[str, str]:
    """Returns what may be previewed, and where its form is sent."""
    return {
        f"reply:{topic.pk}": topic.url_for("reply"),
        f"topic:{talk.pk}": "/s/talk/new/",
        f"edit:{bens.pk}": f"/p/{bens.pk}/edit/",
    }


def test_the_text_is_shown_above_the_same_form(all_places, ben, sign_in):
    for place, address in all_places.items():
        key = str(uuid4())
        response = preview(
            sign_in(ben), place, title=" A title ", reason=" why ", submission_key=key, draft="77"
        )
        page = response.text
        assert response.status_code == 200
        shown = page[page.index('class="preview"') : page.index('<form class="composer')]
        assert "<strong>First</strong> &lt;b&gt;line&lt;/b&gt;" in shown
        assert f'action="{address}"' in page
        assert typed_into(page, "body") == TYPED
        assert typed_into(page, "draft") == "77"
        if place.startswith("topic"):
            assert typed_into(page, "title") == " A title "
        if place.startswith("edit"):
            assert (typed_into(page, "reason"), typed_into(page, "version")) == (" why ", "1")
        else:
            assert typed_into(page, "submission_key") == key


def test_nothing_is_posted_or_saved(all_places, ben, sign_in):
    before = list(Post.objects.values_list("pk", "body", "version"))
    for place in all_places:
        preview(sign_in(ben), place)
    assert list(Post.objects.values_list("pk", "body", "version")) == before
    assert Draft.objects.count() == 0


def stored(client, address: str, place: str, body: str) -> str:
    """Posts it, and returns it as its writer sees it there."""
    said = {"body": body, "submission_key": str(uuid4()), "title": "T", "version": "1", "reason": "Clearer."}
    assert client.post(address, said).status_code == 302
    post = Post.objects.order_by("-pk").first()
    return quotes_in([revision_key(post)], post.author).fill(revision_key(post), post.html)


def different(client, place: str, address: str, texts: list[str]) -> list[str]:
    """Returns the texts whose stored form differs from their preview."""
    found = []
    for text in texts:
        shown = asked_by_script(client, place, text)
        if "\0" in text:  # no form accepts it
            assert shown.status_code == 422, text
            continue
        assert shown.status_code == 200, text
        if shown.json()["html"] != stored(client, address, place, text):
            found.append(text)
    return found


@pytest.mark.parametrize(
    "texts",
    [CORPUS, PAYLOADS[::40], slow_texts(400)[::12]],
    ids=["markdown", "hostile", "slow"],
)
def test_what_is_shown_is_what_is_stored(topic, mia, sign_in, texts):
    assert different(sign_in(mia), f"reply:{topic.pk}", topic.url_for("reply"), texts) == []


@pytest.mark.drill
def test_what_is_shown_is_what_is_stored_for_every_payload(topic, mia, sign_in):
    texts = [*CORPUS, *PAYLOADS, *slow_texts(32_000)]
    texts = texts[:: max(1, len(texts) // rounds(len(texts)))]
    found = different(sign_in(mia), f"reply:{topic.pk}", topic.url_for("reply"), texts)
    print(f"previews that differ from what is stored: {len(found)} of {len(texts)}")
    assert found == []


def test_of_a_topic_and_of_an_edit_too(all_places, talk, bens, mia, ben, sign_in):
    client = sign_in(mia)
    for text in CORPUS:
        shown = asked_by_script(client, f"topic:{talk.pk}", text).json()["html"]
        assert shown == stored(client, "/s/talk/new/", "", text)
        mine = reply_to(bens.topic, mia)
        shown = asked_by_script(client, f"edit:{mine.pk}", text).json()["html"]
        client.post(f"/p/{mine.pk}/edit/", {"body": text, "version": "1"})
        mine.refresh_from_db()
        assert shown == mine.html


def test_a_renderer_of_its_own_is_seen(topic, mia, sign_in, monkeypatch):
    """The control."""
    plain = pages.preview_html
    monkeypatch.setattr(pages, "preview_html", lambda body, **named: plain(body.upper(), **named))
    found = different(sign_in(mia), f"reply:{topic.pk}", topic.url_for("reply"), CORPUS[:3])
    assert len(found) == 3


def test_what_the_text_names_is_asked_as_posting_asks_it(all_places, bens, ben, mia, sign_in, monkeypatch):
    asked = []

    def attachments_in(keys, *, author, **named):
        asked.append(author)
        return {}

    monkeypatch.setattr(post_text, "attachments_in", attachments_in)
    for place in all_places:
        preview(sign_in(mia), place)
    assert asked == [mia, mia, ben]  # an edit's text belongs to its author


@pytest.mark.parametrize(
    ("body", "words"), [("", "Enter your reply."), ("x" * 32_001, "at most 32000 characters")]
)
def test_what_could_not_be_posted_is_said_beside_its_field(topic, ben, sign_in, body, words):
    response = preview(sign_in(ben), f"reply:{topic.pk}", body)
    assert response.status_code == 422
    assert words in response.text
    assert typed_into(response.text, "body") == body
    response = asked_by_script(sign_in(ben), f"reply:{topic.pk}", body)
    assert response.status_code == 422
    assert words in response.json()["error"]


def test_a_title_that_is_still_missing_does_not_matter_yet(talk, ben, sign_in):
    response = preview(sign_in(ben), f"topic:{talk.pk}", title="")
    assert response.status_code == 200
    assert "errorlist" not in response.text


def test_who_asks_for_too_much_waits(topic, ben, mia, sign_in, monkeypatch):
    """The length counts: ten texts of full length a minute, or hundreds of short ones."""
    monkeypatch.setattr(rate_limits.time, "time", lambda: 1_000_000_000.0)
    place = f"reply:{topic.pk}"
    for _ in range(9):
        assert asked_by_script(sign_in(ben), place, "x" * 32_000).status_code == 200
    refused = asked_by_script(sign_in(ben), place, "x" * 32_000)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert asked_by_script(sign_in(ben), place, "short").status_code == 200
    assert "x" * 32_000 in preview(sign_in(ben), place, "x" * 32_000).text


def test_a_closed_topic_says_so_and_gives_the_text_back(topic, ben, mia, sign_in):
    close_topic(topic=topic, by=mia, reason="Solved.")
    response = preview(sign_in(ben), f"reply:{topic.pk}")
    assert response.status_code == 409
    assert "&lt;b&gt;line" in response.text


@pytest.mark.parametrize(
    "place", ["reply:{topic}", "topic:{talk}", "edit:{bens}", "reply:999999", "nonsense", "reply:²"]
)
def test_what_is_hidden_is_as_what_never_was_and_the_text_comes_back(topic, talk, bens, ben, sign_in, place):
    Section.objects.update(read_by=Section.Audience.STAFF)
    place = place.format(topic=topic.pk, talk=talk.pk, bens=bens.pk)
    assert contexts.find_context(ben, place) is None
    client, said = sign_in(ben), fields(place)
    response = client.post("/preview/", said)
    assert response.status_code == 404
    assert "&lt;b&gt;line" in response.text
    assert response.content == client.post("/preview/", {**said, "place": "reply:888888"}).content


def test_whoever_must_sign_in_first_goes_on_with_the_text(guest, topic, ben):
    page = guest.post("/preview/", fields(f"reply:{topic.pk}")).text
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    carried = {unescape(name): unescape(value) for name, value in hidden}
    carried["kept_body"] = typed_into(page, "kept_body")
    answer = guest.post("/account/login/", {**carried, "login": "ben", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/preview/")
    page = guest.get("/preview/").text
    assert "Your text hasn’t been sent yet" in page
    assert typed_into(page, "body") == TYPED
    assert f'action="{topic.url_for("reply")}"' in page


def test_without_a_text_there_is_nothing_to_see(ben, sign_in):
    assert sign_in(ben).get("/preview/").url == "/drafts/"
