from accounts.models.group import Group
from accounts.models.ip_sighting import IpSighting
from accounts.models.log_entry import LogEntry
from accounts.models.rate_count import RateCount
from accounts.models.rules import Rule, RulesVersion
from accounts.models.sanction import Sanction
from accounts.models.session import Session
from accounts.models.site_version import SiteVersion
from accounts.models.static_page import StaticPage
from accounts.models.user import FormerName, Person, User, is_member

__all__ = [
    "SiteVersion",
    "FormerName",
    "Group",
    "LogEntry",
    "Person",
    "StaticPage",
    "RateCount",
    "Rule",
    "RulesVersion",
    "Sanction",
    "Session",
    "IpSighting",
    "User",
    "is_member",
]
