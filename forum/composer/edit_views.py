"""The page on which a post is edited."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only
from accounts.models import User
from core.web.form_pages import post_data
from forum.access import permissions
from forum.access.errors import EditConflict, PostRejected, TitleConflict
from forum.access.lookup import readable_post
from forum.composer.composer import Composer, compose, initial_input, posted_number
from forum.composer.composer_page import render_page, render_rejected
from forum.composer.contexts import EditContext
from forum.composer.edit_conflict import build_choice
from forum.composer.forms import EditForm
from forum.history.changes_since import url_since_revision
from forum.history.revisions import authors_between
from forum.models import Post
from forum.posts.edit import edit_original, edit_post


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    context = EditContext(readable_post(request.user, pk))
    context.require_may_write(request.user)
    restored = initial_input(request, context)
    form = context.form(request.user, post_data(request), restored.fields)
    if request.method == "POST" and form.is_valid():
        draft = posted_number(request, "draft")
        try:
            edit = edit_original if "title" in form.fields else edit_post
            saved = edit(post=context.post, by=request.user, draft=draft, **form.cleaned_data)
        except EditConflict as conflict:
            return _conflict(request, context, conflict, form)
        except TitleConflict as conflict:
            return _title_conflict(request, context, conflict, form)
        except PostRejected as error:
            return render_rejected(request, context, form, error)
        messages.success(request, _saved_message(saved, request.user, form.cleaned_data["version"]))
        return redirect(saved)
    return render_page(request, context, form, status=422 if form.is_bound else 200, restored=restored)


def _title_conflict(
    request: MemberRequest, context: EditContext, conflict: TitleConflict, form: EditForm
) -> HttpResponse:
    """Shows the whole form again; sending it once more replaces the other title."""
    topic = conflict.topic
    form.restart_from_title(topic.title, topic.title_version)
    message = _(
        "The title was changed to “%(title)s” while you were editing. Save again to replace it with yours."
    )
    form.add_error("title", message % {"title": topic.title})
    return render_page(request, context, form, status=409)


def _saved_message(post: Post, by: User, started_from: int) -> str:
    """Returns the message for the editor. It names the others whose changes were merged with theirs."""
    if post.edited_by_id != by.pk or post.merged_from != started_from:
        return _("Changes saved.")
    others = authors_between(post, started_from, post.version)
    may_read = permissions.can_read_history(by, post)
    url = url_since_revision(post, started_from) if may_read else ""
    template_context = {"others": [other for other in others if other != by], "address": url}
    return render_to_string("forum/composer/edits_merged.html", template_context)


def _conflict(
    request: MemberRequest, context: EditContext, conflict: EditConflict, form: EditForm
) -> HttpResponse:
    """Shows both texts and their conflicts. Sending any of them again starts from the current revision."""
    form.set_base_version(conflict.post.version)
    post, started_from = conflict.post, form.cleaned_data["version"]
    choice = build_choice(form, conflict, started_from=started_from, by=request.user)

    def composer(text: EditForm, submit_label: str, *, is_second: bool = False) -> Composer:
        return compose(request, context, text, submit_label=submit_label, is_second=is_second)

    template_context = {
        "post": post,
        "choice": choice,
        "is_own": post.edited_by_id == request.user.pk,
        "yours": composer(choice.yours, _("Save my version"), is_second=choice.together is not None),
        "together": composer(choice.together, _("Save merged text")) if choice.together else None,
    }
    return render(request, "forum/composer/edit_conflict.html", template_context, status=409)
