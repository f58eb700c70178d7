"""A community begins with rules that it can live with, and with true words about what is done with its members' data.
Admins make them their own at /manage/rules/ and /manage/pages/."""

from django.conf import settings
from django.utils.module_loading import import_string

RULES = [
    (
        "Be kind",
        "Argue with what somebody said, not with who they are. No insults, no threats, nobody is hounded from topic"
        " to topic.",
    ),
    (
        "Keep to the topic",
        "Whoever opens a topic wants to read about it. What leads elsewhere is worth a topic of its own.",
    ),
    (
        "Leave private things private",
        "Do not post anybody’s address, telephone number, workplace, pictures or letters unless they have agreed.",
    ),
    (
        "Do not advertise",
        "Tell about a thing because it helps here, and say so if you have a part in it. Posts that are there to sell or"
        " to draw visitors are taken away.",
    ),
    (
        "Stay within the law",
        "Nothing that is forbidden where this community is at home, and nothing that is not yours to pass on.",
    ),
    (
        "Be one person",
        "Nobody writes under a second account to seem more than one, to pass for somebody else, or to get round a"
        " decision.",
    ),
    (
        "Let moderators do their work",
        "Report what breaks these rules instead of answering in kind. A decision about you can be appealed; it is not"
        " fought out in other people’s topics.",
    ),
]
PRIVACY = """\
This page says what this forum keeps about you, why, and who sees it.

## What you give

- **Your name**, what you say about yourself, your picture and everything you post: everybody sees them who may read the section they stand in. In a public section that is the whole world, search engines too.
- **Your e-mail address**: it confirms that it is you, and is where a forgotten password is reset. Other members never see it.
- **Your password**: only a value computed from it is kept, from which it cannot be read.
- **Earlier words of your posts**: editing keeps the earlier text in the history of the post.

## What is kept because you are here

- One session for each browser in which you sign in, until you sign out or for 60 days.
- How far you have read in which topic, your drafts, what you saved, thanked for and voted for. Thanks and open votes are shown; the rest only you see.
- How often you posted or reported in the last hours, to keep the pace bearable for all.

## Moderation

- A report holds the text as it was when it was reported. The author of the post is not told who reported it.
- What moderators do is written into a record that cannot be changed, with their names, the time and the reason. Staff can read it.
- What you are told in your inbox is for your eyes.

## Cookies

One remembers that you are signed in, one guards forms against being sent by others, and one remembers whether you like it light or dark. There are no others, nothing is counted by outsiders, and no page loads anything from another site.

## What you can do

You can change your texts, your name, your address and your picture yourself. For everything else write to those who run this community: [contact](/contact/).
"""
CONTACT = """\
This forum is run by its admins, with the help of moderators.

- **Something in a post is wrong**: use *Report* below it. Moderators see every report, and the author does not learn who sent it.
- **A decision about your own post or account**: what was decided, and what you can do about it, stands in your [inbox](/inbox/).
- **Anything else**: the admins have not said yet where else to reach them. Until they do, ask in a topic.
"""


def write_first_rules(apps, schema_editor):
    render = import_string(settings.TEXT_RENDERER)
    version = apps.get_model("accounts", "RulesVersion").objects.create(number=1)
    Rule, PlainPage = apps.get_model("accounts", "Rule"), apps.get_model("accounts", "PlainPage")
    for number, (title, text) in enumerate(RULES, start=1):
        Rule.objects.create(
            version=version, number=number, key=number, title=title, text=text, html=render(text).html
        )
    for name, text in (("privacy", PRIVACY), ("contact", CONTACT)):
        PlainPage.objects.create(name=name, text=text, html=render(text).html)
