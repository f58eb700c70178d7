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
from tests.support.racing import at_once, only_errors, take_the_locks_out


def test_staff_remove_with_a_reason(topic, bens, mia):
    removal = remove_post(post=bens, by=mia, reason="Spam.")
    assert (removal.post, removal.removed_by, removal.reason) == (bens, mia, "Spam.")
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.why, entry.target_id) == ("remove", mia, "Spam.", bens.pk)


def test_an_author_takes_back_and_brings_back_without_a_log_row(bens, ben, acts_logged):
    remove_post(post=bens, by=ben)
    assert Removal.objects.get().removed_by == ben
    assert restore_post(post=bens, by=ben)
    assert not Removal.objects.exists()
    assert acts_logged() == []


def test_staff_who_take_back_their_own_answer_act_as_its_author(topic, mia, acts_logged):
    remove_post(post=reply_to(topic, mia), by=mia)
    assert acts_logged() == []


def test_staff_who_take_away_what_an_author_could_not_are_recorded(topic, talk, mia, acts_logged):
    own = reply_to(topic, mia)
    close_topic(topic=topic, by=mia, reason="Solved.")
    remove_post(post=own, by=mia, reason="Wrong after all.")
    assert acts_logged() == ["close", "remove"]


def test_twice_is_once(bens, mia, noor, acts_logged):
    assert remove_post(post=bens, by=mia, reason="Spam.") == remove_post(post=bens, by=noor, reason="Me too.")
    assert restore_post(post=bens, by=mia)
    assert not restore_post(post=bens, by=noor)
    assert acts_logged() == ["remove", "restore"]


def test_the_counters_follow(topic, bens, cleo, mia):
    cleos = reply_to(topic, cleo)
    counters = counted(topic)
    assert counters == (2, cleos.posted_at, cleo)
    version = topic.version

    remove_post(post=cleos, by=mia, reason="Spam.")
    assert counted(topic) == (1, bens.posted_at, bens.author)
    assert topic.version == version + 1
    remove_post(post=bens, by=mia, reason="Spam.")
    original = topic.posts.get(position=1)
    assert counted(topic) == (0, original.posted_at, original.author)
    remove_post(post=original, by=mia, reason="Spam.")
    assert counted(topic) == (0, original.posted_at, original.author)

    for post in (original, cleos, bens):
        restore_post(post=post, by=mia)
    assert counted(topic) == counters
    assert topic.version == version + 6
    assert topic.last_position == 3


def test_removing_an_earlier_answer_leaves_the_newest(topic, bens, cleo, mia):
    cleos = reply_to(topic, cleo)
    remove_post(post=bens, by=mia, reason="Spam.")
    assert counted(topic) == (1, cleos.posted_at, cleo)


def test_a_removal_takes_the_highlight_down_at_once(bens, mia, acts_logged):
    highlight_post(post=bens, by=mia)
    remove_post(post=bens, by=mia, reason="Spam.")
    assert not Highlight.objects.exists()
    assert acts_logged() == ["highlight", "remove", "unhighlight"]
    restore_post(post=bens, by=mia)
    assert not Highlight.objects.exists()


def test_who_may_not(topic, original, bens, ada, ben, cleo, mia):
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


def test_authors_may_not_once_the_topic_is_closed(topic, bens, ben, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    with pytest.raises(TopicIsClosed):
        remove_post(post=bens, by=ben)
    assert not Removal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_removing_while_others_answer_keeps_the_counters_right(
    topic, bens, ada, cleo, mia, noor, monkeypatch
):
    monkeypatch.setattr("accounts.rate_limiting.limits.count_action", lambda *args, **kwargs: None)
    posts = [bens, *(reply_to(topic, cleo) for _ in range(5))]
    outcomes = at_once(
        *(partial(reply_to, topic, ada) for _ in range(6)),
        *(partial(remove_post, post=post, by=by, reason="Spam.") for post in posts for by in (mia, noor)),
    )
    assert only_errors(outcomes) == []
    topic.refresh_from_db()
    standing = topic.posts.filter(removal=None)
    assert topic.reply_count == standing.exclude(position=1).count() == 6
    assert topic.last_post_by == standing.order_by("position").last().author
    assert LogEntry.objects.filter(act="remove").count() == 6


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_an_answer_would_be_counted_that_is_gone(
    topic, bens, cleo, mia, noor, monkeypatch
):
    cleos = reply_to(topic, cleo)
    take_the_locks_out(monkeypatch, TopicQuerySet, people=2)
    at_once(
        partial(remove_post, post=bens, by=mia, reason="Spam."),
        partial(remove_post, post=cleos, by=noor, reason="Spam."),
    )
    topic.refresh_from_db()
    assert topic.reply_count != topic.posts.filter(removal=None).exclude(position=1).count()


@pytest.mark.django_db(transaction=True)
def test_removing_and_restoring_at_once_ends_in_a_state_the_log_explains(topic, bens, mia, noor):
    acts = [
        partial(remove_post, post=bens, by=mia, reason="Spam."),
        partial(restore_post, post=bens, by=noor),
    ]
    for _ in range(5):
        assert only_errors(at_once(*acts, *acts)) == []
    logged = list(LogEntry.objects.order_by("pk").values_list("act", flat=True))
    assert logged == (["remove", "restore"] * len(logged))[: len(logged)]
    topic.refresh_from_db()
    assert topic.reply_count == (0 if Removal.objects.exists() else 1)
    assert Removal.objects.exists() == (len(logged) % 2 == 1)


# --- The pages ---


def test_the_page_removes_and_needs_a_reason_from_staff(sign_in, bens, mia):
    client = sign_in(mia)
    assert offers(client.get(url(bens)), "remove")
    response = client.post(url(bens), {"reason": " "})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    assert not Removal.objects.exists()
    response = client.post(url(bens), {"reason": "Spam."})
    assert (response.status_code, response["Location"]) == (302, bens.get_absolute_url())
    assert Removal.objects.get().reason == "Spam."


def test_an_author_needs_none_and_may_bring_it_back(sign_in, bens, ben):
    client = sign_in(ben)
    client.post(url(bens))
    assert Removal.objects.exists()
    client.post(url(bens, "restore"))
    assert not Removal.objects.exists()


def test_who_may_not_is_refused_by_effect(sign_in, bens, ada, cleo, mia):
    for person, act, status in [(None, "remove", 403), (ada, "remove", 403), (cleo, "remove", 403)]:
        assert sign_in(person).post(url(bens, act), {"reason": "Mine."}).status_code == status
        assert not Removal.objects.exists()
    remove_post(post=bens, by=mia, reason="Spam.")
    # The removed text is not on their page at all.
    for person, status in [(None, 403), (ada, 404), (cleo, 404), (bens.author, 403)]:
        assert sign_in(person).post(url(bens, "restore")).status_code == status
        assert Removal.objects.exists()


def test_an_author_whose_topic_was_closed_meanwhile_gets_a_409_and_the_reason_back(
    sign_in, topic, bens, ben, mia
):
    close_topic(topic=topic, by=mia, reason="Solved.")
    response = sign_in(ben).post(url(bens), {"reason": "I was wrong about it."})
    assert response.status_code == 409
    assert "I was wrong about it." in response.text
    assert not Removal.objects.exists()


def test_taking_away_what_is_away_leads_to_its_place(sign_in, bens, mia, noor, acts_logged):
    remove_post(post=bens, by=mia, reason="Spam.")
    for send in (sign_in(noor).get, sign_in(noor).post):
        assert send(url(bens)).status_code == 302
    assert acts_logged() == ["remove"]


def test_the_tombstone_says_who_and_why_and_shows_the_text_to_its_author_and_staff_alone(
    sign_in, topic, bens, ada, ben, mia
):
    remove_post(post=bens, by=mia, reason="It named <somebody>.")
    for person, reads in [(None, False), (ada, False), (ben, True), (mia, True)]:
        page = sign_in(person).get(topic.get_absolute_url()).text
        tombstone = page[page.index(f'id="p{bens.pk}"') :].split("</article>")[0]
        named = '<bdi>mia</bdi> <span class="role">Moderator</span>' if person == mia else "a moderator"
        assert f"A post by <bdi>ben</bdi> was removed by {named}, <time" in tombstone
        assert "It named &lt;somebody&gt;." in tombstone
        assert ("Here too." in page) is reads
        assert ('data-act="restore"' in tombstone) is (person == mia)


def test_the_tombstone_of_what_an_author_took_back_says_so_and_offers_them_the_way_back(
    sign_in, topic, bens, ada, ben
):
    remove_post(post=bens, by=ben, reason="I was wrong.")
    for person, may in [(None, False), (ada, False), (ben, True)]:
        page = sign_in(person).get(topic.get_absolute_url()).text
        tombstone = page[page.index(f'id="p{bens.pk}"') :].split("</article>")[0]
        assert "was removed by its author, <time" in tombstone
        assert "I was wrong." in tombstone
        assert ('data-act="restore"' in tombstone) is may


def test_who_is_no_moderator_any_more_bears_no_role_on_a_tombstone(sign_in, topic, bens, mia, noor):
    remove_post(post=bens, by=mia, reason="Spam.")
    roles.change_role(member=mia, role="member", by=noor)
    assert "was removed by a moderator, <time" in sign_in(None).get(topic.get_absolute_url()).text
    assert "was removed by <bdi>mia</bdi>, <time" in sign_in(noor).get(topic.get_absolute_url()).text


def test_what_was_restored_is_as_it_was(sign_in, topic, bens, ada, ben, mia):
    """Its text, its position, its marks and its history."""
    edit_post(post=bens, by=ben, body="Here too, daily.", version=1)
    before = shown_to_guests(topic, bens)
    remove_post(post=bens, by=mia, reason="Spam.")
    assert "Here too" not in shown_to_guests(topic, bens)
    restore_post(post=bens, by=mia)
    assert shown_to_guests(topic, bens) == before
    assert sign_in(None).get(f"/p/{bens.pk}/history/").status_code == 200


def test_an_edit_that_comes_after_the_removal_is_given_back(sign_in, bens, ben, mia):
    remove_post(post=bens, by=mia, reason="Spam.")
    response = sign_in(ben).post(url(bens, "edit"), {"body": "Said better.", "version": 1})
    assert response.status_code == 403
    assert "Said better." in response.text
    bens.refresh_from_db()
    assert bens.version == 1


def shown_to_guests(topic, post: Post) -> str:
    page = Client().get(topic.get_absolute_url()).text
    return page[page.index(f'id="p{post.pk}"') :].split("</article>")[0]


def counted(topic) -> tuple:
    topic.refresh_from_db()
    return topic.reply_count, topic.last_post_at, topic.last_post_by


def url(post: Post, act: str = "remove") -> str:
    return f"/p/{post.pk}/{act}/"


def test_the_second_moderator_is_told_who_was_first(client, bens, mia, noor):
    remove_post(post=bens, by=mia, reason="Spam.")
    client.force_login(noor)
    told = client.post(f"/p/{bens.pk}/remove/", {"reason": "Rude."}, follow=True).text
    assert "mia already did this at " in told
    restore_post(post=bens, by=mia)
    assert "mia already did this at " in client.post(f"/p/{bens.pk}/restore/", follow=True).text
