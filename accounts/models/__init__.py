from accounts.models.epoch import Epoch
from accounts.models.group import Group
from accounts.models.rate import Rate
from accounts.models.sanction import Sanction
from accounts.models.session import Session
from accounts.models.user import FormerName, Person, User, is_member
from accounts.record import LogEntry

__all__ = [
    "Epoch",
    "FormerName",
    "Group",
    "LogEntry",
    "Person",
    "Rate",
    "Sanction",
    "Session",
    "User",
    "is_member",
]
