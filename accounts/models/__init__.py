from accounts.models.group import Group
from accounts.models.rate import Rate
from accounts.models.user import FormerName, Person, User
from accounts.record import LogEntry

__all__ = ["FormerName", "Group", "LogEntry", "Person", "Rate", "User"]
