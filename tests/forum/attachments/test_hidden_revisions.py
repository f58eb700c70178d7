"""A picture that only hidden revisions of its post contain is for staff alone."""

import pytest

from forum.access import permissions
from forum.models import Attachment, Post
from forum.posts.edit import edit_post
from moderation.posts.hide_revision import hide_revision, show_revision
from tests.conftest import reply_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(attach, ben):
    return attach(ben, alt="A letter with an address")


@pytest.fixture
def post(topic, ben, picture) -> Post:
    """Ben's post; it showed the picture in revisions 2 and 3."""
    post = reply_to(topic, ben, "One.")
    for version, body in enumerate((picture.markdown, f"Three. {picture.markdown}", "Four."), start=1):
        post = edit_post(post=post, by=ben, body=body, version=version)
    return post


def who_sees(picture: Attachment, people, sign_in) -> list[str]:
    found = [sign_in(person).get(picture.get_absolute_url()).status_code for person in people]
    return [
        person.name if person else "guest"
        for person, status in zip(people, found, strict=True)
        if status == 200
    ]


@pytest.mark.slow
def test_attachment_is_hidden_only_while_all_its_revisions_are_hidden(
    post, picture, ada, ben, mia, noor, sign_in
):
    people = [None, ada, ben, mia, noor]
    everybody = ["guest", "ada", "ben", "mia", "noor"]
    hide_revision(post=post, number=2, by=mia, reason="r")
    assert who_sees(picture, people, sign_in) == everybody  # revision 3 still shows it
    hide_revision(post=post, number=3, by=mia, reason="r")
    assert who_sees(picture, people, sign_in) == ["mia", "noor"]
    show_revision(post=post, number=2, by=mia)
    assert who_sees(picture, people, sign_in) == everybody


@pytest.mark.slow
def test_attachment_used_in_a_new_revision_becomes_visible_again(post, picture, ben, mia, guest):
    for number in (2, 3):
        hide_revision(post=post, number=number, by=mia, reason="r")
    assert guest.get(picture.get_absolute_url()).status_code == 404
    edit_post(post=post, by=ben, body=picture.markdown, version=4)
    assert guest.get(picture.get_absolute_url()).status_code == 200


@pytest.mark.slow
def test_hiding_a_revision_leaves_other_attachments_visible(topic, attach, ben, mia, guest):
    other, gone = attach(ben), attach(ben)
    post = reply_to(topic, ben, f"{other.markdown}\n\n{gone.markdown}")
    edit_post(post=post, by=ben, body=other.markdown, version=1)
    hide_revision(post=post, number=1, by=mia, reason="r")
    assert [guest.get(one.get_absolute_url()).status_code for one in (other, gone)] == [200, 404]


@pytest.mark.slow
def test_list_rule_matches_item_rule(post, picture, talk, ada, ben, mia, noor):
    for number in (2, 3):
        hide_revision(post=post, number=number, by=noor, reason="r")
    for moderates in (None, [talk.pk], [talk.pk + 1]):
        mia.moderates = moderates
        mia.save()
        for person in (ada, ben, mia, noor):
            may = permissions.can_see_attachment(person, Attachment.objects.get())
            assert Attachment.objects.visible_to(person).exists() is may
            assert may is (person == noor or (person == mia and moderates in (None, [talk.pk])))
