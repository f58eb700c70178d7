from moderation.models.appeal import Appeal
from moderation.models.case import Case
from moderation.models.event import CaseEvent
from moderation.models.report import Mute, Report
from moderation.models.words import CaseWords

__all__ = ["Appeal", "Case", "CaseEvent", "CaseWords", "Mute", "Report"]
