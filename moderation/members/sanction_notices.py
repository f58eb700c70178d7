"""What a member is told of a sanction, in their inbox. It names no moderator: the community speaks."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import Sanction
from core.web.times import exact
from notifications.inbox.notify import tell

TOLD = {
    Sanction.Kind.WARNING: "You have been warned",
    Sanction.Kind.SILENCE: "You have been silenced: you can read and report, and not write",
    Sanction.Kind.SUSPENSION: "Your account is suspended: you can read what guests read, and not write",
}
ENDED = {
    Sanction.Kind.WARNING: "A warning has been taken back",
    Sanction.Kind.SILENCE: "You can write again: your silence has been lifted",
    Sanction.Kind.SUSPENSION: "Your account is no longer suspended: the suspension has been lifted",
}


def tell_of(sanction: Sanction) -> None:
    """Call it inside the transaction of the act."""
    rule = f" Rule {sanction.rule}." if sanction.rule else ""
    words = f"{TOLD[Sanction.Kind(sanction.kind)]}, {until_in_words(sanction)}. Why: {sanction.reason}{rule}"
    tell(member=sanction.member, text=words, url=reverse("account_standing"))


def tell_of_end(sanction: Sanction) -> None:
    words = f"{ENDED[Sanction.Kind(sanction.kind)]}."
    tell(member=sanction.member, text=words, url=reverse("account_standing"))


def until_in_words(sanction: Sanction) -> str:
    """In the member's own zone."""
    if sanction.until is None:
        return "permanently"
    with timezone.override(sanction.member.zone):
        return f"until {exact(sanction.until)}"
