"""The right topic comes first: queries over the sample community whose answers are known."""

import pytest

from forum.models import Topic
from forum.search.matches import scope_of
from forum.search.query import read_query
from forum.search.ranking import rank_topics
from tests.forum.search.test_search import Guest
from tests.support.sample_community import community  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("community")]

# The beginning of a title, and what people look for when they mean this topic.
QUERIES = {
    "It is switched off": ["first collector switched off", "41 million readings", "collector went dark"],
    "One line a day": ["one line a day", "what does your station say", "rain since yesterday"],
    "Where to put a rain gauge": ["where to put a gauge", "rain gauges", "move a gauge", "gauge"],
    "Inches or millimetres": ["inches", "millimeters or inches OR millimetres", "inch"],
    "How to ask": ["how to ask", "asking questions", '"three backticks"', "somebody can answer"],
    "New colours on the map": ["new colours", "map colour", "red and green", "deep blue", "colours by:admin"],
    "Send a reading in ten lines": ["send readings", "ten lines", "python key", "urllib"],
    "One reading in twenty is lost": ["lost reading", "logger loses readings", "soldered joints", "one in twenty"],
    "Who guesses the wettest": ["wettest station", "guess next week"],
    "Is the map empty": ["map empty", "empty map for anybody", '"no contact" grey'],
    "The collector's move": ["collector move", "what broke what is lost", "nineteen hours", "move in:announcements"],
    "Batteries that last": ["winter battery", "batteries", "alkaline cells", "last through winter"],
}  # fmt: skip


def test_known_topics_come_first():
    reciprocal_ranks = {}
    for title, queries in QUERIES.items():
        wanted = Topic.objects.get(title__startswith=title).pk
        for text in queries:
            hits = [hit.topic for hit in rank_topics(scope_of(read_query(text), Guest())).hits]
            reciprocal_ranks[text] = 1 / (hits.index(wanted) + 1) if wanted in hits else 0
    mean = sum(reciprocal_ranks.values()) / len(reciprocal_ranks)
    worst = {text: rank for text, rank in reciprocal_ranks.items() if rank < 1}
    print(f"{len(reciprocal_ranks)} queries, mean reciprocal rank {mean:.3f}; not first: {worst}")
    assert len(reciprocal_ranks) >= 40
    assert mean >= 0.8
