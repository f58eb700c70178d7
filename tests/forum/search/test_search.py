"""Search finds all that its searcher can read, and nothing else."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from config.sample.bulk_data import grow
from core.text.searchable_text import searchable_text
from core.text.word_keys import words_in
from forum.models import Post, Section
from forum.search import matches as search_matches, results as search_results
from forum.search.matches import Match, newest_matches, scope_of
from forum.search.query import read_query
from forum.search.ranking import rank_topics
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.topics.remove import remove_topic
from tests.conftest import reply_to, start
from tests.forum.search.exact_scan import scan, visible_texts
from tests.support.drills import rounds

pytestmark = pytest.mark.django_db


def found(text: str, person: User, *, limit: int = 10_000) -> list[int]:
    scope = scope_of(read_query(text), person)
    return [match.post for match in newest_matches(scope, scope.words, limit=limit)]


@pytest.fixture
def posts(talk, news, ada, ben, mia) -> dict[str, Post]:
    """Posts by name, from two years."""
    now = timezone.now()
    bells = start(talk, ada, "Two red bells", "They ring at noon.", at=now - timedelta(days=700))
    reply = reply_to(bells, ben, "Ringing is loud. Red, green, blue.", at=now - timedelta(days=400))
    late = reply_to(bells, mia, "The blue bell is silent.", at=now - timedelta(days=2))
    clock = start(news, mia, "A clock for the tower", "It strikes 日本語 hours.", at=now - timedelta(days=40))
    return {"bells": bells.posts.get(position=1), "reply": reply, "late": late, "clock": clock.posts.get()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("bell", ["late", "bells"]),
        ("rings", ["reply", "bells"]),
        ('"ring"', ["bells"]),
        ("red blue", ["reply"]),
        ("blue -green", ["late"]),
        ("noon OR silent", ["late", "bells"]),
        ("silen*", ["late"]),
        ("日本", ["clock"]),
        ("語", ["clock"]),
        ("本日", []),
        ('"red green"', ["reply"]),
        ('"green red"', []),
        ("bells noon", ["bells"]),
        ("by:mia", ["late", "clock"]),
        ("by:MIA bell", ["late"]),
        ("by:nobody", []),
        ("in:news", ["clock"]),
        ("in:News in:talk bell", ["late", "bells"]),
        ("in:nowhere bell", []),
        ("is:official", ["late", "clock"]),
        ("is:highlighted", ["reply"]),
        ("has:image", []),
        ("zebra", []),
    ],
)
def test_query_finds_posts_newest_first(text, names, posts, guest, mia):
    highlight_post(post=posts["reply"], by=mia)
    by_pk = {post.pk: name for name, post in posts.items()}
    assert [by_pk[pk] for pk in found(text, mia)] == names


def test_days_are_those_of_the_searcher(posts, mia):
    day = f"{timezone.localtime(posts['late'].posted_at):%Y-%m-%d}"
    assert found(f"after:{day}", mia) == [posts["late"].pk]
    assert posts["late"].pk not in found(f"before:{day}", mia)
    with timezone.override("Pacific/Kiritimati"):
        day = f"{timezone.localtime(posts['late'].posted_at):%Y-%m-%d}"
        assert found(f"after:{day}", mia) == [posts["late"].pk]


def test_one_topic_can_be_searched(posts, mia):
    assert found(f"topic:{posts['bells'].topic_id} blue", mia) == [posts["late"].pk, posts["reply"].pk]
    assert found(f"topic:{posts['clock'].topic_id} blue", mia) == []


def test_pages_continue_after_the_last_row(posts, mia):
    scope = scope_of(read_query("bell OR ring OR clock"), mia)
    everything = newest_matches(scope, scope.words, limit=100)
    assert len(everything) == 4
    pages, last = [], None
    while page := newest_matches(scope, scope.words, limit=1, before=last):
        pages += page
        last = page[-1]
    assert pages == everything


def test_only_readable_posts_are_found(posts, mia, ben, talk):
    hidden = start(Section.objects.create(name="Staff", slug="staff", read_by="staff"), mia, "A secret bell")
    inside = Section.objects.create(name="Inside", slug="inside", read_by="members")
    members_only = start(inside, mia, "A private bell")
    removed_topic = start(talk, ben, "A rude bell")
    remove_topic(topic=removed_topic, by=mia, reason="Rude.")
    remove_post(post=posts["late"], by=mia, reason="Rude.")
    guest = Guest()
    for person, also in ((guest, set()), (ben, {members_only}), (mia, {members_only, hidden})):
        expected = {posts["bells"].pk, *(topic.posts.get().pk for topic in also)}
        assert set(found("bell", person)) == expected
        assert {hit.post for hit in rank_topics(scope_of(read_query("bell"), person)).hits} == expected
    assert found("in:staff", ben) == []


class Guest:
    is_authenticated = is_staff = is_active = False
    pk = None


def test_titles_come_first_and_topics_only_once(talk, ada, ben, mia):
    aside = start(
        talk, ada, "Something else", "A long text that mentions the bell once, among many other words."
    )
    titled = start(talk, ben, "Which bell?", "I mean the small one.")
    busy = start(talk, mia, "Noise", "A bell, a bell.")
    replies = [reply_to(busy, ada, f"Bell number {number}.") for number in range(4)]
    ranking = rank_topics(scope_of(read_query("bell"), mia))
    assert [hit.topic for hit in ranking.hits] == [titled.pk, busy.pk, aside.pk]
    assert [hit.more for hit in ranking.hits] == [0, len(replies), 0]
    assert (ranking.topics, ranking.is_complete) == (3, True)


def test_excluded_words_exclude_topics_whose_title_matches(talk, ada, mia):
    start(talk, ada, "A red bell", "It is blue inside.")
    wanted = start(talk, ada, "Another red bell", "It is green inside.")
    ranking = rank_topics(scope_of(read_query("red -blue"), mia))
    assert [hit.topic for hit in ranking.hits] == [wanted.pk]


def test_stale_section_in_the_index_reveals_nothing(talk, ben, mia):
    """Results come through visible_to, whatever the index says."""
    staff = Section.objects.create(name="Staff", slug="staff", read_by="staff")
    post = start(staff, mia, "A secret bell").posts.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE forum_searchentry SET words = words || array_to_tsvector(ARRAY[%s])", [f"@s{talk.pk}"]
        )
    assert found("bell", ben) == []
    assert found("bell", mia) == [post.pk]


def test_post_hidden_after_it_was_found_is_not_shown(posts, talk, ben, mia, monkeypatch):
    hidden = start(Section.objects.create(name="Staff", slug="staff", read_by="staff"), mia, "Secret")
    remove_post(post=posts["late"], by=mia, reason="Rude.")
    matches = [
        Match(post.pk, post.topic_id, post.posted_at)
        for post in (hidden.posts.get(), posts["late"], posts["reply"])
    ]
    monkeypatch.setattr(search_results, "newest_matches", lambda *args, **kwargs: matches)
    shown = search_results.newest_posts(scope_of(read_query("bell"), ben), None).hits
    assert [hit.post for hit in shown] == [posts["reply"]]


def test_posts_in_removed_topics_do_not_end_a_search_early(talk, ada, mia, monkeypatch):
    monkeypatch.setattr(search_matches, "WINDOWS", ())
    wanted = start(talk, ada, "Old bell", at=timezone.now() - timedelta(days=3))
    for number in range(5):
        remove_topic(topic=start(talk, ada, f"Bell {number}"), by=mia, reason="Spam.")
    assert found("bell", mia, limit=1) == [wanted.posts.get().pk]


WORDS = [
    "bell",
    "bells",
    "tower",
    "rope",
    "ring*",
    "station",
    "-the",
    "data",
    "soil",
    "a",
    "is",
    "battery",
    "zebra",
]


def random_query(chance: random.Random, texts: list[str]) -> str:
    def word() -> str:
        keys = [word.key for word in words_in(chance.choice(texts))] or ["x"]
        return chance.choice([*keys[:30], *WORDS])

    parts = [word() for _ in range(chance.choice([1, 1, 1, 2, 2, 3]))]
    kind = chance.randrange(6)
    if kind == 0:
        keys = [each.key for each in words_in(chance.choice(texts))]
        at = chance.randrange(max(1, len(keys) - 3))
        parts.append('"' + " ".join(keys[at : at + chance.choice([2, 3])]) + '"')
    elif kind == 1:
        parts.append(f"-{word().lstrip('-')}")
    elif kind == 2:
        parts += ["OR", word()]
    elif kind == 3:
        parts[0] = f"{parts[0][:4]}*"
    return " ".join(parts)


@pytest.mark.parametrize(
    ("size", "queries"),
    [
        pytest.param(300, 25, marks=pytest.mark.slow, id="everyday"),
        pytest.param(rounds(20_000), rounds(200), marks=pytest.mark.drill, id="drill"),
    ],
)
def test_index_finds_exactly_what_a_scan_finds(talk, mia, size, queries):
    grow(topics=max(1, size // 20), posts=size)
    chance = random.Random(13)
    texts = [searchable_text(html) for html in Post.objects.values_list("html", flat=True)[:200]]
    differing, posts = [], visible_texts()
    for _ in range(queries):
        text = random_query(chance, texts)
        query = read_query(text)
        if query.groups and set(found(text, mia, limit=10**6)) != scan(query, posts):
            differing.append(text)
    print(
        f"search against a scan of {size} posts: {queries} queries, {len(differing)} differ {differing[:5]}"
    )
    assert differing == []


def test_each_window_continues_where_the_one_before_ended(talk, mia, ada, monkeypatch):
    """No month is searched twice or left out."""
    now = timezone.now()
    topic = start(talk, ada, "Bells", at=now - timedelta(days=1_000))
    for days in range(990, 0, -30):
        reply_to(topic, ada, "One bell.", at=now - timedelta(days=days))
    everything = found("bell", mia)
    assert len(everything) == Post.objects.count()
    assert everything == list(Post.objects.order_by("-posted_at").values_list("pk", flat=True))
    for windows in ((), (1,), (1, 1, 1), (3, 5), (100,)):
        monkeypatch.setattr(search_matches, "WINDOWS", windows)
        assert found("bell", mia) == everything
    after = f"{now - timedelta(days=500):%Y-%m-%d}"
    assert 0 < len(found(f"bell after:{after}", mia)) < len(everything)
