"""Any number of names, titles and texts, composed from a few lists; the same numbers always give the same words."""

import random

FIRST = (
    "amber", "brisk", "calm", "dusty", "early", "faint", "gusty", "hazy", "icy", "keen", "late", "mild", "north",
    "pale", "quiet", "rainy", "sleety", "tidal",
)  # fmt: skip
SECOND = (
    "anvil", "brook", "cirrus", "dune", "eddy", "fjord", "gale", "heron", "inlet", "jackdaw", "kestrel", "lagoon",
    "mistral", "nimbus", "otter", "plover", "quay", "raven", "squall", "tern", "updraft", "vane", "willow", "yarrow",
    "zephyr",
)  # fmt: skip
THINGS = (
    "anemometer", "battery", "cable", "data logger", "funnel", "gauge", "housing", "mast", "pressure sensor",
    "radio link", "rain counter", "screen", "soil probe", "solar panel", "thermometer", "tipping bucket",
    "uploader", "wind vane",
)  # fmt: skip
FAULTS = (
    "counts twice", "drips", "drifts by a degree", "fills with leaves", "forgets its clock", "freezes at night",
    "hums", "leans", "loses readings", "rusts", "shows minus 99", "sticks", "stops at noon", "wanders",
)  # fmt: skip
MOMENTS = (
    "after a thunderstorm", "as soon as the sun is on it", "at dawn", "below zero", "every other week",
    "in a north wind", "in fog", "since the last update", "since we painted the shed", "when it has been dry",
    "when the heating starts", "whenever I am away",
)  # fmt: skip
PLACES = (
    "above the harbour", "at a school", "behind a hedge", "by the river", "in a courtyard", "in an orchard",
    "on a balcony", "on a flat roof", "on the ridge", "under a pear tree",
)  # fmt: skip
QUESTIONS = (
    "My {thing} {fault} {moment}",
    "Which {thing} for a station {place}?",
    "Has anybody mended any {thing} that {fault}?",
    "The {thing} {place}: what to expect",
    "The {thing} {fault}, and only {moment}",
)
SENTENCES = (
    "My {thing} {fault} {moment}, and the one {place} does not.",
    "Have you looked at the {thing}? Ours {fault} {moment}.",
    "I took the {thing} apart on the kitchen table and found a spider.",
    "The neighbours have one {place} and are happy with it.",
    "With a new {thing} it was better for a week.",
    "It began {moment}; before that I had three good years.",
    "Try it {place} first, and compare {number} readings.",
    "I would not trust any {thing} that {fault}.",
    "We measured {number} mm here, which nobody believes.",
    "Thank you, that was it.",
    "The curve of the {thing} looks like a saw: up {moment}, down again within {number} minutes.",
    "Please say which {thing} you have, there are two kinds.",
    "Mine is {number} months old and **still** {fault}.",
    "According to the [field guide](https://guide.example.org/{number}) this happens {moment}.",
    "I have written down every hour of it, {number} of them so far.",
    "Somebody {place} told me to put a coin under the {thing}. It helped, I do not know why.",
    "No, that is a different fault: there the {thing} {fault}.",
    "The same here, {place}, {number} km from you.",
)
CODE = "```\n{moment}: {number} readings waiting\n{thing}: no answer within {number} s\n```"


class Phrases:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - must be reproducible, not secure

    def title(self) -> str:
        return self._fill(self.chance.choice(QUESTIONS))

    def text(self) -> str:
        """Returns a text. Most are a sentence or two, some are long; a few have a quote, a list or code."""
        paragraphs = [self._paragraph()]
        while self.chance.random() < 0.35:
            paragraphs.append(self._paragraph())
        dice = self.chance.random()
        if dice < 0.12:
            paragraphs.insert(0, f"> {self._sentence()}")
        elif dice < 0.20:
            paragraphs.append("\n".join(f"- {self._sentence()}" for _ in range(self.chance.randint(2, 5))))
        elif dice < 0.24:
            paragraphs.append(self._fill(CODE))
        return "\n\n".join(paragraphs)

    def _paragraph(self) -> str:
        return " ".join(self._sentence() for _ in range(self.chance.randint(1, 4)))

    def _sentence(self) -> str:
        return self._fill(self.chance.choice(SENTENCES))

    def _fill(self, pattern: str) -> str:
        return pattern.format(
            thing=self.chance.choice(THINGS),
            fault=self.chance.choice(FAULTS),
            moment=self.chance.choice(MOMENTS),
            place=self.chance.choice(PLACES),
            number=self.chance.randint(2, 60),
        )


def member_names() -> list[str]:
    """Returns several hundred names, always the same."""
    return [f"{first}_{second}" for first in FIRST for second in SECOND]
