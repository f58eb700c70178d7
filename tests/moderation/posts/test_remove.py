from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.access import roles
from accounts.models import LogEntry
from forum.access.errors import NotAllowed, TopicIsClosed
from forum.models import Highlight, Post, Removal
from forum.models.topic import TopicQuerySet
from forum.posts.edit import edit_post
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post, restore_post
from moderation.topics.close import close_topic
from tests.conftest import offers, reply_to
from tests.support.concurrency import disable_locks, only_errors, run_concurrently


def test_staff_remove_post_with_reason(topic, bens, mia):
    removal = remove_post(post=bens, by=mia, reason="Spam.")
    assert (removal.post, removal.removed_by, removal.reason) == (bens, mia, "Spam.")
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.why, entry.target_id) == ("remove", mia, "Spam.", bens.pk)


def test_author_deletes_and_restores_own_post_without_log_entry(bens, ben, logged_actions):
    remove_post(post=bens, by=ben)
    assert Removal.objects.get().removed_by == ben
    assert restore_post(post=bens, by=ben)
    assert not Removal.objects.exists()
    assert logged_actions() == []


def test_staff_delete_own_reply_without_log_entry(topic, mia, logged_actions):
    remove_post(post=reply_to(topic, mia), by=mia)
    assert logged_actions() == []


def test_staff_removal_of_own_reply_in_closed_topic_is_logged(topic, talk, mia, logged_actions):
    own = reply_to(topic, mia)
    close_topic(topic=topic, by=mia, reason="Solved.")
    remove_post(post=own, by=mia, reason="Wrong after all.")
    assert logged_actions() == ["close", "remove"]


def test_second_removal_and_second_restore_are_ignored(bens, mia, noor, logged_actions):
    assert remove_post(post=bens, by=mia, reason="Spam.") == remove_post(post=bens, by=noor, reason="Me too.")
    assert restore_post(post=bens, by=mia)
    assert not restore_post(post=bens, by=noor)
    assert logged_actions() == ["remove", "restore"]


def test_removals_and_restores_update_topic_counters(topic, bens, cleo, mia):
    cleos = reply_to(topic, cleo)
    counters = topic_counters(topic)
    assert counters == (2, cleos.posted_at, cleo)
    version = topic.version

    remove_post(post=cleos, by=mia, reason="Spam.")
    assert topic_counters(topic) == (1, bens.posted_at, bens.author)
    assert topic.version == version + 1
    remove_post(post=bens, by=mia, reason="Spam.")
    original = topic.posts.get(position=1)
    assert topic_counters(topic) == (0, original.posted_at, original.author)
    remove_post(post=original, by=mia, reason="Spam.")
    assert topic_counters(topic) == (0, original.posted_at, original.author)

    for post in (original, cleos, bens):
        restore_post(post=post, by=mia)
    assert topic_counters(topic) == counters
    assert topic.version == version + 6
    assert topic.last_position == 3


def test_removing_earlier_reply_keeps_last_post(topic, bens, cleo, mia):
    cleos = reply_to(topic, cleo)
    remove_post(post=bens, by=mia, reason="Spam.")
    assert topic_counters(topic) == (1, cleos.posted_at, cleo)


def test_removal_ends_highlight_and_restore_does_not_bring_it_back(bens, mia, logged_actions):
    highlight_post(post=bens, by=mia)
    remove_post(post=bens, by=mia, reason="Spam.")
    assert not Highlight.objects.exists()
    assert logged_actions() == ["highlight", "remove", "unhighlight"]
    restore_post(post=bens, by=mia)
    assert not Highlight.objects.exists()


def test_remove_and_restore_reject_unauthorized_people(topic, original, bens, ada, ben, cleo, mia):
    for person in (ada, cleo, AnonymousUser()):
        with pytest.raises(NotAllowed):
            remove_post(post=bens, by=person)
    with pytest.raises(NotAllowed):
        remove_post(post=original, by=ada)
    assert not Removal.objects.exists()

    remove_post(post=bens, by=mia, reason="Spam.")
    for person in (ada, ben, cleo, AnonymousUser()):
        with pytest.raises(NotAllowed):
            restore_post(post=bens, by=person)
    assert Removal.objects.exists()


def test_author_cannot_delete_post_in_closed_topic(topic, bens, ben, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    with pytest.raises(TopicIsClosed):
        remove_post(post=bens, by=ben)
    assert not Removal.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_removals_and_replies_keep_counters_correct(
    topic, bens, ada, cleo, mia, noor, no_rate_limits
):
    posts = [bens, *(reply_to(topic, cleo) for _ in range(5))]
    outcomes = run_concurrently(
        *(partial(reply_to, topic, ada) for _ in range(6)),
        *(partial(remove_post, post=post, by=by, reason="Spam.") for post in posts for by in (mia, noor)),
    )
    assert only_errors(outcomes) == []
    topic.refresh_from_db()
    visible_posts = topic.posts.filter(removal=None)
    assert topic.reply_count == visible_posts.exclude(position=1).count() == 6
    assert topic.last_post_by == visible_posts.order_by("position").last().author
    assert LogEntry.objects.filter(act="remove").count() == 6


@pytest.mark.django_db(transaction=True)
def test_control_concurrent_removals_break_reply_count_without_lock(
    topic, bens, cleo, mia, noor, monkeypatch
):
    cleos = reply_to(topic, cleo)
    disable_locks(monkeypatch, TopicQuerySet, people=2)
    run_concurrently(
        partial(remove_post, post=bens, by=mia, reason="Spam."),
        partial(remove_post, post=cleos, by=noor, reason="Spam."),
    )
    topic.refresh_from_db()
    assert topic.reply_count != topic.posts.filter(removal=None).exclude(position=1).count()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_removal_and_restore_keep_log_and_state_consistent(topic, bens, mia, noor):
    acts = [
        partial(remove_post, post=bens, by=mia, reason="Spam."),
        partial(restore_post, post=bens, by=noor),
    ]
    for _ in range(5):
        assert only_errors(run_concurrently(*acts, *acts)) == []
    logged = list(LogEntry.objects.order_by("pk").values_list("act", flat=True))
    assert logged == (["remove", "restore"] * len(logged))[: len(logged)]
    topic.refresh_from_db()
    assert topic.reply_count == (0 if Removal.objects.exists() else 1)
    assert Removal.objects.exists() == (len(logged) % 2 == 1)


# --- The pages ---


def test_remove_page_requires_reason_from_staff(sign_in, bens, mia):
    client = sign_in(mia)
    assert offers(client.get(url(bens)), "remove")
    response = client.post(url(bens), {"reason": " "})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    assert not Removal.objects.exists()
    response = client.post(url(bens), {"reason": "Spam."})
    assert (response.status_code, response["Location"]) == (302, bens.get_absolute_url())
    assert Removal.objects.get().reason == "Spam."


def test_author_deletes_and_restores_post_without_reason(sign_in, bens, ben):
    client = sign_in(ben)
    client.post(url(bens))
    assert Removal.objects.exists()
    client.post(url(bens, "restore"))
    assert not Removal.objects.exists()


def test_remove_and_restore_pages_reject_unauthorized_people(sign_in, bens, ada, cleo, mia):
    for person, act, status in [(None, "remove", 403), (ada, "remove", 403), (cleo, "remove", 403)]:
        assert sign_in(person).post(url(bens, act), {"reason": "Mine."}).status_code == status
        assert not Removal.objects.exists()
    remove_post(post=bens, by=mia, reason="Spam.")
    # The removed text is not on their page at all.
    for person, status in [(None, 403), (ada, 404), (cleo, 404), (bens.author, 403)]:
        assert sign_in(person).post(url(bens, "restore")).status_code == status
        assert Removal.objects.exists()


def test_deletion_by_author_in_closed_topic_gets_409_and_preserves_reason(sign_in, topic, bens, ben, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    response = sign_in(ben).post(url(bens), {"reason": "I was wrong about it."})
    assert response.status_code == 409
    assert "I was wrong about it." in response.text
    assert not Removal.objects.exists()


def test_remove_page_of_removed_post_redirects(sign_in, bens, mia, noor, logged_actions):
    remove_post(post=bens, by=mia, reason="Spam.")
    for send in (sign_in(noor).get, sign_in(noor).post):
        assert send(url(bens)).status_code == 302
    assert logged_actions() == ["remove"]


def test_stub_shows_reason_to_all_and_text_only_to_author_and_staff(sign_in, topic, bens, ada, ben, mia):
    remove_post(post=bens, by=mia, reason="It named <somebody>.")
    for person, reads in [(None, False), (ada, False), (ben, True), (mia, True)]:
        page = sign_in(person).get(topic.get_absolute_url()).text
        stub = page[page.index(f'id="p{bens.pk}"') :].split("</article>")[0]
        named = '<bdi>mia</bdi> <span class="role">Moderator</span>' if person == mia else "a moderator"
        assert f"A post by <bdi>ben</bdi> was removed by {named}, <time" in stub
        assert "It named &lt;somebody&gt;." in stub
        assert ("Here too." in page) is reads
        assert ('data-act="restore"' in stub) is (person == mia)


def test_stub_of_post_deleted_by_author_offers_restore_to_author_only(sign_in, topic, bens, ada, ben):
    remove_post(post=bens, by=ben, reason="I was wrong.")
    for person, may in [(None, False), (ada, False), (ben, True)]:
        page = sign_in(person).get(topic.get_absolute_url()).text
        stub = page[page.index(f'id="p{bens.pk}"') :].split("</article>")[0]
        assert "was removed by its author, <time" in stub
        assert "I was wrong." in stub
        assert ('data-act="restore"' in stub) is may


def test_stub_shows_no_role_of_former_moderator(sign_in, topic, bens, mia, noor):
    remove_post(post=bens, by=mia, reason="Spam.")
    roles.change_role(member=mia, role="member", by=noor)
    assert "was removed by a moderator, <time" in sign_in(None).get(topic.get_absolute_url()).text
    assert "was removed by <bdi>mia</bdi>, <time" in sign_in(noor).get(topic.get_absolute_url()).text


def test_restored_post_looks_as_before_removal(sign_in, topic, bens, ada, ben, mia):
    """Its text, its position, its marks and its history."""
    edit_post(post=bens, by=ben, body="Here too, daily.", version=1)
    before = html_for_guests(topic, bens)
    remove_post(post=bens, by=mia, reason="Spam.")
    assert "Here too" not in html_for_guests(topic, bens)
    restore_post(post=bens, by=mia)
    assert html_for_guests(topic, bens) == before
    assert sign_in(None).get(f"/p/{bens.pk}/history/").status_code == 200


def test_edit_of_removed_post_gets_403_and_preserves_text(sign_in, bens, ben, mia):
    remove_post(post=bens, by=mia, reason="Spam.")
    response = sign_in(ben).post(url(bens, "edit"), {"body": "Said better.", "version": 1})
    assert response.status_code == 403
    assert "Said better." in response.text
    bens.refresh_from_db()
    assert bens.version == 1


def html_for_guests(topic, post: Post) -> str:
    page = Client().get(topic.get_absolute_url()).text
    return page[page.index(f'id="p{post.pk}"') :].split("</article>")[0]


def topic_counters(topic) -> tuple:
    topic.refresh_from_db()
    return topic.reply_count, topic.last_post_at, topic.last_post_by


def url(post: Post, act: str = "remove") -> str:
    return f"/p/{post.pk}/{act}/"


@pytest.mark.slow
def test_second_moderator_sees_who_removed_or_restored_first(client, bens, mia, noor):
    remove_post(post=bens, by=mia, reason="Spam.")
    client.force_login(noor)
    told = client.post(f"/p/{bens.pk}/remove/", {"reason": "Rude."}, follow=True).text
    assert "mia already did this at " in told
    restore_post(post=bens, by=mia)
    assert "mia already did this at " in client.post(f"/p/{bens.pk}/restore/", follow=True).text
