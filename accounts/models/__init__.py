from accounts.models.group import Group
from accounts.models.ip_sighting import Sighting
from accounts.models.log_entry import LogEntry
from accounts.models.rate_count import Rate
from accounts.models.rules import Rule, RulesVersion
from accounts.models.sanction import Sanction
from accounts.models.session import Session
from accounts.models.site_version import Epoch
from accounts.models.static_page import PlainPage
from accounts.models.user import FormerName, Person, User, is_member

__all__ = [
    "Epoch",
    "FormerName",
    "Group",
    "LogEntry",
    "Person",
    "PlainPage",
    "Rate",
    "Rule",
    "RulesVersion",
    "Sanction",
    "Session",
    "Sighting",
    "User",
    "is_member",
]
