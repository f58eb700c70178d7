"""Every post that everyone who sees its topic can read has an entry, which follows each change."""

import pytest
from django.db import connection, transaction

from accounts.models import LogEntry
from config.backup.check_counters import faults
from forum.models import Post, SearchEntry, Section, Topic
from forum.posts.edit import edit_original, edit_post
from forum.posts.rerender import rerender_posts
from forum.search_index import reindex as search_reindex, store
from forum.search_index.reindex import outdated_entries, reindex
from forum.sections.manage import change_section
from forum.topics.rename import rename_topic
from moderation.log.undo import undo_entry
from moderation.members.remove_all_posts import remove_all_posts, undo_remove_all_posts
from moderation.members.remove_all_posts_worker import remove_or_restore_posts
from moderation.posts.hide_revision import hide_revision
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import auto_hide_post, remove_post, restore_post
from moderation.topics.merge import merge_topic
from moderation.topics.move import move_topic
from moderation.topics.remove import remove_topic
from moderation.topics.split import split_posts
from tests.conftest import reply_to, start

pytestmark = pytest.mark.django_db


def words(post: Post) -> set[str]:
    """Returns the lexemes of the post; empty if it is not in the index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(words) FROM forum_searchentry WHERE post_id = %s", [post.pk])
        row = cursor.fetchone()
    return set(row[0]) if row else set()


@pytest.fixture(autouse=True)
def index_is_complete():
    yield
    assert faults() == []


def test_new_posts_are_in_the_index(talk, ada, ben):
    topic = start(talk, ada, "Slow searches", "It takes minutes.")
    original, reply = topic.posts.get(), reply_to(topic, ben, "Here too.")
    at = original.posted_at
    assert words(original) == {
        "it", "takes", "=take", "minutes", "=minut", "slow", "searches", "=search",
        "^slow", "^searches", "^=search", f"@s{talk.pk}", f"@a{ada.pk}", f"@m{at:%Y%m}",
    }  # fmt: skip
    assert {"here", "too", f"@a{ben.pk}"} <= words(reply)
    assert not {"slow", "^slow", "@i"} & words(reply)


def test_images_are_a_fact_and_their_descriptions_words(topic, bens):
    Post.objects.filter(pk=bens.pk).update(html='<p><img src="/attachments/x" alt="A red bell"></p>')
    store.index_again([bens.pk])
    assert {"@i", "red", "bell"} <= words(bens)


def test_failed_transaction_leaves_no_entry(topic, ben):
    @transaction.atomic
    def reply_and_fail():
        reply_to(topic, ben, "Never written.")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        reply_and_fail()
    assert SearchEntry.objects.count() == Post.objects.count()


def test_edit_replaces_words(topic, bens, ben):
    edit_post(post=bens, by=ben, body="Other sentence", version=1)
    assert {"other", "sentence"} <= words(bens)
    assert "here" not in words(bens)


def test_quotes_are_not_indexed_with_the_quoting_post(topic, original, cleo):
    quote = reply_to(
        topic, cleo, f"> [ada wrote](/p/{original.pk}/?revision=1):\n> It takes a minute.\n\nAgreed."
    )
    assert "agreed" in words(quote)
    assert "minute" not in words(quote)


def test_title_moves_with_its_change(topic, original, ada):
    rename_topic(topic=topic, by=ada, title="Quick bells", version=1)
    assert {"quick", "^bells", "takes"} <= words(original)
    assert not {"slow", "^slow"} & words(original)
    edit_original(
        post=original,
        by=ada,
        title="Third one",
        title_was="Quick bells",
        title_version=2,
        body="New.",
        version=1,
    )
    assert {"^third", "new"} <= words(original)
    assert not {"quick", "takes"} & words(original)


@pytest.mark.parametrize("position", [1, 2])
def test_removed_posts_leave_the_index_and_return(position, topic, ben, mia):
    post = topic.posts.get(position=position)
    before = words(post)
    remove_post(post=post, by=mia, reason="Rude.")
    assert words(post) == set()
    rename_topic(topic=Topic.objects.get(), by=mia, title="Slow search", version=1, reason="x")
    assert words(post) == set()
    restore_post(post=Post.objects.get(pk=post.pk), by=mia)
    assert words(post) == before


def test_edit_of_a_removed_post_stays_out(topic, original, mia):
    """Staff can edit removed posts."""
    remove_post(post=original, by=mia, reason="Rude.")
    rename_topic(topic=Topic.objects.get(), by=mia, title="Other", version=1, reason="Clearer.")
    edit_post(post=Post.objects.get(pk=original.pk), by=mia, body="Without the name.", version=1, reason="x")
    assert words(original) == set()


def test_automatic_hiding_leaves_the_index(topic, bens):
    with transaction.atomic():
        auto_hide_post(topic, bens)
    assert words(bens) == set()


def test_highlight_is_a_fact(topic, bens, mia):
    highlight_post(post=bens, by=mia)
    assert "@h" in words(bens)
    edit_post(post=Post.objects.get(pk=bens.pk), by=mia, body="Better.", version=1, reason="Typo.")
    assert "@h" in words(bens)
    unhighlight_post(post=Post.objects.get(pk=bens.pk), by=mia)
    assert "@h" not in words(bens)


def test_moved_topic_is_in_its_new_section(topic, news, talk, original, bens, mia):
    move_topic(topic=topic, to=news, by=mia)
    for post in (original, bens):
        assert f"@s{news.pk}" in words(post)
        assert f"@s{talk.pk}" not in words(post)
    assert outdated_entries() == 0


def test_topic_moved_to_another_language_is_written_again(topic, news, original, mia):
    Section.objects.filter(pk=news.pk).update(language="de")
    move_topic(topic=topic, to=Section.objects.get(pk=news.pk), by=mia)
    assert outdated_entries() == 2
    assert sum(reindex()) == 2
    assert outdated_entries() == 0


def test_split_posts_belong_to_their_new_topic(topic, news, cleo, bens, mia):
    third = reply_to(topic, cleo, "Third.")
    new = split_posts(topic=topic, posts=[bens.pk, third.pk], by=mia, title="Another matter", section=news)
    assert {"another", "^matter", "here", f"@s{news.pk}"} <= words(bens)
    assert not {"another", "^matter", f"@s{topic.section_id}"} & words(third)
    assert set(SearchEntry.objects.filter(topic=new.pk).values_list("pk", flat=True)) == {bens.pk, third.pk}
    undo_entry(entry=LogEntry.objects.get(act="split"), by=mia)
    assert not {"another", "^matter", f"@s{news.pk}"} & (words(bens) | words(third))
    assert not SearchEntry.objects.filter(topic=new.pk).exists()


def test_merged_topic_has_no_second_title(topic, talk, ben, mia):
    other = start(talk, ben, "Duplicate question", "Same here.")
    original = other.posts.get()
    merge_topic(topic=other, into=topic, by=mia)
    assert {"same"} <= words(original)
    assert not {"^duplicate", "duplicate"} & words(original)
    assert SearchEntry.objects.get(post=original).topic_id == topic.pk


def test_removal_of_all_posts_and_its_undo(talk, topic, ben, mia):
    own = start(talk, ben, "Mine", "Alone.").posts.get()
    before = {post: words(post) for post in Post.objects.filter(author=ben)}
    entry = remove_all_posts(member=ben, by=mia, reason="Spam.")
    remove_or_restore_posts(entry)
    assert all(words(post) == set() for post in before)
    undo_remove_all_posts(entry, mia)
    remove_or_restore_posts(LogEntry.objects.latest("pk"))
    assert {post: words(post) for post in before} == before
    assert own in before


def test_removed_topic_keeps_its_entries(topic, original, mia):
    """A search joins the topic, which a removal changes with one row."""
    remove_topic(topic=topic, by=mia, reason="Spam.")
    assert words(original)


def test_change_of_language_writes_the_section_again(topic, bens, talk, news, noor, mia):
    untouched = start(news, mia, "Newsletter", "Batteries.").posts.get()
    before = words(untouched)
    change_section(section=talk, by=noor, grants={}, language="de")
    assert outdated_entries() == 2
    assert sum(reindex()) == 2
    assert outdated_entries() == 0
    assert words(untouched) == before


def test_reindex_writes_what_is_missing_or_older(topic, ben, monkeypatch):
    for number in range(5):
        reply_to(topic, ben, f"Number {number}.")
    before = {post: words(post) for post in Post.objects.all()}
    SearchEntry.objects.all().delete()
    monkeypatch.setattr(search_reindex, "BATCH", 3)
    assert outdated_entries() == 7
    assert sum(reindex()) == 7
    assert {post: words(post) for post in before} == before
    for module in (store, search_reindex):
        monkeypatch.setattr(module, "INDEX_VERSION", 2)
    assert outdated_entries() == 7
    assert sum(reindex()) == 7
    assert set(SearchEntry.objects.values_list("version", flat=True)) == {2}


def test_hidden_revision_takes_its_highlight_along(topic, bens, ben, mia):
    highlight_post(post=bens, by=mia)
    edit_post(post=Post.objects.get(pk=bens.pk), by=ben, body="Other words.", version=1)
    hide_revision(post=Post.objects.get(pk=bens.pk), number=1, by=mia, reason="An address.")
    assert "@h" not in words(bens)


def test_text_rendered_again_is_indexed_again(topic, bens):
    html = Post.objects.get(pk=bens.pk).html
    Post.objects.filter(pk=bens.pk).update(html='<p><img src="/x" alt="old"></p>', renderer=1)
    store.index_again([bens.pk])
    assert sum(rerender_posts()) == 1
    assert Post.objects.get(pk=bens.pk).html == html
    assert not {"old", "@i"} & words(bens)
