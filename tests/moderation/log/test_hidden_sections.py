"""A moderator of some sections reads nothing of the others: not in the log, and not in the response to an undo."""

import pytest

from accounts.models import LogEntry, User
from forum.access.errors import NotAllowed
from forum.models import Section, Topic
from forum.posts.edit import edit_post
from forum.topics import rename
from moderation.log.display import FACT_NAMES, FACTS_ABOUT_SECTIONS, FACTS_ABOUT_TOPICS, readable_facts
from moderation.log.undo import undo_entry
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.topics import merge as topics_merge
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.move import move_topic
from moderation.topics.split import move_posts, split_posts
from tests.conftest import browser_of, make_user, start

pytestmark = pytest.mark.django_db

SECRETS = ("Vault", "Secret plan", "secret-plan")


@pytest.fixture
def lena(talk) -> User:
    """Moderates Talk alone."""
    lena = make_user("lena", "moderator")
    User.objects.filter(pk=lena.pk).update(moderates=[talk.pk])
    return User.objects.get(pk=lena.pk)


@pytest.fixture
def vault(db) -> Section:
    return Section.objects.create(name="Vault", slug="vault", place=9, read_by=Section.Audience.STAFF)


@pytest.fixture
def hidden_topic(vault, noor) -> Topic:
    return start(vault, noor, "Secret plan")


ACTIONS = {
    "merge": lambda topic, post, hidden_topic, by: topics_merge.merge_topic(
        topic=topic, into=hidden_topic, by=by
    ),
    "move_posts": lambda topic, post, hidden_topic, by: move_posts(
        topic=topic, posts=[post.pk], into=hidden_topic, by=by
    ),
    "split": lambda topic, post, hidden_topic, by: split_posts(
        topic=topic, posts=[post.pk], section=hidden_topic.section, title="Secret plan", by=by
    ),
    "move_topic": lambda topic, post, hidden_topic, by: move_topic(
        topic=topic, to=hidden_topic.section, by=by
    ),
    "close": lambda topic, post, hidden_topic, by: close_topic(
        topic=topic, by=by, reason="Go on there.", read_instead=hidden_topic
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTIONS)
def test_entry_names_no_section_or_topic_hidden_from_reader(act, topic, bens, hidden_topic, noor, mia, lena):
    ACTIONS[act](topic, bens, hidden_topic, noor)
    entry = LogEntry.objects.get(act=act)
    for path in ("/moderation/log/", f"/moderation/log/{entry.pk}/"):
        page = browser_of(lena).get(path)
        assert page.status_code == 200
        assert [secret for secret in SECRETS if secret in page.text] == [], path
    assert hidden_names_in(entry, mia) & {
        str(hidden_topic.pk),
        str(hidden_topic.section_id),
        "Secret plan",
        "Vault",
    }
    assert not hidden_names_in(entry, lena) & {
        str(hidden_topic.pk),
        str(hidden_topic.section_id),
        "Secret plan",
        "Vault",
    }


def hidden_names_in(entry: LogEntry, reader: User) -> set[str]:
    """The names of other sections and topics in the entry's facts."""
    places = {str(FACT_NAMES[name]) for name in (*FACTS_ABOUT_TOPICS, *FACTS_ABOUT_SECTIONS)}
    return {
        said
        for fact in readable_facts(entry, reader)
        if fact.name in places
        for said in (fact.before, fact.after)
    }


def test_undo_entry_names_no_topic_hidden_from_reader(topic, bens, hidden_topic, noor, lena):
    ACTIONS["move_posts"](topic, bens, hidden_topic, noor)
    undo_entry(entry=LogEntry.objects.get(act="move_posts"), by=noor)
    entry = LogEntry.objects.get(act="put_back")
    assert entry.facts["before"]["into_title"] == "Secret plan"
    assert "Secret plan" not in browser_of(lena).get(f"/moderation/log/{entry.pk}/").text


def retitle(topic: Topic, by: User, title: str) -> None:
    topic = Topic.objects.get(pk=topic.pk)
    rename.rename_topic(topic=topic, by=by, title=title, version=topic.title_version, reason="Clearer.")


ACTIONS_BEFORE_MOVE = {
    "move_topic": lambda topic, post, hidden_topic, by: None,
    "retitle": lambda topic, post, hidden_topic, by: retitle(topic, by, "Better"),
    "highlight": lambda topic, post, hidden_topic, by: highlight_post(post=post, by=by),
    "remove": lambda topic, post, hidden_topic, by: remove_post(post=post, by=by, reason="Spam."),
    "edit": lambda topic, post, hidden_topic, by: edit_post(
        post=post, by=by, body="New.", version=1, reason="Spam."
    ),
    "close": lambda topic, post, hidden_topic, by: close_topic(topic=topic, by=by, reason="Solved."),
}


@pytest.mark.parametrize("act", ACTIONS_BEFORE_MOVE)
def test_undo_checks_permission_before_revealing_current_state(
    act, topic, bens, hidden_topic, vault, noor, lena
):
    """The topic was moved to where only others are staff, and has changed there since."""
    keeper = make_user("keeper", "admin")
    ACTIONS_BEFORE_MOVE[act](topic, bens, hidden_topic, noor)
    move_topic(topic=topic, to=vault, by=noor)
    retitle(topic, keeper, "Secret plan")
    if act in ("highlight", "edit"):
        edit_post(post=bens, by=keeper, body="Quite new.", version=2 if act == "edit" else 1, reason="Wrong.")
    if act == "close":
        reopen_topic(topic=topic, by=keeper)
    entry = LogEntry.objects.filter(act=act).earliest("pk")
    response = browser_of(lena).post(f"/moderation/log/{entry.pk}/undo/")
    assert [secret for secret in (*SECRETS, "keeper") if secret in response.text] == []
    assert "permission to do this, or it is no longer possible" in response.text
    assert response.status_code == 409


def test_second_merge_does_not_reveal_hidden_target(topic, talk, hidden_topic, noor, lena):
    other = start(talk, noor, "Other")
    topics_merge.merge_topic(topic=topic, into=hidden_topic, by=noor)
    with pytest.raises(NotAllowed) as error:
        topics_merge.merge_topic(topic=topic, into=other, by=lena)
    shown = f"{error.value} {vars(error.value)}"
    response = browser_of(lena).post(f"{topic.get_absolute_url()}merge/", {"into": other.get_absolute_url()})
    shown += f"{response.status_code} {response.text} {response.headers}"
    assert [secret for secret in (*SECRETS, hidden_topic.get_absolute_url()) if secret in shown] == []
