"""Notifications for members about their sanctions. They do not name the moderator."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Sanction
from core.web.times import format_time
from notifications.inbox.notify import notify

Kind = Sanction.Kind

# For each kind, the sentence with an end date and the permanent one.
IMPOSED = {
    Kind.WARNING: (
        gettext_lazy("You were warned. The warning expires at %(until)s."),
        gettext_lazy("You were warned. The warning does not expire."),
    ),
    Kind.SILENCE: (
        gettext_lazy("You can’t post until %(until)s. You can still read and report."),
        gettext_lazy("You can no longer post. You can still read and report."),
    ),
    Kind.SUSPENSION: (
        gettext_lazy("Your account is suspended until %(until)s. You can read public sections."),
        gettext_lazy("Your account is permanently suspended. You can read public sections."),
    ),
}
LIFTED = {
    Kind.WARNING: gettext_lazy("A warning was lifted."),
    Kind.SILENCE: gettext_lazy("You can post again. Your silence was lifted."),
    Kind.SUSPENSION: gettext_lazy("Your account is no longer suspended. The suspension was lifted."),
}


def notify_sanctioned(sanction: Sanction) -> None:
    """Notifies the member of a new sanction. Call it inside the transaction of the action."""
    if sanction.rule:
        message = _("%(sanction)s Reason: %(reason)s Rule %(rule)s.")
    else:
        message = _("%(sanction)s Reason: %(reason)s")
    message %= {"sanction": _what_it_means(sanction), "reason": sanction.reason, "rule": sanction.rule}
    notify(member=sanction.member, text=message, url=reverse("account_standing"))


def notify_lifted(sanction: Sanction) -> None:
    """Notifies the member that a sanction was lifted."""
    notify(member=sanction.member, text=str(LIFTED[Kind(sanction.kind)]), url=reverse("account_standing"))


def _what_it_means(sanction: Sanction) -> str:
    """Returns what the sanction means, with its end in the time zone of the member."""
    temporary, permanent = IMPOSED[Kind(sanction.kind)]
    if sanction.until is None:
        return str(permanent)
    with timezone.override(sanction.member.zone):
        return str(temporary) % {"until": format_time(sanction.until)}
