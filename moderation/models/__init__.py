from moderation.models.appeal import Appeal
from moderation.models.case import Case
from moderation.models.case_event import CaseEvent
from moderation.models.case_words import CaseWords
from moderation.models.report import Mute, Report
from moderation.models.staff_note import StaffNote

__all__ = ["Appeal", "Case", "CaseEvent", "CaseWords", "Mute", "Report", "StaffNote"]
