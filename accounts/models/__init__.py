from accounts.models.epoch import Epoch
from accounts.models.group import Group
from accounts.models.plain_page import PlainPage
from accounts.models.rate import Rate
from accounts.models.rules import Rule, RulesVersion
from accounts.models.sanction import Sanction
from accounts.models.session import Session
from accounts.models.sighting import Sighting
from accounts.models.user import FormerName, Person, User, is_member
from accounts.record import LogEntry

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
