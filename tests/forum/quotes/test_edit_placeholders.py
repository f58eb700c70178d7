"""Editors see no words of quotes that they may not read, and their edit loses none of them."""

import pytest

from forum.access.errors import EditConflict
from forum.history.revisions import revision_text
from forum.models import Draft, Post, Section
from forum.models.maximum_lengths import BODY_MAX
from forum.posts.edit import edit_post
from moderation.posts.hide_revision import hide_revision
from moderation.posts.remove import remove_post, restore_post
from tests.conftest import reply_to, start
from tests.forum.quotes.test_quote import quote
from tests.support.forms import send_edit

pytestmark = pytest.mark.django_db

TOKEN = "Xylophone4711"
LINE = "> (Quote 1.0: You can’t read the quoted post. Keep this line to keep the quote.)"


@pytest.fixture
def quoted(talk, ada) -> Post:
    """Ada's post, in another topic."""
    return reply_to(start(talk, ada, title="Elsewhere"), ada, f"They say {TOKEN}.")


@pytest.fixture
def quoting(topic, quoted, ben, mia) -> Post:
    """Ben's post, which quotes a post that is removed since."""
    post = reply_to(topic, ben, f"One.\n\n{quote(quoted, f'They say {TOKEN}.')}\n\nTwo.\n\nThree.")
    remove_post(post=quoted, by=mia, reason="It named somebody.")
    return post


def area(response) -> str:
    return response.context["form"]["body"].value()


def stored_body(post: Post) -> str:
    return Post.objects.get(pk=post.pk).body


@pytest.mark.slow
def test_hidden_quote_is_edited_as_placeholder_and_restored(quoting, quoted, ben, mia, sign_in):
    client, before = sign_in(ben), quoting.body
    page = client.get(quoting.url_for("edit"))
    assert area(page) == f"One.\n\n{LINE}\n\nTwo.\n\nThree."
    assert TOKEN not in page.text
    assert send_edit(client, quoting, area(page).replace("Three", "Four")).status_code == 302
    assert stored_body(quoting) == before.replace("Three", "Four")
    edited = client.get(quoting.topic.get_absolute_url()).text
    assert "You can’t read the quoted post." in edited
    assert TOKEN not in edited
    assert TOKEN in sign_in(mia).get(quoting.topic.get_absolute_url()).text
    restore_post(post=quoted, by=mia)
    assert TOKEN in area(client.get(quoting.url_for("edit")))


def test_unchanged_form_with_placeholder_creates_no_revision(quoting, ben, sign_in):
    client = sign_in(ben)
    send_edit(client, quoting, area(client.get(quoting.url_for("edit"))))
    assert Post.objects.get(pk=quoting.pk).version == 1


def test_deleting_placeholder_deletes_quote(quoting, ben, sign_in):
    assert send_edit(sign_in(ben), quoting, "One.\n\nTwo.").status_code == 302
    assert stored_body(quoting) == "One.\n\nTwo."


def test_moderator_sees_quote_text_in_edit_form(quoting, ada, mia, sign_in):
    assert TOKEN in area(sign_in(mia).get(quoting.url_for("edit")))


@pytest.mark.slow
@pytest.mark.parametrize(
    "around",
    [
        "```\n{}\n```",
        "~~~\n{}",
        "- ```\n{}",
        "> ```\n{}",
        "> a\n> ```\n{}\n> ```",
        "Words\n{}",
        "> Words\n{}\n> and more",
        "1. one\n{}",
        "| a |\n|---|\n{}",
        "{0}\n{0}",
    ],
)
def test_moved_placeholder_never_exposes_quote_text(quoting, ben, cleo, mia, guest, sign_in, around):
    client, body = sign_in(ben), f"New.\n\n{around.format(LINE)}"
    preview = client.post(
        "/preview/", {"place": f"edit:{quoting.pk}", "body": body, "version": 1, "reason": ""}
    )
    assert preview.status_code == 200
    assert TOKEN not in preview.text
    assert send_edit(client, quoting, body).status_code == 302
    for reader in (client, guest, sign_in(cleo)):
        for address in (quoting.topic.get_absolute_url(), quoting.url_for("history")):
            assert TOKEN not in reader.get(address).text


def test_placeholder_of_other_post_or_unknown_quote_stays_plain_text(topic, quoting, bens, ben, sign_in):
    for line in (LINE, LINE.replace("1.0", "7.0"), LINE.replace("1.0", "1.9")):
        post = Post.objects.get(pk=bens.pk)
        assert send_edit(sign_in(ben), bens, f"{line}\n\n{post.version}", post.version).status_code == 302
        assert stored_body(bens) == f"{line}\n\n{post.version}"


def test_concurrent_edits_are_merged_around_placeholder(quoting, ben, mia, sign_in):
    client, before = sign_in(ben), quoting.body
    shown = area(client.get(quoting.url_for("edit")))
    edit_post(post=quoting, by=mia, body=before.replace("One", "Null"), version=1, reason="r")
    assert send_edit(client, quoting, shown.replace("Three", "Four")).status_code == 302
    assert stored_body(quoting) == before.replace("One", "Null").replace("Three", "Four")


@pytest.mark.slow
def test_conflict_page_hides_quote_text_and_resolution_keeps_quote(quoting, ben, mia, sign_in):
    client, before = sign_in(ben), quoting.body
    shown = area(client.get(quoting.url_for("edit")))
    edit_post(post=quoting, by=mia, body=before.replace("Three", "Five"), version=1, reason="r")
    page = send_edit(client, quoting, shown.replace("Three", "Four"))
    assert page.status_code == 409
    assert TOKEN not in page.text
    assert page.context["choice"].overlap_count == 1  # the quote is not one
    choice = page.context["choice"]
    assert choice.current == shown.replace("Three", "Five")
    together = choice.together["body"].value()
    assert LINE in together
    decided = "\n".join(line for line in together.split("\n") if "⟦" not in line and line != "Five.")
    assert send_edit(client, quoting, decided, 2).status_code == 302
    assert stored_body(quoting) == before.replace("Three", "Four")


@pytest.mark.slow
def test_choosing_own_version_restores_quote_deleted_by_other_edit(quoting, ben, mia, sign_in):
    client, before = sign_in(ben), quoting.body
    shown = area(client.get(quoting.url_for("edit")))
    edit_post(post=quoting, by=mia, body="Nothing.", version=1, reason="r")
    page = send_edit(client, quoting, shown.replace("Three", "Four"))
    assert page.status_code == 409
    assert TOKEN not in page.text
    yours = page.context["choice"].yours["body"].value()
    assert send_edit(client, quoting, yours, 2).status_code == 302
    assert stored_body(quoting) == before.replace("Three", "Four")


@pytest.mark.slow
def test_merge_that_would_expose_quote_text_is_a_conflict(topic, quoted, ben, mia, sign_in):
    """Staff quote what the author may not read; the author's code fence, begun before that, would turn the quote into
    code."""
    desk = Section.objects.create(name="Desk", slug="desk", read_by=Section.Audience.STAFF)
    secret = start(desk, mia, body=f"The word is {TOKEN}.").posts.get()
    post = reply_to(topic, ben, "One.\n\nTwo.\n\nThree.\n\nFour.")
    body = f"{post.body}\n\n{quote(secret, TOKEN)}"
    edit_post(post=post, by=mia, body=body, version=1, reason="r")
    with pytest.raises(EditConflict) as conflict:
        edit_post(post=post, by=ben, body=f"```\n{post.body}", version=1)
    assert conflict.value.merged is None
    page = send_edit(sign_in(ben), post, f"```\n{post.body}")
    assert page.status_code == 409
    assert TOKEN not in page.text
    merged = edit_post(post=post, by=ben, body=post.body.replace("One", "Null"), version=1)
    assert (TOKEN in merged.body, TOKEN in merged.html) == (True, False)  # the control


@pytest.mark.slow
def test_nested_quote_gets_placeholder_only_if_its_post_is_removed(topic, quoted, bens, cleo, mia, sign_in):
    for inner in (quoted, bens):
        outer = quote(bens, "Here too.\n" + quote(inner, f"{TOKEN} or not"))
        post = reply_to(topic, cleo, outer)
        if inner is quoted:
            remove_post(post=quoted, by=mia, reason="r")
        client = sign_in(cleo)
        shown = area(client.get(post.url_for("edit")))
        assert (TOKEN in shown) is (inner is bens)
        assert send_edit(client, post, f"{shown}\n\nMore.").status_code == 302
        assert stored_body(post) == f"{outer}\n\nMore."


@pytest.mark.slow
def test_draft_with_placeholder_is_deleted_after_saving(quoting, ben, sign_in):
    client = sign_in(ben)
    body = area(client.get(quoting.url_for("edit"))).replace("Three", "Four")
    said = {"place": f"edit:{quoting.pk}", "body": body, "version": "1", "reason": "", "draft": "0"}
    version = client.post("/drafts/save/", said, headers={"accept": "application/json"}).json()["version"]
    assert send_edit(client, quoting, body, draft=version).status_code == 302
    assert not Draft.objects.exists()
    assert revision_text(Post.objects.with_topic().get(pk=quoting.pk), 2, to=ben) == stored_body(quoting)


@pytest.mark.slow
def test_quote_of_hidden_revision_is_replaced_by_placeholder(topic, bens, ben, cleo, mia, sign_in):
    """The same for a quote of it, which is in no HTML but in the text."""
    edit_post(post=bens, by=ben, body=f"{TOKEN}.", version=1)
    edit_post(post=bens, by=ben, body="Nothing.", version=2)
    inner = quote(bens, TOKEN, revision=2)
    texts = [
        inner,
        quote(bens, f"Here too.\n{inner}"),
        quote(bens, f"Here.\n{quote(bens, 'Nothing.', revision=3)}"),
    ]
    posts = [reply_to(topic, cleo, text) for text in texts]
    client = sign_in(cleo)
    assert TOKEN in area(client.get(posts[0].url_for("edit")))
    hide_revision(post=bens, number=2, by=mia, reason="r")
    for post, text in zip(posts, texts, strict=True):
        shown = area(client.get(post.url_for("edit")))
        assert TOKEN not in shown
        assert ("You can’t read the quoted post" in shown) is (TOKEN in text)
        assert send_edit(client, post, f"{shown}\n\nMore.").status_code == 302
        assert stored_body(post) == f"{text}\n\nMore."
    assert TOKEN in area(sign_in(mia).get(posts[0].url_for("edit")))


@pytest.mark.slow
def test_placeholder_is_not_restored_from_hidden_revision(topic, quoting, ben, mia, sign_in):
    edit_post(post=quoting, by=ben, body="Nothing.", version=1)
    hide_revision(post=quoting, number=1, by=mia, reason="r")
    assert send_edit(sign_in(ben), quoting, f"{LINE}\n\nMore.", 2).status_code == 302
    assert stored_body(quoting) == f"{LINE}\n\nMore."


@pytest.mark.slow
def test_conflict_page_never_exposes_quote_deleted_by_earlier_edit(quoting, ben, mia, sign_in):
    edit_post(post=quoting, by=ben, body="Alpha.\n\nTwo.", version=1)
    edit_post(post=quoting, by=mia, body="Beta.\n\nTwo.", version=2, reason="r")
    page = send_edit(sign_in(ben), quoting, f"{LINE}\n\nGamma.\n\nTwo.", 2)
    assert page.status_code == 409
    assert TOKEN not in page.text
    assert LINE in page.context["choice"].together["body"].value()


@pytest.mark.slow
def test_text_too_long_with_hidden_quotes_shows_field_error(topic, talk, ada, ben, mia, sign_in):
    said = f"They say {TOKEN} {'and more ' * 20}."
    elsewhere = reply_to(start(talk, ada, title="Elsewhere"), ada, said)
    post = reply_to(topic, ben, quote(elsewhere, said))
    remove_post(post=elsewhere, by=mia, reason="r")
    body = f"{LINE}\n\n{'x' * (BODY_MAX - len(LINE) - 2)}"
    page = send_edit(sign_in(ben), post, body)
    over = len(post.body) - len(LINE)
    assert page.status_code == 422
    assert f"With its hidden quotes it is {over} characters too long." in page.text
    assert area(page) == body
    assert send_edit(sign_in(ben), post, body[:-over]).status_code == 302
