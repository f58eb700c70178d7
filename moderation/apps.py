from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        from core.web import preserved_input
        from moderation.approval.forms import RejectForm
        from moderation.members.forms import SanctionForm
        from moderation.reports.forms import ReportForm
        from moderation.topics.forms import SelectedTopicsForm, SplitForm

        preserved_input.register(ReportForm, RejectForm, SanctionForm, SelectedTopicsForm, SplitForm)
