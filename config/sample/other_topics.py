"""The other sections: announcements, members only, the keepers of the map, staff, the archive. Some topics needed
moderators."""

from datetime import timedelta

from config.sample.script import CastVote, CloseTopic, Conversation, ReportPost, Say, SettleCase
from forum.polls.polls import PollTerms

COLOURS = Conversation(
    section="Announcements",
    title="New colours on the map from the first of the month",
    began=timedelta(days=12, hours=4),
    steps=(
        Say(
            0,
            "admin",
            "The map gets colours that can be told apart without seeing red and green: from pale sand for nothing to "
            "deep blue for 50 mm and more. The numbers stay where they are.\n\nYou can look at it now on "
            "[the trial map](https://map.example.org/trial/). Please tell us here what you cannot read.",
        ),
        Say(38, "Ólafur", "For the first time I can see my own island on it. Thank you!"),
        Say(
            64,
            "Beatriz",
            "The step from 10 to 20 mm is hard to see on our classroom projector. Everything else is good.",
        ),
        Say(
            95,
            "admin",
            "> hard to see on our classroom projector\n\nTrue on mine too. One shade darker since just now.",
        ),
        Say(118, "Beatriz", "Perfect. 7b approves, in writing."),
    ),
)

BATTERIES = Conversation(
    section="Instruments",
    title="Batteries that last through a winter",
    began=timedelta(minutes=80),
    steps=(
        Say(
            0,
            "hazel-and-sons",
            "Alkaline cells die at minus eight here, every January. What do the northern ones use?",
        ),
        Say(
            14,
            "fjordwatcher",
            "Lithium, the kind that cannot be charged. Three winters on one set, down to minus 24.",
        ),
        Say(
            17,
            "kahu",
            "BEST BATTERIES!!! 40 % off today only, ask me for the code, my cousin sends everywhere",
            name="offer",
        ),
        ReportPost(20, "fjordwatcher", "offer", "spam", "Is this really kahu? It does not sound like it."),
        ReportPost(22, "Zeynep", "offer", "spam"),
        Say(
            55,
            "kahu",
            "The offer above is not from me! I had not signed out at the library. Password changed. Sorry.",
        ),
        Say(61, "hazel-and-sons", "No harm done. Lithium it is, then."),
        SettleCase(
            72,
            "moderator",
            "offer",
            "removed",
            "The account was left open on a library machine.",
            "Advertising, and not by kahu.",
        ),
    ),
)

PREDICTION = Conversation(
    section="Readings",
    title="Who guesses the wettest station of next week?",
    began=timedelta(days=4, hours=9),
    steps=(
        Say(
            0,
            "quillon",
            "Usual rules: one name each, no changes after Sunday, the winner buys nothing. I say Rukmini.",
        ),
        Say(6, "Rukmini", "I am flattered, but the monsoon is over. I say fjordwatcher."),
        Say(13, "Ólafur", "Me. Sideways counts as well."),
        Say(22, "Yusuf", "I nominate my own station, as I do every week. One day you will all be silent."),
        Say(25, "fjordwatcher", "Yusuf, if it is ever yours, I shall frame the page.", name="frame"),
        Say(31, "wen.li", "fjordwatcher. It is November and he has not cleaned his gauge."),
        ReportPost(40, "member", "frame", "other", "Is betting allowed here?"),
        SettleCase(55, "admin", "frame", "no_breach", "Nobody bets anything. A fair question, though."),
    ),
)

OLD_QUESTION = Conversation(
    section="Readings",
    title="Inches or millimetres?",
    began=timedelta(days=21, hours=1),
    steps=(
        Say(0, "member", "My gauge has both. Which one do I type in?"),
        Say(
            5,
            "Anneke",
            "Millimetres, always. One millimetre is one litre on a square metre: you can see it in a bucket.",
        ),
        Say(
            9,
            "hazel-and-sons",
            "Inches at breakfast, millimetres on the map. The form turns 0.5 in into 12.7 mm if you write the `in`.",
        ),
        Say(
            11, "quillon", "In the harbour office we used both, and once both at the same time. Never again."
        ),
        CloseTopic(300, "admin", "Answered: write either, and name the unit when it is inches."),
    ),
)

STOVE = Conversation(
    section="By the stove",
    title="What do you drink when you read the gauge?",
    began=timedelta(days=3, hours=14),
    steps=(
        Say(
            0,
            "Beatriz",
            "It is half past seven, 30 children, rain. Coffee. You?",
            poll=PollTerms(("Coffee", "Tea", "Hot water", "Whatever the wind has left"), is_multiple=True),
        ),
        CastVote(1, "Beatriz", "Coffee"),
        CastVote(4, "Zeynep", "Tea"),
        CastVote(9, "Anneke", "Coffee"),
        CastVote(17, "Ólafur", "Whatever the wind has left"),
        CastVote(30, "quillon", "Hot water"),
        Say(3, "Zeynep", "Tea, tulip glass, two sugars."),
        Say(8, "Anneke", "Coffee as well, in the boat shed, with the door open so that I hear it."),
        Say(16, "Ólafur", "Whatever the wind has not taken out of the cup."),
        Say(29, "quillon", "Hot water with ginger. Do not laugh, I am 78 and I still climb the ladder."),
        Say(33, "member", "Nobody laughs. I shall try that tomorrow."),
    ),
)

DOUBTFUL = Conversation(
    section="Map room",
    title="Station 2093 reports 25.5 mm every day",
    began=timedelta(days=2, hours=20),
    steps=(
        Say(
            0,
            "Ngozi",
            "Always 25.5, for eleven days, in the middle of stations that say 0. That is 255 tenths: the counter is "
            "full and stays there.",
        ),
        Say(
            12,
            "tomasz_k",
            "Agreed, it is the largest number of one byte. I can hide its amounts, and leave the wind.",
        ),
        Say(
            19,
            "moderator",
            "Please do. I shall write to the keeper and ask for the gauge to be emptied and reset.",
        ),
    ),
)

STAFF = Conversation(
    section="Staff room",
    title="Before the next move of the collector",
    began=timedelta(hours=20),
    steps=(
        Say(
            0,
            "admin",
            "What I want to see before anybody touches the cabinet again:\n\n"
            "- both power strips under full load for a day (done)\n"
            "- a copy of the disks that is *not* in the same room\n"
            "- one of us asleep at any time, so that one is awake later\n\nWhat did I forget?",
        ),
        Say(
            35,
            "moderator",
            "Who tells the keepers, and when. We were silent for six hours; that annoyed more than the gap.",
        ),
    ),
)

FIRST_COLLECTOR = Conversation(
    section="The first collector",
    title="It is switched off",
    began=timedelta(days=26),
    steps=(
        Say(
            0,
            "admin",
            "After nine years and 41 million readings the first collector went dark at noon. It had earned it.",
        ),
        Say(7, "quillon", "I sent it its very first reading: 4 mm, light wind, a gull on the mast."),
        Say(10, "Rukmini", "Good night, old box."),
    ),
)

TALK = (COLOURS, BATTERIES, PREDICTION, OLD_QUESTION, STOVE, DOUBTFUL, STAFF, FIRST_COLLECTOR)
