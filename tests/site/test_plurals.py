"""Plurals: every count on a page has one whole sentence for one and another for more."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import timezone

from core.web import durations
from forum.thanks.thank import thank_post
from moderation.statistics.transparency_page import format_duration
from tests.conftest import reply_to, start

ROOT = Path(__file__).parents[2]
HANDMADE_PLURAL = re.compile(r"\|pluralize|\|timesince|'s' if|else 's'|else \"s\"|\"s\" if")


def test_plurals_are_not_formed_by_appending_s():
    files = [*ROOT.glob("templates/**/*.html")]
    files += [
        path
        for app in ("core", "accounts", "forum", "moderation", "notifications", "config")
        for path in ROOT.glob(f"{app}/**/*.py")
    ]
    assert len(files) > 300
    assert [
        str(path) for path in files if "sample" not in path.parts and HANDMADE_PLURAL.search(path.read_text())
    ] == []


@pytest.mark.parametrize(
    ("seconds", "expected_text"),
    [
        (0, "less than a minute"),
        (59, "less than a minute"),
        (61, "1\xa0minute"),
        (150, "2\xa0minutes"),
        (7300, "2\xa0hours"),
    ],
)
def test_age_is_never_zero_minutes(seconds: int, expected_text: str):
    page = Template("{% load times %}{{ moment|age }}")
    assert page.render(Context({"moment": timezone.now() - timedelta(seconds=seconds)})).startswith(
        expected_text
    )


@pytest.mark.parametrize(
    ("format_count", "one", "many"),
    [
        (durations.in_minutes, "1 minute", "2 minutes"),
        (lambda count: durations.in_minutes(count * 60), "1 hour", "2 hours"),
        (durations.in_seconds, "1 second", "2 seconds"),
        (lambda count: format_duration(timedelta(minutes=count)), "1 minute", "2 minutes"),
    ],
)
def test_durations_have_singular_and_plural(format_count, one: str, many: str):
    assert (format_count(1), format_count(2)) == (one, many)


def test_short_duration_is_less_than_a_minute():
    assert format_duration(timedelta(seconds=30)) == "less than a minute"
    assert durations.time_left_until(timezone.now() + timedelta(seconds=30)) == "in less than a minute"


@pytest.mark.slow
@pytest.mark.django_db
def test_reply_count_has_singular_and_plural(guest, talk, ada, ben):
    topic = start(talk, ada)
    for count, expected_text in ((0, "0</b> replies"), (1, "1</b> reply<"), (2, "2</b> replies")):
        for address in ("/", talk.get_absolute_url(), topic.get_absolute_url()):
            assert expected_text in guest.get(address).text, (count, address)
        reply_to(topic, ben)


@pytest.mark.django_db
def test_new_post_count_has_singular_and_plural(sign_in, talk, ada, ben, cleo):
    topic = start(talk, ada)
    client = sign_in(cleo)
    assert '<b class="num">1</b> new post</a>' in client.get("/").text
    reply_to(topic, ben)
    assert '<b class="num">2</b> new posts</a>' in client.get("/").text  # the original post among them


@pytest.mark.django_db
def test_thanked_by_lists_one_and_two_names(guest, topic, original, ben, cleo):
    thank_post(post=original, by=ben)
    assert 'Thanked by <a href="/u/ben/"><bdi>ben</bdi></a></p>' in guest.get(topic.get_absolute_url()).text
    thank_post(post=original, by=cleo)
    page = guest.get(topic.get_absolute_url()).text
    assert re.search(r"<bdi>ben</bdi></a> and <a [^>]*><bdi>cleo</bdi></a></p>", page)
