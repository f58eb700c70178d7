"""Each action has a name in the filter of the log, and a whole sentence in which the names can be anywhere."""

import pytest

from accounts.audit.log import log_action
from moderation.log.sentences import ACTION_NAMES, SENTENCES, Part, sentence_parts
from moderation.log.undo import UNDO_ACTIONS
from tests.support.page import Page

pytestmark = pytest.mark.django_db


def test_each_action_has_name_and_sentence_with_actor_and_target():
    assert ACTION_NAMES.keys() == SENTENCES.keys()
    assert UNDO_ACTIONS.keys() <= ACTION_NAMES.keys()
    for act, sentence in SENTENCES.items():
        assert str(sentence) % {"by": "mia", "target": "Lamps"} != str(sentence), act
        assert ("%(by)s" in sentence, "%(target)s" in sentence) == (True, True), act


def test_sentence_parts_keep_names_in_their_positions(topic, mia):
    entry = log_action("close_by_itself", by=mia, target=topic, name="100% <b>")
    assert list(sentence_parts(entry)) == [
        Part("", "The topic "),
        Part("target", "100% <b>"),
        Part("", " closed automatically, as set by "),
        Part("by", "mia"),
    ]


def test_entry_without_name_or_of_unknown_action_has_a_sentence(topic, mia):
    def sentence(act: str) -> str:
        return "".join(part.text for part in sentence_parts(log_action(act, by=mia, target=topic)))

    assert sentence("look_up") == "mia looked up an IP address or email"
    assert sentence("close") == f"mia closed the topic #{topic.pk}"
    assert sentence("polish") == f"mia did “polish”: #{topic.pk}"


def test_entry_page_adds_no_spaces_to_sentence(sign_in, topic, mia):
    entry = log_action("settle_warned", by=mia, target=topic, name="Lamps")
    said = Page(sign_in(mia).get(f"/moderation/log/{entry.pk}/")).all(".log > li > p")[0].text
    assert said.startswith("mia resolved a case in Lamps: member warned, ")
