"""Word rules: what they find, what they do, and how long they take."""

import time
from uuid import uuid4

import pytest

from accounts.models import LogEntry, User
from forum.access.errors import NotAllowed, PostPendingApproval, PostRejected
from forum.antispam import watched_words
from forum.antispam.check import notify_staff
from forum.antispam.look_alikes import normalize
from forum.antispam.manage import add_watched_words, remove_watched_word
from forum.models import Post, WatchedWord
from forum.polls.polls import PollTerms
from forum.posts.edit import edit_post
from forum.topics import rename
from notifications.models import Notification
from tests.conftest import reply_to, start
from tests.support.new_member_limits import add_watched_word, only_pending_post

pytestmark = pytest.mark.django_db

MATCHING_TEXTS = [
    "Get cheap pills today",
    "CHEAP   PILLS",
    "cheap-pills!",
    "ch​eap pi­lls",  # a zero-width space, a soft hyphen
    "сhеар рills",  # Cyrillic letters
    "ｃｈｅａｐ ｐｉｌｌｓ",
    "ch**e**ap pi_l_ls",
    "chéap pílls",
    "cheap pi11s",
    "&#99;heap pills",
    "Cheap\npills",
    "𝐜𝐡𝐞𝐚𝐩 𝒑𝒊𝒍𝒍𝒔",
]
OTHER_TEXTS = ["cheapest pillshop", "pills cheap", "cheap and good pills", "c h e a p p i l l s"]


@pytest.mark.parametrize("text", MATCHING_TEXTS)
def test_rule_matches_obfuscated_spellings(noor, text):
    add_watched_word("cheap pills", by=noor)
    assert watched_words.matching_rules(text)


@pytest.mark.parametrize("text", OTHER_TEXTS)
def test_rule_matches_whole_words_only(noor, text):
    add_watched_word("cheap pills", by=noor)
    assert not watched_words.matching_rules(text)


def test_rule_with_is_anywhere_matches_inside_words(noor):
    add_watched_word("cialis", by=noor)
    assert not watched_words.matching_rules("a specialist")
    add_watched_word("pillz", by=noor, is_anywhere=True)
    assert watched_words.matching_rules("superpillzshop")
    assert watched_words.matching_rules("p i l-l z")


def test_normalize_preserves_letters_of_other_scripts():
    assert normalize("हिन्दी") != normalize("हन्द")
    assert normalize("Колокол звонит").count(" ") == 1


def test_hold_rule_holds_posts_of_established_members(topic, ben, noor):
    add_watched_word("cheap pills", by=noor)
    with pytest.raises(PostPendingApproval):
        reply_to(topic, ben, "Cheap pills!")
    assert (only_pending_post().why, only_pending_post().what) == ("words", "cheap pills")


def test_refuse_rule_rejects_the_reply_and_preserves_the_text(topic, ben, noor, sign_in):
    add_watched_word("cheap pills", "refuse", by=noor)
    said = {"body": "Cheap pills!", "submission_key": str(uuid4())}
    refused = sign_in(ben).post(topic.url_for("reply"), said)
    assert refused.status_code == 422
    assert str(watched_words.REJECTED) in refused.text
    assert "Cheap pills!" in refused.text
    assert topic.posts.count() == 2


def test_refuse_rule_applies_to_titles_and_poll_options(talk, ben, noor):
    add_watched_word("cheap pills", "refuse", by=noor)
    for title, poll in (("Cheap pills", None), ("Which?", PollTerms(("Cheap pills", "None")))):
        with pytest.raises(PostRejected):
            start(talk, ben, title, "Here.", poll=poll)


def test_flag_rule_publishes_the_post_and_notifies_staff(topic, bens, ben, mia, noor):
    add_watched_word("cheap pills", "flag", by=noor)
    post = reply_to(topic, ben, "Cheap pills!")
    edit_post(post=bens, by=ben, body="Cheap pills here too.", version=1)
    told = Notification.objects.order_by("pk").values_list("member", "url")
    assert list(told) == [(who.pk, to.get_absolute_url()) for to in (post, bens) for who in (mia, noor)]
    assert "was flagged: cheap pills" in Notification.objects.first().text


def test_flag_rule_notifies_staff_of_a_renamed_topic_once(topic, original, ada, mia, noor, sign_in):
    add_watched_word("cheap pills", "flag", by=noor)
    said = {"title": "Cheap pills", "version": "1"}
    assert sign_in(ada).post(topic.url_for("retitle"), said).status_code == 302
    told = Notification.objects.order_by("pk").values_list("member", "url")
    assert "“Cheap pills” was flagged: cheap pills" in Notification.objects.first().text
    assert list(told) == [(who.pk, original.get_absolute_url()) for who in (mia, noor)]
    topic.refresh_from_db()
    rename.rename_topic(topic=topic, by=ada, title="Cheap pills?", version=2)
    assert Notification.objects.count() == 2


def test_long_external_check_message_is_truncated_in_the_notification(topic, bens, mia):
    notify_staff(bens, "many " * 200)
    told = Notification.objects.get(member=mia).text
    assert "many many" in told
    assert told.endswith("…")


def test_flag_rule_notifies_only_staff_of_the_section(topic, news, ben, mia, noor):
    User.objects.filter(pk=mia.pk).update(moderates=[news.pk])
    add_watched_word("cheap pills", "flag", by=noor)
    reply_to(topic, ben, "Cheap pills!")
    assert [notice.member for notice in Notification.objects.all()] == [noor]


def test_strictest_matching_rule_applies(topic, ben, noor):
    add_watched_word("cheap", by=noor)
    add_watched_word("pills", "refuse", by=noor)
    with pytest.raises(PostRejected):
        reply_to(topic, ben, "cheap pills")


def test_refuse_rule_does_not_apply_to_staff(topic, mia, noor):
    add_watched_word("cheap pills", "refuse", by=noor)
    assert reply_to(topic, mia, "We remove cheap pills.")


@pytest.mark.parametrize("act", ["hold", "refuse"])
def test_edit_that_matches_a_hold_or_refuse_rule_is_rejected(topic, bens, ben, noor, sign_in, act):
    add_watched_word("cheap pills", act, by=noor)
    refused = sign_in(ben).post(bens.url_for("edit"), {"body": "Cheap pills!", "version": "1"})
    assert refused.status_code == 422
    assert str(watched_words.REJECTED) in refused.text
    assert Post.objects.get(pk=bens.pk).version == 1


def test_edit_may_keep_words_that_a_later_rule_refuses(topic, ben, noor):
    post = reply_to(topic, ben, "Cheap pills are no cure.")
    add_watched_word("cheap pills", "refuse", by=noor)
    assert edit_post(post=post, by=ben, body="Cheap pills are no good cure.", version=1).version == 2


def test_rename_that_matches_a_refuse_rule_is_rejected(topic, ada, noor, sign_in):
    add_watched_word("cheap pills", "refuse", by=noor)
    refused = sign_in(ada).post(topic.url_for("retitle"), {"title": "Cheap pills", "version": "1"})
    assert refused.status_code == 422
    topic.refresh_from_db()
    assert topic.title == "Slow search"


def test_admin_can_add_and_remove_watched_words(noor, sign_in):
    admin = sign_in(noor)
    admin.post("/manage/words/", {"words": "Cheap pills\n\nviagra\nVIAGRA", "act": "refuse"})
    assert {rule.words for rule in WatchedWord.objects.all()} == {
        "Cheap pills",
        "viagra",
    }
    admin.post(f"/manage/words/{WatchedWord.objects.get(words='viagra').pk}/remove/")
    assert [rule.words for rule in watched_words.cached_rules()] == ["Cheap pills"]
    acts = LogEntry.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["make_word_rule", "make_word_rule", "remove_word_rule"]


def test_moderator_cannot_add_or_remove_watched_words(mia, noor):
    made = add_watched_word("pills", by=noor)
    with pytest.raises(NotAllowed):
        remove_watched_word(rule=made, by=mia)
    with pytest.raises(NotAllowed):
        add_watched_words(words=["x y"], act="hold", is_anywhere=False, by=mia)


def test_rule_without_letters_is_rejected(noor, sign_in):
    refused = sign_in(noor).post("/manage/words/", {"words": "!!!", "act": "hold"})
    assert refused.status_code == 422
    assert not WatchedWord.objects.exists()


@pytest.mark.parametrize("text", ["a" * 32_000, "ab" * 16_000, "vvrn1 " * 5_300, "ä" * 32_000, "​" * 32_000])
def test_matching_a_long_text_with_a_thousand_rules_is_fast(noor, text):
    """A thousand rules that nearly match everywhere; the bound is generous, since the machine may be busy."""
    WatchedWord.objects.bulk_create(
        WatchedWord(words=f"{n}", key=f"{'a' * 90}b{n}", is_anywhere=n % 2 == 0, made_by=noor)
        for n in range(1_000)
    )
    watched_words.cached_rules.cache_clear()
    watched_words.cached_rules()
    began = time.process_time()
    assert not watched_words.matching_rules(text)
    assert time.process_time() - began < 2
