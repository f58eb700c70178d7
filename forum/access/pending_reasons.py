"""Why a text waits for approval, as its writer is told. What would help to get around a check is for staff alone."""

from forum.models import WaitingPost

Why = WaitingPost.Why
AUTOMATIC = "An automatic check asked for a moderator to look at it. This happens to ordinary posts too."
WORDS = {
    Why.FIRST: "The first posts of new members are checked by a moderator.",
    Why.LINKS: "It links to a site that new members have linked to many times today.",
    Why.SAME: "The same text was posted in another place.",
}


def why_told(waiting: WaitingPost) -> str:
    if waiting.why == Why.LINKS and waiting.what.endswith(" links"):
        return f"It has {waiting.what}, more than a new member may post without a check."
    return WORDS.get(Why(waiting.why), AUTOMATIC)
