"""Why a post needs approval, in words for its author. What would help to evade a check is only for staff."""

from django.utils.translation import gettext_lazy as _, ngettext

from forum.models import PendingPost

Why = PendingPost.Why
AUTOMATIC_CHECK = _("An automatic check asked for a review. This can happen to ordinary posts too.")
REASONS = {
    Why.FIRST: _("The first posts of new members are reviewed by a moderator."),
    Why.LINKS: _("It links to a site that new members have linked to many times today."),
    Why.SAME: _("The same text was posted somewhere else."),
}


def reason_for_author(pending: PendingPost) -> str:
    if pending.why == Why.LINKS and pending.links_counted is not None:
        message = ngettext(
            "It has %(count)d link, more than a new member can post without a review.",
            "It has %(count)d links, more than a new member can post without a review.",
            pending.links_counted,
        )
        return message % {"count": pending.links_counted}
    return str(REASONS.get(Why(pending.why), AUTOMATIC_CHECK))
