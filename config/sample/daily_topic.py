"""A topic of a few hundred posts: one line a day from every station, and the replies of the others.

Generated, and always the same: the same weather, the same words.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from config.sample.script import Conversation, Say

DAYS = 24
MINUTES_A_DAY = 24 * 60

RULES = """\
Once a day, when you read your gauge: one line with the rain since yesterday and the temperature. Say more if there \
was more. Ask if you wonder about somebody else's line. No pictures of clouds, we have a topic for these.

I begin."""


@dataclass(frozen=True)
class Station:
    keeper: str
    degrees: int
    wet: float  # how likely rain is on a day
    most: int  # mm
    minute: int  # of the day, when it is read


STATIONS = (
    Station("Anneke", 9, 0.6, 14, 430),
    Station("Beatriz", 22, 0.5, 30, 630),
    Station("fjordwatcher", 6, 0.9, 60, 400),
    Station("hazel-and-sons", 4, 0.3, 12, 760),
    Station("kahu", 15, 0.5, 25, 1130),
    Station("member", 11, 0.4, 16, 800),
    Station("moderator", 10, 0.6, 12, 460),
    Station("Ngozi", 28, 0.4, 45, 370),
    Station("Ólafur", 2, 0.8, 20, 520),
    Station("quillon", 11, 0.4, 18, 690),
    Station("Rukmini", 26, 0.3, 70, 90),
    Station("wen.li", 27, 0.7, 50, 40),
    Station("Yusuf", 24, 0.0, 0, 340),
    Station("Zeynep", 12, 0.4, 20, 310),
)

DRY = (
    "Dust on the rim.", "Dew only.", "The grass crunches.", "Not a cloud since breakfast.",
    "I checked the funnel twice. It is simply dry.", "Fog until ten, but fog does not count.",
    "A beetle in the funnel, nothing else.", "The neighbours water their roses, I water nothing.",
    "Clear night, and one could count the lights on the other shore.", "A very quiet line today.",
)  # fmt: skip
WET = (
    "Most of it before midnight.", "Drizzle, all day, the kind that has no beginning.",
    "One shower, ten minutes, straight down.", "It stopped the moment I put my boots on.",
    "The first since the weekend.", "The tank is a third full again.", "Soft rain, you could hardly hear it.",
    "Rainbow at seven, both ends visible.", "It began as I wrote yesterday's line.",
    "The path is mud again, so I read it in slippers and regret it.", "Thunder far off, only rain here.",
)  # fmt: skip
HEAVY = (
    "The ditch is full to the plank.", "I emptied the gauge twice to be sure.", "Loud enough to wake the whole house.",
    "The road below is a brook.", "Most of it within one hour, the logger has the curve.",
    "Gutters gave up at four in the morning.", "Wind with it, so it is rather more than I caught.",
    "The cellar is dry. I say this with some pride.",
)  # fmt: skip

ASIDES = {
    "dry": (
        "Nothing again, {who}? I would send you some of ours if I knew how.",
        "{who}, does your tank still hold?",
        "A zero is a reading too, {who}. Thank you for writing it down.",
        "{who}, ours was the same. The forecast had promised otherwise.",
    ),
    "wet": (
        "{who}, was that before or after you read it? On the map it looks like two showers.",
        "That band reached us three hours later, {who}, with half of it left.",
        "Thank you, {who}. I had wondered whether it rains on your side of the hill.",
        "{who}, the same here, to the tenth. That has never happened before.",
    ),
    "heavy": (
        "{who}! Is everybody dry?",
        "That is more than my whole month, {who}.",
        "{who}, would you look at the rim? That much in one night can shake it out of level.",
        "Saw it on the map, {who}, the darkest spot of the day. Take care on the road.",
    ),
}
REPLIES = (
    "All fine, thank you for asking.", "Yes, checked this morning.", "It is. I had to look twice myself.",
    "Half of it was wind, I think.", "So it seems. Tomorrow's line will tell.", "Ask the heron, it stands in it.",
    "After. I read at the same minute every day, rain or not.", "I shall, as soon as there is daylight.",
)  # fmt: skip


class _Deck:
    """Sentences in random order, each drawn once before any is repeated."""

    def __init__(self, sentences: tuple[str, ...], chance: random.Random) -> None:
        self.sentences, self.chance = sentences, chance
        self.left: list[str] = []

    def draw(self) -> str:
        if not self.left:
            self.left = self.chance.sample(self.sentences, len(self.sentences))
        return self.left.pop()


def _steps() -> Iterator[Say]:
    chance = random.Random(4127)  # noqa: S311 - weather, not secrets
    remarks = {
        kind: _Deck(sentences, chance) for kind, sentences in (("dry", DRY), ("wet", WET), ("heavy", HEAVY))
    }
    asides = {kind: _Deck(sentences, chance) for kind, sentences in ASIDES.items()}
    replies = _Deck(REPLIES, chance)
    yield Say(0, "quillon", RULES)
    for day in range(DAYS):
        for station in STATIONS:
            minute = day * MINUTES_A_DAY + station.minute + chance.randint(-9, 9)
            if chance.random() < 0.25:
                continue  # forgotten, or away
            kind, line = _reading(station, chance)
            remark = f" {remarks[kind].draw()}" if chance.random() < 0.6 else ""
            yield Say(minute, station.keeper, line + remark)
            if remark and chance.random() < 0.3:
                other = chance.choice([each.keeper for each in STATIONS if each is not station])
                minute += chance.randint(2, 15)
                yield Say(
                    minute, other, f"> {line}{remark}\n\n{asides[kind].draw().format(who=station.keeper)}"
                )
                if chance.random() < 0.5:
                    yield Say(minute + chance.randint(1, 12), station.keeper, replies.draw())


def _reading(station: Station, chance: random.Random) -> tuple[str, str]:
    rain = round(station.most * chance.random() ** 2, 1) if chance.random() < station.wet else 0.0
    kind = "dry" if not rain else "heavy" if rain > 18 else "wet"
    degrees = station.degrees + chance.randint(-50, 50) / 10
    return kind, f"**{rain:.1f} mm**, {degrees:.1f} °C."


DAILY = Conversation(
    section="Readings",
    title="One line a day: what does your station say?",
    began=timedelta(days=DAYS, hours=6),
    steps=tuple(sorted(_steps(), key=lambda step: step.minute)),
)
