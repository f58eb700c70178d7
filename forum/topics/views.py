"""The page to edit a title."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only, posted
from core.web import preserved_input as kept
from forum.access import permissions
from forum.access.errors import TextRefused, TitleConflict
from forum.access.lookup import visible_topic
from forum.topics import rename
from forum.topics.forms import RetitleForm


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def retitle(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    rename.require_may_retitle(request.user, topic)
    form = RetitleForm(
        posted(request),
        initial={"title": topic.title, "version": topic.title_version, **kept.take(request)},
        reason_required=permissions.retitle_needs_reason(request.user, topic),
    )
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            topic = rename.retitle(topic=topic, by=request.user, **form.cleaned_data)
        except TextRefused as refusal:
            form.add_error(refusal.field, refusal.words)
        except TitleConflict as conflict:
            topic, status = conflict.topic, 409
            form.restart_from(topic.title_version)
            form.add_error(
                "title",
                _("The title was changed to “%(title)s” in the meantime. Save again to replace it.")
                % {"title": topic.title},
            )
        else:
            messages.success(request, _("Title changed to “%(title)s”.") % {"title": topic.title})
            return redirect(topic)
    return render(request, "forum/retitle.html", {"topic": topic, "form": form}, status=status)
