"""The form that removes all posts of a member."""

import pytest

from accounts.models import Session, User
from forum.models import Post
from moderation.members.remove_all_posts import remove_all_posts
from tests.conftest import browser_of
from tests.support.page import get_html

pytestmark = pytest.mark.django_db


def test_remove_all_posts_form_removes_posts_and_suspends_member(
    staff, topic, ben, django_capture_on_commit_callbacks
):
    browser_of(ben)
    with django_capture_on_commit_callbacks(execute=True):
        fields = {"reason": "Spam.", "suspend": "on"}
        assert staff.post("/moderation/members/ben/remove-everything/", fields).status_code == 302
    assert not Post.objects.filter(author=ben).not_removed().exists()
    assert User.objects.get(pk=ben.pk).is_suspended
    assert not Session.objects.filter(member=ben).exists()
    response = staff.post("/moderation/members/ben/remove-everything/", {"reason": "Spam."})
    assert response.status_code == 409
    assert "mia already did this at " in response.text


def test_member_page_shows_that_removal_is_running(staff, topic, ben, mia):
    remove_all_posts(member=ben, by=mia, reason="Spam.")
    assert "is removing all posts by" in get_html(staff, "/moderation/members/ben/")
