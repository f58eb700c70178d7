import re
from pathlib import Path

import pytest

from moderation.cases import timeline
from moderation.cases.claim import claim_case, release_case
from moderation.cases.messages import add_note
from moderation.models import Case, CaseEvent
from moderation.posts.highlight import highlight_post
from moderation.reports.report import report_post
from tests.support.cases import resolve

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_timeline_shows_events_as_sentences_in_order(sign_in, bens, ada, mia, noor):
    case = report_post(post=bens, by=ada, reason="spam").case
    highlight_post(post=bens, by=noor)
    claim_case(case=case, by=mia)
    add_note(case=case, by=mia, text="Only shown among the notes.")
    release_case(case=case, by=mia)
    resolve(case=case, by=mia, outcome="no_breach", note="All is well.")
    moments = sign_in(mia).get(f"/moderation/cases/{case.pk}/").context["file"].timeline_entries
    assert [(moment.sentence, moment.reason) for moment in moments] == [
        ("The case was opened", ""),
        ("Reporter 1 reported the post", ""),
        ("<bdi>noor</bdi> highlighted the post", ""),
        ("<bdi>mia</bdi> claimed the case", ""),
        ("<bdi>mia</bdi> added a staff note", ""),
        ("<bdi>mia</bdi> released the case", ""),
        ("<bdi>mia</bdi> resolved the case (no violation)", "All is well."),
    ]


def test_every_event_outcome_and_post_action_has_a_sentence():
    assert timeline.EVENTS.keys() == set(CaseEvent.Kind)
    assert timeline.RESOLVED.keys() == set(Case.Outcome)
    recorded = set()
    for app in ("accounts", "forum", "moderation"):
        for path in (ROOT / app).rglob("*.py"):
            source = path.read_text()
            recorded |= set(re.findall(r"\blog_action\(\s*\"(\w+)\",[^)]*?\btarget=post\b", source))
            recorded |= set(re.findall(r"\brecord_on\(\s*\"(\w+)\", post\b", source))
    assert len(recorded) > 5
    assert recorded <= timeline.ON_POST.keys()


def test_names_in_sentences_are_escaped(mia):
    mia.name = "<b>mia"
    assert timeline._sentence("{name} claimed the case", mia) == "<bdi>&lt;b&gt;mia</bdi> claimed the case"
