from moderation.models.case import Case, Report
from moderation.models.staff_note import StaffNote

__all__ = ["Case", "Report", "StaffNote"]
