"""Look up the email address and IP addresses of a member, or the members who use one. Staff give a reason, which is
logged with the fact that they looked; the log contains nothing of what was found."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.access.actor import reload_and_lock
from accounts.audit.log import log_action
from accounts.models import IpSighting, User
from core.text.name_keys import email_key
from forum.access.errors import ActionError
from forum.access.require import require
from moderation.access import permissions

MAX_SHOWN = 50

MEMBERS_IN_NETWORK = """
SELECT member_id, max(last_at) FROM accounts_ipsighting WHERE address <<= %s::inet
 GROUP BY member_id ORDER BY max(last_at) DESC LIMIT %s
"""


class InvalidQuery(ActionError):
    """The input is not an IP address or network, and not an email address or the end of one."""

    status = 422
    explanation = gettext_lazy("Enter a valid IP address, network or email.")
    field = "said"


@dataclass(frozen=True)
class SharedAddress:
    """An IP address that a member used, and the other members who used it."""

    address: str
    acts: list[str]
    first_at: datetime
    last_at: datetime
    others: list[User]


@dataclass(frozen=True)
class PrivateData:
    member: User
    addresses: list[SharedAddress]
    domain: str
    same_domain: list[User]
    is_common: bool  # too many members use this email domain for it to mean anything


@transaction.atomic
def look_up_member(*, member: User, by: User, reason: str) -> PrivateData:
    """Returns the email address and IP addresses of a member, with the members who share them, and logs it."""
    reload_and_lock(by)
    require(permissions.can_act_on_account(by, member))
    log_action("look_up", by=by, target=member, name=member.name, reason=reason, after={"asked_by": "member"})
    domain = member.email.rpartition("@")[2]
    same_domain = list(
        _members_visible_to(by).filter(email__endswith=f"@{domain}").exclude(pk=member.pk)[: MAX_SHOWN + 1]
    )
    return PrivateData(
        member=member,
        addresses=_addresses_of(member, by),
        domain=domain,
        same_domain=[] if len(same_domain) > MAX_SHOWN else same_domain,
        is_common=len(same_domain) > MAX_SHOWN,
    )


@transaction.atomic
def look_up(*, query: str, by: User, reason: str) -> list[User]:
    """Returns the members who used an IP address or network (`192.0.2.7`, `192.0.2.0/24`), or whose email address is
    `ada@example.org` or ends in `@example.org`, and logs it. At most MAX_SHOWN, those seen last first."""
    reload_and_lock(by)
    require(permissions.can_look_up_ip_or_email(by))
    kind, found = _search(query.strip().lower(), by)
    log_action("look_up", by=by, target=by, reason=reason, after={"asked_by": kind})
    return found


def _search(query: str, by: User) -> tuple[str, list[User]]:
    if "@" in query:
        lookup = "email__endswith" if query.startswith("@") else "email"
        kind = "email_domain" if query.startswith("@") else "email"
        return kind, list(_members_visible_to(by).filter(**{lookup: email_key(query)})[:MAX_SHOWN])
    if "%" in query:  # a zone of an IPv6 address, which is never stored
        raise InvalidQuery
    try:
        network = ip_network(query, strict=False)
    except ValueError:
        raise InvalidQuery from None
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS_IN_NETWORK, [str(network), MAX_SHOWN])
        pks = [row[0] for row in cursor.fetchall()]
    people = _members_visible_to(by).in_bulk(pks)
    return "ip_address", [people[pk] for pk in pks if pk in people]


def _addresses_of(member: User, by: User) -> list[SharedAddress]:
    rows = list(IpSighting.objects.filter(member=member).order_by("-last_at")[:MAX_SHOWN])
    addresses = list(dict.fromkeys(row.address for row in rows))
    others = IpSighting.objects.filter(address__in=addresses).exclude(member=member)
    pairs = set(others.values_list("address", "member_id")[: MAX_SHOWN * MAX_SHOWN])
    people = _members_visible_to(by).in_bulk({pk for other_address, pk in pairs})
    return [
        SharedAddress(
            address=address,
            acts=[str(IpSighting.Act(row.act).label) for row in rows if row.address == address],
            first_at=min(row.first_at for row in rows if row.address == address),
            last_at=max(row.last_at for row in rows if row.address == address),
            others=[
                people[pk] for other_address, pk in sorted(pairs) if other_address == address and pk in people
            ],
        )
        for address in addresses
    ]


def _members_visible_to(by: User) -> QuerySet[User]:
    """Returns the members that the person can find. Moderators cannot find staff."""
    is_visible = Q() if by.is_admin else Q(role=User.Role.MEMBER)
    return User.objects.filter(is_visible).order_by("-pk")
