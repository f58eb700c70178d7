"""Topics in which members help each other: a pinned one, one with code and tables, one that was edited."""

from datetime import timedelta

from config.sample.script import Conversation, Edit, HighlightPost, PinTopic, Say

HOW_TO_ASK = """\
Most questions here are answered within the hour. Those that are not usually lack one of three things.

## What your station is

Its number on the map, the make of the logger, and what feeds it: mains, sun or batteries.

## What you see

The exact message, between two lines of three backticks, like this:

```
2 readings waiting, last error: 401 key not known
```

A photograph of the screen helps nobody who wants to search for it later.

## What you did before it began

"Nothing" is a fine answer, if it is true. An update counts. So does the neighbour's new fence.

---

The [manual of the uploader](https://uploader.example.org/manual/) explains the twelve most frequent messages. \
If yours is among them, you will be done before anybody here has read your question."""

ASKING = Conversation(
    section="Software",
    title="How to ask so that somebody can answer",
    began=timedelta(days=19, hours=3),
    steps=(
        Say(0, "moderator", HOW_TO_ASK, name="original"),
        PinTopic(2, "moderator"),
        Say(
            55,
            "tomasz_k",
            "May I add: say which *version*. Version 2 of the uploader explains about half of it all.",
        ),
        Say(
            71,
            "Ngozi",
            "And answer your own question when you have found out. Somebody will meet it next winter.",
        ),
    ),
)

SITING = """\
Every spring we tell somebody to move a gauge, so here it is in one place. It is what has worked for us, not law.

| what | at least | why |
|---|---:|---|
| rim above ground | 30 cm | splash counts twice |
| distance to a wall | 2 × its height | the wall keeps the rain, or adds to it |
| distance to a tree | 4 × its height | it drips for an hour after the rain |
| thermometer in the shade | always | you measure air, not plastic |

Three things that we got wrong ourselves:

1. **A roof is not a high place.** It is a machine that makes wind, and wind takes rain past the funnel.
2. **Level means level.** Two degrees of tilt cost about a twentieth of the catch.
3. Spiders. Look once a month."""

GAUGE = Conversation(
    section="Instruments",
    title="Where to put a rain gauge, and where not",
    began=timedelta(days=24),
    steps=(
        Say(0, "Anneke", SITING, name="original"),
        Say(
            18,
            "fjordwatcher",
            "Number four: the neighbour's lawn sprinkler. 9 mm every Tuesday in a dry July.",
        ),
        Say(
            40,
            "wen.li",
            "> rim above ground: 30 cm\n\nI have a balcony on the eleventh floor. Is there anything at all that I can "
            "do, or do I only count for the wind?",
        ),
        Say(
            52,
            "Anneke",
            "> do I only count for the wind?\n\nFor the wind and for the *times*: when it began and when it stopped is "
            "as right on a balcony as anywhere. Mark the amounts as doubtful on your station's page, then the map "
            "leaves them out of the sums.",
            name="balcony",
        ),
        Say(60, "wen.li", "Marked. Thank you, that is a kinder answer than I had feared."),
        HighlightPost(300, "moderator", "original"),
        Say(1480, "Yusuf", "My gauge stands perfectly. It has been empty since March."),
        Say(1495, "Rukmini", "Send it here for a week, it will be of use."),
    ),
)

SCRIPT = """\
For those who do not want the whole uploader: this sends one reading and nothing else. It needs Python and a key.

```python
import json
import urllib.request

reading = {"station": 4127, "rain_mm": 3.4, "at": "2026-03-01T07:00:00Z"}
request = urllib.request.Request(
    "https://collector.example.org/readings",
    data=json.dumps(reading).encode(),
    headers={"Authorization": "Key ..."},
)
print(urllib.request.urlopen(request).status)  # 201 means taken, 200 means known already
```

Sending the same reading twice does no harm, so simply call it again when the line was down."""

SHORT_SCRIPT = Conversation(
    section="Software",
    title="Send a reading in ten lines",
    began=timedelta(days=9, hours=7),
    steps=(
        Say(0, "Ngozi", SCRIPT, name="original"),
        Say(12, "Beatriz", "7b has typed this in by hand, all of it, and it *worked*. There was shouting."),
        Say(
            33,
            "member",
            "It says `HTTP Error 403`. I have put my key in place of the dots.\n\nIs it the word `Key`?",
            name="forbidden",
        ),
        Say(
            39,
            "tomasz_k",
            "403 means: the key is fine, but not for this station. 401 would be the key itself. Is 4127 yours, or "
            "is it still the number from the example?",
        ),
        Edit(44, "member", "forbidden", "It says `HTTP Error 403`. I have put my key in place of the dots.\n\n"
             "Solved: it was still the number from the example."),
        Say(46, "member", "I have nothing to say in my defence. Thank you!"),
    ),
)  # fmt: skip

SOLDER = "My logger loses about one reading in twenty. I have soldered the joints again."
WITH_FIGURES = """\
My logger loses about one reading in twenty. I have soldered all joints again, and it got worse:

| day | sent | taken |
|---|---:|---:|
| before | 288 | 274 |
| after | 288 | 251 |"""
FOUND = (
    WITH_FIGURES
    + """

**Found, thanks to quillon:** it was the cable. It is nine metres long and was meant for three. With a short one: 288 \
of 288, for four days now."""
)

CABLE = Conversation(
    section="Instruments",
    title="One reading in twenty is lost",
    began=timedelta(days=6, hours=2),
    steps=(
        Say(0, "Zeynep", SOLDER, name="original"),
        Say(21, "Ngozi", "How many exactly, before and after? One in twenty can be anything."),
        Edit(34, "Zeynep", "original", WITH_FIGURES, "Figures, as asked"),
        Say(
            47,
            "quillon",
            "How long is the cable to the sensor? On the harbour we had no luck beyond four metres.",
        ),
        Say(52, "Zeynep", "Nine. Oh."),
        Edit(5900, "Zeynep", "original", FOUND, "The answer, for the next one who looks"),
        Say(5902, "quillon", "Ink never has this. I am glad that it works."),
    ),
)

ADVICE = (ASKING, GAUGE, SHORT_SCRIPT, CABLE)
