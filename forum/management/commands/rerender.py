from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from forum.posts.rerender import (
    outdated_posts,
    outdated_revisions,
    rerender_descriptions,
    rerender_posts,
    rerender_revisions,
)


class Command(BaseCommand):
    help = "Renders posts of an older renderer version again. Can be stopped and restarted."

    def handle(self, *args: Any, **options: Any) -> None:
        steps = [
            ("posts", outdated_posts(), rerender_posts()),
            ("revisions", outdated_revisions(), rerender_revisions()),
        ]
        for name, total, batches in steps:
            with tqdm(total=total, unit=" " + name, disable=not total) as bar:
                for done in batches:
                    bar.update(done)
        done = rerender_descriptions()
        self.stdout.write(f"Everything is up to date; {done} descriptions were rendered again.")
