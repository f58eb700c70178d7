"""The page to edit a title."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only, post_data
from core.web import preserved_input
from forum.access import permissions
from forum.access.errors import PostRejected, TitleConflict
from forum.access.lookup import visible_topic
from forum.topics import rename
from forum.topics.forms import RenameForm


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def rename_view(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    rename.require_may_rename(request.user, topic)
    form = RenameForm(
        post_data(request),
        initial={"title": topic.title, "version": topic.title_version, **preserved_input.pop(request)},
        reason_required=permissions.rename_needs_reason(request.user, topic),
    )
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            topic = rename.rename_topic(topic=topic, by=request.user, **form.cleaned_data)
        except PostRejected as error:
            form.add_error(error.field, error.explanation)
        except TitleConflict as error:
            topic, status = error.topic, error.status
            form.set_base_version(topic.title_version)
            form.add_error(error.field, error.explanation)
        else:
            messages.success(request, _("Title changed to “%(title)s”.") % {"title": topic.title})
            return redirect(topic)
    return render(request, "forum/topics/rename.html", {"topic": topic, "form": form}, status=status)
