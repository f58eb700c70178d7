"""One token in one post, quoted in every way and every place: when the post is removed, it is gone from all of
them."""

import pytest

from core.text import render
from core.text.markdown_parser import quotes_in
from core.text.normalize import normalize
from forum.models import Post, Section
from forum.posts.edit import edit_post
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.reports.report import report_post
from tests.conftest import reply_to, start
from tests.forum.quotes.test_quote import quote

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TOKEN = "Xylophone4711"
READER_PAGES = [
    "/", "/s/talk/", "/u/ben/", "/u/ada/", "{topic}", "{topic}?page=2", "{another}", "{elsewhere}",
    "/p/{quoting}/history/",
    "/p/{quoting}/history/?from=1&to=2", "/p/{quoting}/history/?from=2&to=3", "/p/{quoting}/history/?from=1&to=3",
    "/p/{quoted}/history/", "/p/{quoting}/report/", "/p/{quoted}/report/", "/unread/", "/p/{quoting}/quote/",
    "/t/{topic_id}/x/reply/?quote={quoting}&quote={quoted}", "/suggest/members/?q=a",
]  # fmt: skip
STAFF_PAGES = [
    "/moderation/",
    "/moderation/cases/{case}/",
    "/moderation/log/",
    "/p/{quoting}/highlight/",
    "/p/{quoting}/remove/",
]


def quote_variants(post: Post) -> list[str]:
    """Returns quotes as Belfry writes them, and as members type them."""
    plain = quote(post, f"say {TOKEN}")
    return [
        plain,
        quote(post, f"They SAY {TOKEN}!"),
        plain.replace("> ", ">"),
        plain.replace("> ", ">   "),
        plain.replace(":\n> ", ": "),
        "\n".join(f"  {line}" for line in plain.split("\n")),
        "\n".join(f"> {line}" for line in plain.split("\n")),
        "\n".join(f">> {line}" for line in plain.split("\n")),
        "- a\n\n" + "\n".join(f"  {line}" for line in plain.split("\n")),
        "1. a\n   - b\n" + "\n".join(f"     {line}" for line in plain.split("\n")),
        quote(post, f"- {TOKEN}\n\n```\n{TOKEN}\n```\n| {TOKEN} |\n|---|"),
        quote(post, f"> {TOKEN}\n> > {TOKEN}"),
        "\n".join([quote(post, "They")] * 40 + [plain]),
        "\n\n".join([quote(post, "They")] * 70 + [plain]),
        plain.replace("ada wrote", f"{TOKEN} wrote"),
        f"# a\n{plain}\n\n> b",
        plain.replace("revision=1", "revision=7"),
        plain.replace("revision", "revi\u200bsion"),  # a zero-width space
        "\n".join(f"\t{line}" for line in plain.split("\n")),
        *quotes_after_code(plain),
    ]


def quotes_after_code(plain: str) -> list[str]:
    """Returns quotes below what looks like code that has not ended, and has."""
    behind = [
        "```\ncode\n```\t\n\n", "\t```\ncode\n```\n\n", "\t```\n\tcode\n\t```\n", "   ~~~\ncode\n   ~~~\n",
        "    ```\ncode\n```\n", "~~~ a`b\ncode\n~~~\n", "``` a`b\n\n",
        "a | b\n--|--\n```c | d\n```\n", "a | b\n--|--\n```c` | d\n\n", "a | b\n--|--\n| ```c | d |\n",
        "- a | b\n  --|--\n  ```c | d\n\n", "- ```\n  code\n", "- ```\n  code\n```\n", "> ```\n> code\n", "> ~~~\n\n",
    ]  # fmt: skip
    nested = "\n".join(f"> {line}" for line in plain.split("\n"))
    return [f"{code}{plain}" for code in behind] + [
        f"> ```\n> code\n> ```\n{nested}",
        f"- ```\n  code\n\n{nested}",
    ]


def quotes_inside_code(plain: str) -> list[str]:
    """Not quotes: all of it is code, and its writer's own."""
    before = [
        "```\n", "~~~\n\n", "\t```\n\n", "    ~~~\n", "````\ncode\n```\n", "```\ncode\n\t```\n",
        "```\ncode\n``` a\n", "```\ncode\n~~~\n",
        "a | b\n--|--\n```c | d\n\n", "a | b\n--|--\n~~~c | d\n\n",
    ]  # fmt: skip
    return [f"{code}{plain}" for code in before]


def is_cut_out(text: str) -> bool:
    """Does the renderer cut out all lines that contain the token?"""
    lines, found = text.split("\n"), quotes_in(normalize(text))
    cut = [(one.begins, one.ends) for one in found.cited] + found.left_out
    holding = [n for n, line in enumerate(lines) if TOKEN in line]
    return all(any(begins <= n < ends for begins, ends in cut) for n in holding)


def test_renderer_detects_every_quote_variant_and_no_code(quoted):
    """The control for the tests below."""
    texts = quote_variants(quoted)
    assert [text for text in texts if not is_cut_out(text)] == []
    assert [text for text in quotes_inside_code(texts[0]) if is_cut_out(text)] == []


@pytest.fixture
def quoted(talk, ada) -> Post:
    """Ada's post, in a topic of its own."""
    return reply_to(start(talk, ada, title="Bells elsewhere", body="Nothing."), ada, f"They say {TOKEN}.")


def fetch_pages(client, addresses: list[str], url_params: dict) -> dict[str, str]:
    responses = {address: client.get(address.format_map(url_params), follow=True) for address in addresses}
    return {address: f"{answer.headers}{answer.text}" for address, answer in responses.items()}


def pages_with_token(client, addresses: list[str], url_params: dict) -> list[str]:
    return [address for address, page in fetch_pages(client, addresses, url_params).items() if TOKEN in page]


def test_removed_post_disappears_from_quotes_on_every_page(
    topic, talk, quoted, ada, ben, cleo, mia, noor, sign_in, no_rate_limits
):
    quoting = reply_to(topic, ben, f"Ben himself.\n\n{quote(quoted, TOKEN)}\n\nAnd on.")
    edit_post(post=quoting, by=ben, body=quoting.body.replace("on.", "off."), version=1)
    edit_post(post=quoting, by=ben, body=f"{quote(quoted, TOKEN)}\n\n{quoting.body}", version=2)
    for text in quote_variants(quoted):
        reply_to(topic, cleo, f"{text}\n\nWhat is that?")
    highlight_post(post=quoting, by=mia)
    case = report_post(post=quoting, by=cleo, reason="other", comment="c").case
    another = start(talk, ben, title="One more", body=quote(quoted, TOKEN))
    url_params = {
        "topic": topic.get_absolute_url(), "another": another.get_absolute_url(), "quoting": quoting.pk,
        "elsewhere": quoted.topic.get_absolute_url(), "quoted": quoted.pk, "topic_id": topic.pk, "case": case.pk,
    }  # fmt: skip
    readers = {person: sign_in(person) for person in (None, cleo, ben)}
    for client in readers.values():  # the control; this caches every page
        assert set(pages_with_token(client, READER_PAGES, url_params)) >= {
            "{topic}",
            "{another}",
            "/p/{quoting}/history/",
        }
    remove_post(post=quoted, by=mia, reason="It named somebody.")
    for person, client in readers.items():
        assert pages_with_token(client, READER_PAGES, url_params) == [], person
    staff = pages_with_token(sign_in(noor), READER_PAGES + STAFF_PAGES, url_params)
    assert set(staff) >= {"{topic}", "/p/{quoting}/history/", "/moderation/cases/{case}/"}
    edit = sign_in(ben).get(f"/p/{quoting.pk}/edit/").text
    assert TOKEN not in edit  # and yet it is stored: tests/forum/quotes/test_edit_placeholders.py
    assert "You can’t read the quoted post. Keep this line to keep the quote." in edit


@pytest.mark.parametrize("edits", [False, True])
def test_history_hides_removed_text_of_every_quote_variant(
    topic, quoted, ben, mia, guest, sign_in, edits, no_rate_limits
):
    texts = quote_variants(quoted)
    post = reply_to(topic, ben, texts[0])
    for version, text in enumerate(texts[1:], start=1):
        edit_post(post=post, by=ben, body=f"{text}\n\nAnd {version}.", version=version)
    remove_post(post=quoted, by=mia, reason="r")
    if edits:
        edit_post(post=post, by=ben, body=f"{texts[0]}\n\nOnce more.", version=len(texts))
    for client in (guest, sign_in(ben)):
        for number in range(1, len(texts)):
            page = client.get(f"/p/{post.pk}/history/?from={number}&to={number + 1}")
            assert TOKEN not in page.text, texts[number - 1 : number + 1]
    assert TOKEN in sign_in(mia).get(f"/p/{post.pk}/history/?from=1&to=2").text


def test_quote_and_edit_forms_hide_removed_text_of_every_variant(
    topic, quoted, ben, mia, sign_in, no_rate_limits
):
    posts = [reply_to(topic, ben, f"{text}\n\nAnd on.") for text in quote_variants(quoted)]
    remove_post(post=quoted, by=mia, reason="r")
    client = sign_in(ben)
    for post in posts:
        for act in ("quote", "edit"):
            assert TOKEN not in client.get(post.url_for(act), follow=True).text, (act, post.body)


def test_unattributed_quotation_stays_visible_after_removal(topic, quoted, ben, mia, guest):
    """The limit: without the line that names the post, quoted words count as the writer's own."""
    typed = [f"> {TOKEN}", *quotes_inside_code(quote(quoted, TOKEN))]
    for text in typed:
        reply_to(topic, ben, text)
    remove_post(post=quoted, by=mia, reason="r")
    assert guest.get(topic.get_absolute_url()).text.count(TOKEN) >= len(typed)
    assert TOKEN in render(f"> {TOKEN}").excerpt


def test_quotes_follow_read_permission_of_the_quoted_section(
    topic, talk, quoted, ben, cleo, mia, guest, sign_in
):
    other = Section.objects.create(name="Ropes", slug="ropes")
    quoted.topic.section = other
    quoted.topic.save()
    reply_to(topic, ben, quote(quoted, TOKEN))
    address = topic.get_absolute_url()
    for audience, sees in (("everyone", (True, True)), ("members", (False, True)), ("staff", (False, False))):
        Section.objects.filter(pk=other.pk).update(read_by=audience)
        seen = tuple(TOKEN in client.get(address).text for client in (guest, sign_in(cleo)))
        assert seen == sees, audience
