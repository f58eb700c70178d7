from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "forum"

    def ready(self) -> None:
        from core.web import preserved_input
        from forum.attachments.forms import AttachForm
        from forum.composer.forms import DraftForm, OriginalEditForm, ReplyForm, TopicForm
        from forum.polls.forms import VoteForm

        preserved_input.register(ReplyForm, TopicForm, OriginalEditForm, DraftForm, AttachForm, VoteForm)
