from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from forum.search_index.reindex import outdated_entries, reindex


class Command(BaseCommand):
    help = "Writes outdated entries of the search index again. Can be stopped and restarted."

    def handle(self, *args: Any, **options: Any) -> None:
        total = outdated_entries()
        with tqdm(total=total, unit=" posts", disable=not total) as bar:
            for done in reindex():
                bar.update(done)
        self.stdout.write("The search index is up to date.")
