"""Each action has a name in the filter of the log, and a whole sentence in which the names can be anywhere."""

import pytest

from accounts.audit.log import log_action
from moderation.log.sentences import ACTION_NAMES, SENTENCES, Part, sentence_parts
from moderation.log.undo import UNDO_ACTIONS
from tests.support.page import Page

pytestmark = pytest.mark.django_db


def test_each_action_has_a_name_and_a_sentence_that_says_who_and_what():
    assert ACTION_NAMES.keys() == SENTENCES.keys()
    assert UNDO_ACTIONS.keys() <= ACTION_NAMES.keys()
    for act, sentence in SENTENCES.items():
        assert str(sentence) % {"by": "mia", "target": "Lamps"} != str(sentence), act
        assert ("%(by)s" in sentence, "%(target)s" in sentence) == (True, True), act


def test_the_names_are_where_the_sentence_has_them(topic, mia):
    entry = log_action("close_by_itself", by=mia, target=topic, name="100% <b>")
    assert list(sentence_parts(entry)) == [
        Part("", "The topic "),
        Part("target", "100% <b>"),
        Part("", " closed automatically, as set by "),
        Part("by", "mia"),
    ]


def test_an_entry_without_a_name_and_an_unknown_action_are_sentences_too(topic, mia):
    def sentence(act: str) -> str:
        return "".join(part.text for part in sentence_parts(log_action(act, by=mia, target=topic)))

    assert sentence("look_up") == "mia looked up an IP address or email"
    assert sentence("close") == f"mia closed the topic #{topic.pk}"
    assert sentence("polish") == f"mia did “polish”: #{topic.pk}"


def test_the_page_has_no_blanks_that_the_sentence_has_not(sign_in, topic, mia):
    entry = log_action("settle_warned", by=mia, target=topic, name="Lamps")
    said = Page(sign_in(mia).get(f"/moderation/log/{entry.pk}/")).all(".log > li > p")[0].text
    assert said.startswith("mia resolved a case in Lamps: member warned, ")
