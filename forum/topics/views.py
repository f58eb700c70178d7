"""The page to edit a title."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only
from core.web.form_pages import form_for, form_page, show_in
from forum.access import permissions
from forum.access.errors import PostRejected, TitleConflict
from forum.access.lookup import visible_topic
from forum.access.require import require_may_rename
from forum.topics import rename
from forum.topics.forms import RenameForm


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def rename_view(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    require_may_rename(request.user, topic)
    form = form_for(
        request,
        RenameForm,
        initial={"title": topic.title, "version": topic.title_version},
        reason_required=permissions.rename_needs_reason(request.user, topic),
    )
    if form.is_valid():
        try:
            topic = rename.rename_topic(topic=topic, by=request.user, **form.cleaned_data)
        except TitleConflict as error:
            topic = error.topic
            form.set_base_version(topic.title_version)
            show_in(form, error)
        except PostRejected as error:
            show_in(form, error)
        else:
            messages.success(request, _("Title changed to “%(title)s”.") % {"title": topic.title})
            return redirect(topic)
    return form_page(request, "forum/topics/rename.html", form, topic=topic)
