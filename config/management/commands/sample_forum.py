"""`manage.py sample_forum`: creates a sample community, or a forum large enough to measure."""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from accounts.models import User
from config.backup.check_counters import faults
from config.sample.bulk_data import NowhereToGrow, grow
from config.sample.load import create_community, number_of_steps

POSTS_A_TOPIC = 20  # unless --topics is given

NOT_EMPTY = """\
This forum has members already; the sample community needs an empty one.
Use DATA_DIR=/another/directory for a fresh forum, or --posts to enlarge this one for measurements."""


class Command(BaseCommand):
    help = "Fill an empty forum with the sample community, or enlarge a forum for measurements. Never in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are members")
        parser.add_argument("--posts", type=int, help="add this many posts, including original posts")
        parser.add_argument("--topics", type=int, help="... in this many topics")
        parser.add_argument(
            "--check", action="store_true", help="compare all counters and positions with the posts"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is production; samples are for development.")
        growth = _growth(options["topics"], options["posts"])
        is_empty = not User.objects.exists()
        if is_empty:
            self._create_sample()
        elif not (growth or options["if_empty"] or options["check"]):
            raise CommandError(NOT_EMPTY)
        if growth:
            self._grow(*growth)
        if options["check"]:
            self._check()

    def _create_sample(self) -> None:
        with tqdm(total=number_of_steps(), desc="Sample community", unit=" steps", leave=False) as bar:
            create_community(after_each=bar.update)

    def _grow(self, topics: int, posts: int) -> None:
        began = perf_counter()
        try:
            with tqdm(total=posts, desc="Posts", unit=" posts", unit_scale=True) as bar:
                grow(topics=topics, posts=posts, after_each=bar.update)
        except NowhereToGrow as error:
            raise CommandError(f"{error.__doc__} Create such a section first.") from None
        elapsed = perf_counter() - began
        self.stdout.write(
            f"{posts:,} posts in {topics:,} topics: {elapsed:.1f} s, {posts / elapsed:,.0f} posts per second. "
            f"The database takes {_size()} now."
        )

    def _check(self) -> None:
        if found := faults():
            raise CommandError("\n".join(found))
        self.stdout.write("Counters, positions and revisions match the posts.")


def _growth(topics: int | None, posts: int | None) -> tuple[int, int] | None:
    """Returns how many topics and posts to add, or None."""
    if topics is None and posts is None:
        return None
    topics = topics if topics is not None else max(1, (posts or 0) // POSTS_A_TOPIC)
    posts = posts if posts is not None else topics * POSTS_A_TOPIC
    if not 1 <= topics <= posts:
        raise CommandError("Add at least one topic, and at least one post per topic.")
    return topics, posts


def _size() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        return cursor.fetchone()[0]
