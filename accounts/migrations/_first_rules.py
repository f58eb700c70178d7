"""The default rules and custom pages of a new community. Admins change them at /manage/rules/ and /manage/pages/."""

from core.text import render

RULES = [
    (
        "Be kind",
        "Argue with what people say, not with who they are. No insults, no threats, and no following someone from topic"
        " to topic.",
    ),
    (
        "Keep to the topic",
        "People open a topic to read about its subject. Start a new topic for anything else.",
    ),
    (
        "Respect privacy",
        "Do not post anyone’s address, phone number, workplace, pictures or messages without their consent.",
    ),
    (
        "Do not advertise",
        "Mention a product or site only where it helps, and say if you have a stake in it. Posts made to sell something"
        " or attract visitors are removed.",
    ),
    (
        "Stay within the law",
        "Do not post anything that is illegal where this community is based, or that you have no right to share.",
    ),
    (
        "Use one account",
        "Do not use a second account to look like several people, to impersonate someone or to get around a decision.",
    ),
    (
        "Let moderators do their work",
        "Report posts that break these rules instead of replying in kind. You can appeal decisions about you; do not"
        " argue about them in other people’s topics.",
    ),
]
PRIVACY = """\
This page explains what this forum stores about you, why, and who can see it.

## What you provide

- **Your username**, your profile, your picture and your posts can be seen by everyone who may read the section they are in. In a public section, that includes the whole internet and search engines.
- **Your email** is used to verify your account and to reset your password. Other members never see it.
- **Your password** is stored only as a hash, from which it cannot be read.
- **Earlier versions of your posts** stay in the edit history of the post.

## What is stored when you use the forum

- One session for each browser in which you sign in, until you sign out or for 60 days.
- How far you have read each topic, your drafts, your bookmarks, your thanks and your votes. Thanks and public votes are visible to others; only you can see the rest.
- How often you have posted or reported in the last hours, to limit the rate.
- The IP addresses from which you sign up, sign in and post, for a limited number of days. Staff can look them up, and every lookup is recorded.

## Moderation

- A report contains the post as it was when it was reported. The author is not told who reported it.
- Actions of moderators are recorded in a log that cannot be changed, with their name, the time and the reason. Staff can read it.
- Only you can see your notifications.

## Cookies

One cookie keeps you signed in, one protects forms against forgery, one remembers your light or dark theme, one whether you want to see new replies before posting, and one marks devices on which you have signed in, so that other people’s failed attempts do not lock you out. Short-lived cookies pass information from one page to the next, such as a message that something was saved. There is no third-party analytics, and pages load nothing from other sites.

## What you can do

You can change your posts, username, email and picture yourself. For everything else, contact the people who run this community: [contact](/contact/).
"""
CONTACT = """\
This forum is run by its admins, with the help of moderators.

- **A problem with a post**: use *Report* below it. Moderators see every report, and the author is not told who sent it.
- **A decision about your post or account**: your [notifications](/inbox/) say what was decided and how to appeal.
- **Anything else**: the admins have not provided other contact details yet. Until they do, ask in a topic.
"""


def write_first_rules(apps, schema_editor):
    version = apps.get_model("accounts", "RulesVersion").objects.create(number=1)
    Rule, PlainPage = apps.get_model("accounts", "Rule"), apps.get_model("accounts", "StaticPage")
    for number, (title, text) in enumerate(RULES, start=1):
        Rule.objects.create(
            version=version, number=number, key=number, title=title, text=text, html=render(text).html
        )
    for name, text in (("privacy", PRIVACY), ("contact", CONTACT)):
        PlainPage.objects.create(name=name, text=text, html=render(text).html)
