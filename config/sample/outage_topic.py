"""An outage, its announcement, and the replies: a topic for the announcement section."""

from datetime import timedelta

from config.sample.script import (
    CloseTopic,
    Conversation,
    Edit,
    HighlightPost,
    ReportPost,
    Say,
    ThankPost,
)

TITLE = "The collector's move: what broke, what is back, what is lost"

FIRST_POST = """\
Dear keepers,

the collector moved to its new cabinet the night before last. We had promised you two quiet hours. It took nineteen, \
and for most of them your stations were talking to a wall. Here is what happened.

The move itself went well: lifted, carried, screwed in by midnight. Then the new power strip gave up under the load \
and took the disk shelf with it, twice. The second time one half of the mirror did not come back. We could have gone \
on with the other half alone. We chose to copy it first, because it held the only readings of that evening, and \
copying took until the afternoon.

What this means for you:

- Readings sent between 21:40 and 16:30 UTC were **not taken**. Most loggers keep them for two days and send them \
again by themselves.
- Stations that send without keeping (the simple ones with a blue case) have a gap for that night. It stays.
- Alerts for frost and wind are off until tonight, so please look out of the window.
- Mails about new readings come late, some of them twice.

The shelf now hangs on two strips with two fuses, and before the next move we shall load them for a whole day with \
nobody's readings on them. That we did not do so this time was our mistake and nobody else's. I am sorry for the \
night that you lost.

If your station misses something that is not on this list, say so below, with its number."""

EDITED = FIRST_POST.replace(
    "- Alerts for frost and wind are off until tonight, so please look out of the window.",
    "- Alerts for frost and wind are on again since 19:05 UTC. Nothing was sent for the hours before.",
)

GAP_REPLY = """\
You need not send anything by hand. A logger that keeps its readings offers them again every hour, and the collector \
takes what it does not have:

1. Leave the station running, and on the network.
2. Look at its page tomorrow: the grey hours should have turned blue.
3. Still grey? Then post the station's number here, and I shall look into its queue."""

OUTAGE = Conversation(
    section="Announcements",
    title=TITLE,
    began=timedelta(days=1, hours=5),
    steps=(
        Say(0, "admin", FIRST_POST, name="original"),
        Say(2, "quillon", "Thank you for telling it straight. My ink logbook did not notice a thing."),
        Say(3, "wen.li", "Thanks! Mine came back by itself an hour ago, gap and all."),
        Say(3.2, "Zeynep", "Thank you for all your hard work!"),
        Say(3.4, "tomasz_k", "Thanks for the update!"),
        Say(3.7, "Anneke", "Thank you both 🙏"),
        Say(
            4,
            "hazel-and-sons",
            "We had minus two on the lower rows that night and no alert. We were up anyway, but please put those back "
            "first of all.",
        ),
        Say(5, "Beatriz", "7b says: it was *not* the dog. Thank you for the list :)"),
        Say(
            6,
            "member",
            "Mine is one of the others, with a grey case. Do I have to do something for the missing hours, or does it "
            "know by itself?",
        ),
        Say(
            7,
            "kahu",
            "Nineteen hours. And to think that I blamed my anemometer and climbed up there in the dark.",
        ),
        Say(8, "moderator", GAP_REPLY, name="gaps"),
        Say(
            8.5,
            "Yusuf",
            "Two hours promised, nineteen taken. Whoever hung a shelf on one power strip should not be let near "
            "a kettle, let alone a server.",
            name="kettle",
        ),
        Say(9, "Rukmini", "Thank you, both of you. Now go and sleep."),
        Say(9.5, "Ngozi", "Thanks for the clear answer, very much appreciated ;)"),
        HighlightPost(14, "admin", "gaps"),
        ThankPost(15, "member", "gaps"),
        ThankPost(16, "kahu", "gaps"),
        ThankPost(17, "wen.li", "original"),
        ThankPost(18, "Rukmini", "gaps"),
        ThankPost(19, "member", "original"),
        ThankPost(22, "quillon", "gaps"),
        ReportPost(
            31, "Anneke", "kettle", "attack", "They had been up all night. One can say this more kindly."
        ),
        Edit(205, "admin", "original", EDITED, "The alerts are back"),
    ),
)

ANYBODY_ELSE = Conversation(
    section="Software",
    title="Is the map empty for anybody else?",
    began=timedelta(days=1, hours=16),
    steps=(
        Say(
            0,
            "member",
            "Since last night my station's page says `no contact`, and the map around me is grey.",
        ),
        Say(4, "Zeynep", "Grey here too. All of it, not only you."),
        Say(
            9,
            "tomasz_k",
            "The collector does not answer:\n\n"
            "```\n$ curl -sS https://collector.example.org/ping\n"
            "curl: (28) Connection timed out after 10001 milliseconds\n```\n\n"
            "So there is nothing to mend on our side. Leave the stations on.",
        ),
        Say(26, "Ólafur", "Good. I was about to reset mine, and it forgets everything when I do."),
        CloseTopic(
            720,
            "moderator",
            "It was the collector. What happened, and what to do, is told in one place.",
            TITLE,
        ),
    ),
)
