from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from forum.posts import rerender as rerendering


class Command(BaseCommand):
    help = "Renders posts of an older renderer version again. Can be stopped and restarted."

    def handle(self, *args: Any, **options: Any) -> None:
        steps = [
            ("posts", rerendering.outdated_posts(), rerendering.rerender_posts()),
            ("revisions", rerendering.outdated_revisions(), rerendering.rerender_revisions()),
        ]
        for name, total, batches in steps:
            with tqdm(total=total, unit=" " + name, disable=not total) as bar:
                for done in batches:
                    bar.update(done)
        done = rerendering.rerender_descriptions()
        self.stdout.write(f"Everything is up to date; {done} descriptions were rendered again.")
