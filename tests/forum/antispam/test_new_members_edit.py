"""A new member cannot edit in what a new post may not contain; what a post contains already may stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from forum.access.errors import PostPendingApproval, PostRejected
from forum.models import Mention, Post
from forum.posts.edit import edit_post
from moderation.approval.approve import approve_post
from tests.conftest import reply_to
from tests.support.forms import send_edit
from tests.support.new_member_limits import LINKS, only_pending_post, set_limits

pytestmark = pytest.mark.django_db

MENTIONS = "@ada @ben @cleo"
ATTACHMENTS = " ".join(f"/a/{letter * 32}/" for letter in "abc")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (MENTIONS, "This post mentions 3 members. New members can mention up to 2 members in one post."),
        (ATTACHMENTS, "This post has 3 attachments. New members can add up to 2 attachments to one post."),
        (LINKS, "This post has 3 links. New members can put up to 2 links in one post."),
        (
            f"> [ada wrote](/p/1/?revision=1):\n> {LINKS}",
            "This post has 3 links. New members can put up to 2 links in one post.",
        ),
    ],
)
def test_edit_cannot_exceed_the_mention_attachment_and_link_limits(topic, nora, cleo, sign_in, body, words):
    set_limits(mentions=2, attachments=2, links=2)
    post = reply_to(topic, nora, "Hello!")
    refused = send_edit(sign_in(nora), post, body)
    assert refused.status_code == 422
    assert words in refused.text
    assert refused.context["form"]["body"].value() == body
    assert Post.objects.get(pk=post.pk).body == "Hello!"
    assert not Mention.objects.exists()
    assert send_edit(sign_in(nora), post, "Hello @ada @ben!").status_code == 302


@pytest.mark.parametrize("body", [MENTIONS, ATTACHMENTS, LINKS])
def test_edit_can_keep_existing_excess_but_not_add_more(topic, nora, cleo, mia, body):
    set_limits(mentions=3, attachments=3)
    if body == LINKS:
        with pytest.raises(PostPendingApproval):
            reply_to(topic, nora, body)
        post = approve_post(pending=only_pending_post(), by=mia)
    else:
        post = reply_to(topic, nora, body)
    set_limits(mentions=1, attachments=1)
    post = edit_post(post=post, by=nora, body=f"Hello! {body}", version=1)
    assert post.version == 2
    more = f"{body} @mia /a/{'d' * 32}/ https://four.example"
    with pytest.raises(PostRejected):
        edit_post(post=post, by=nora, body=more, version=2)


def test_limits_do_not_apply_to_edits_by_established_members(topic, nora, cleo):
    set_limits(days=3, posts=1, mentions=1)
    post = reply_to(topic, nora, "Hello!")
    User.objects.filter(pk=nora.pk).update(joined_at=timezone.now() - timedelta(days=4))
    nora.refresh_from_db()
    assert edit_post(post=post, by=nora, body=MENTIONS, version=1).version == 2
    assert not User.objects.get(pk=nora.pk).is_new
