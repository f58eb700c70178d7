from moderation.models.case import Case, Report

__all__ = ["Case", "Report"]
