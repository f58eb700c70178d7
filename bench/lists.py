"""Lists of topics, rendered by Django without cached pages: small forum against large, first page against deep."""

from statistics import median
from time import perf_counter

from django.db.models import Count

from accounts.models import User
from bench import visits
from bench.forums import Forum
from bench.rounds import Rounds
from bench.table import Line, Part
from forum.models.page_sizes import TOPICS_PER_PAGE

DEEP = 1_000
WARM_UP = 12  # requests: the first loads templates, and the eleventh uses plans that the database keeps


class Lists:
    """The lists of one forum by name, with the milliseconds that each took in each round."""

    def __init__(self, forum: Forum, size: str) -> None:
        self.forum, self.size = forum, size
        with visits.using(forum):
            section = visits.largest_section()
            pages = section.topics.count() // TOPICS_PER_PAGE
            most_active = User.objects.annotate(topic_count=Count("topics")).order_by("-topic_count")[0]
            first = f"/s/{section.slug}/"
            profile, staff_replies = most_active.get_absolute_url(), visits.long_topic().url_for("official")
            self.paths = {
                "home": "/", "section, page 1": first, "profile": profile, "staff replies": staff_replies
            }  # fmt: skip
            if pages > 1:
                deep = min(pages, DEEP)
                self.paths[f"section, page {deep:,}"] = f"{first}?page={deep}"
        self.durations: dict[str, list[float]] = {}

    def round(self, times: int) -> None:
        with visits.using(self.forum):
            guest, member = visits.browser(), visits.browser(visits.reader())
            for name, path in self.paths.items():
                self._time(name, guest, path, times)
            self._time("unread, as a member", member, "/unread/", times)
            self._time("profile, as a member", member, self.paths["profile"], times)

    def _time(self, name: str, client: visits.Client, path: str, times: int) -> None:
        durations = []
        for _ in range(WARM_UP + times):
            began = perf_counter()
            response = client.get(path)
            durations.append(1000 * (perf_counter() - began))
            assert response.status_code == 200, response
        self.durations.setdefault(name, []).append(median(durations[WARM_UP:]))

    def lines(self) -> list[Line]:
        return [
            Line(f"{self.size} posts: {name}", durations, places=1)
            for name, durations in self.durations.items()
        ]


def measure(small: Forum, large: Forum, rounds: Rounds) -> Part:
    both = [Lists(small, "10,000"), Lists(large, "1,000,000")]
    for _ in rounds.each("Lists"):
        for lists in both:
            lists.round(rounds.times(15))
    return Part(
        "Lists, made by Django for a guest (ms, half of the requests take less)",
        [line for lists in both for line in lists.lines()],
    )
