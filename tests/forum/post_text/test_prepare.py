"""A text is prepared once: on its way from the action to the row nothing normalizes, renders or searches it again."""

from collections import Counter

import pytest
from django.db import connection

from core import text as core_text
from forum.antispam import repetition, watched_words
from forum.post_text import prepare as post_text
from forum.posts.edit import edit_post
from forum.thanks import folding
from tests.conftest import reply_to, start
from tests.support.new_member_limits import add_watched_word

pytestmark = pytest.mark.django_db

TEXT = "Thanks, @ada! See /a/0123456789abcdef0123456789abcdef/ and https://bells.example/."
READERS = [  # what reads a text, and where it is called
    (core_text, "normalize"),
    (core_text, "to_html"),
    (post_text, "find_quotes"),
    (post_text, "keys_in"),
    (post_text, "is_only_thanks"),
    (folding, "is_only_thanks"),
    (watched_words, "normalize"),
    (repetition, "fingerprint_of"),
    (repetition, "sites_in"),
]
ONCE = [
    (core_text, "normalize"),
    (core_text, "to_html"),
    (post_text, "find_quotes"),
    (post_text, "is_only_thanks"),
    (post_text, "keys_in"),
    (watched_words, "normalize"),
]
NEW_POST = [*ONCE, (repetition, "fingerprint_of"), (repetition, "sites_in")]
ACTIONS = {
    "reply": (lambda post, by: reply_to(post.topic, by, TEXT), NEW_POST),
    "start_topic": (
        lambda post, by: start(post.topic.section, by, "Bells", TEXT),
        NEW_POST,
    ),
    "edit": (lambda post, by: edit_post(post=post, by=by, body=TEXT, version=1), ONCE),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_text_is_read_once_and_before_the_transaction(action, topic, nora, noor, monkeypatch):
    add_watched_word("cheap pills", by=noor)
    post = reply_to(topic, nora, "Hello!")
    calls, transactions = [], len(connection.savepoint_ids)

    def spy_on(module, name):
        read = getattr(module, name)

        def spy(*args, **kwargs):
            calls.append((module, name))
            assert len(connection.savepoint_ids) == transactions
            return read(*args, **kwargs)

        monkeypatch.setattr(module, name, spy)

    for module, name in READERS:
        spy_on(module, name)
    act, expected = ACTIONS[action]
    act(post, nora)
    assert Counter(calls) == Counter(expected)
