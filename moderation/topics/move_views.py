"""Pages that move and merge topics, and move, split and remove posts."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, members_only
from core.web.form_pages import errors_shown_in, form_for, form_page
from core.web.request_values import is_number
from forum.access import permissions
from forum.models import Post, Topic
from forum.web.pagination import Pages, requested_page
from moderation.access.errors import CannotMerge, CannotMove
from moderation.access.lookup import managed_topic
from moderation.posts.remove import remove_post
from moderation.topics import split as topics_split
from moderation.topics.forms import MergeForm, MoveForm, MovePostsForm, RemovePostsForm, SplitForm
from moderation.topics.merge import merge_topic
from moderation.topics.move import move_topic
from moderation.web.feedback import show_outcome
from moderation.web.select_all import query_without_all, selects_all


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def move(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = managed_topic(request, pk, permissions.can_move)
    form = form_for(request, MoveForm, initial={"section": topic.section_id}, by=request.user)
    if form.is_valid():
        to, reason = form.cleaned_data["section"], form.cleaned_data["reason"]
        is_done = move_topic(topic=topic, to=to, by=request.user, reason=reason)
        message = _("The topic was moved to %(section)s.") % {"section": to.name}
        show_outcome(request, is_done, message, topic, "move_topic")
        return redirect(topic)
    return _page(request, "move_topic", topic, form)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def merge(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = managed_topic(request, pk, permissions.can_move)
    form = form_for(request, MergeForm, by=request.user)
    if form.is_valid():
        with errors_shown_in(form, CannotMerge):
            merged = merge_topic(topic=topic, by=request.user, **form.cleaned_data)
            message = _("The topic was merged into “%(title)s”. Its link redirects here.")
            message %= {"title": merged.into.title}
            show_outcome(request, merged.merged_by_id == request.user.pk, message, topic, "merge")
            return redirect(merged.into)
    return _page(request, "merge", topic, form)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def split(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = managed_topic(request, pk, permissions.can_move)
    form = form_for(request, SplitForm, initial={"section": topic.section_id}, by=request.user)
    form.initial.update(_selected(request))
    if form.is_valid():
        arguments = dict(form.cleaned_data)
        with errors_shown_in(form, CannotMove):
            new = topics_split.split_posts(
                topic=topic, posts=arguments.pop("post"), by=request.user, **arguments
            )
            messages.success(request, _("The posts were moved to a new topic."))
            return redirect(new)
    return _page(request, "split", topic, form)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def move_posts(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = managed_topic(request, pk, permissions.can_move)
    form = form_for(request, MovePostsForm, by=request.user)
    form.initial.update(_selected(request))
    if form.is_valid():
        arguments = dict(form.cleaned_data)
        with errors_shown_in(form, CannotMove):
            into = topics_split.move_posts(
                topic=topic, posts=arguments.pop("post"), by=request.user, **arguments
            )
            messages.success(request, _("The posts were moved to “%(title)s”.") % {"title": into.title})
            return redirect(into.newest_url)
    return _page(request, "move_posts", topic, form)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def remove_posts(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """Removes each post in its own transaction. Posts that someone else has already removed are left as they are."""
    topic = managed_topic(request, pk, permissions.can_move)
    form = form_for(request, RemovePostsForm)
    form.initial.update(_selected(request))
    if form.is_valid():
        posts = Post.objects.filter(topic=topic, pk__in=form.cleaned_data["post"], removal=None)
        count = 0
        for post in posts.order_by("position")[: topics_split.MAX_POSTS]:
            remove_post(post=post, by=request.user, reason=form.cleaned_data["reason"])
            count += 1
        if not count:
            form.add_error(None, _("These posts were already removed or moved to another topic."))
        else:
            message = ngettext(
                "%d post removed. A placeholder stays in the topic.",
                "%d posts removed. Placeholders stay in the topic.",
                count,
            )
            messages.success(request, message % count)
            return redirect(topic)
    return _page(request, "remove_posts", topic, form)


@require_safe
@members_only
def select(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """One page of the topic, to select posts on."""
    topic = managed_topic(request, pk, permissions.can_move)
    number = requested_page(request, topic.pages)
    posts = topic.posts.on_page(number).with_details().defer("body", "html")
    context = {
        "topic": topic,
        "posts": posts,
        "pages": Pages(number, topic.pages),
        "all": selects_all(request),
        "query": query_without_all(request),
    }
    return render(request, "moderation/topics/select_posts.html", context)


def _selected(request: MemberRequest) -> dict[str, Any]:
    """Returns the selected posts. They come from the URL, since input preserved during sign-in has one value a name."""
    return {"post": [pk for pk in request.GET.getlist("post") if is_number(pk, digits=18)]}


def _page(request: MemberRequest, act: str, topic: Topic, form: Form) -> HttpResponse:
    """Shows the page of an action, with the selected posts if it is about posts."""
    selected_posts = []
    if "post" in form.fields:
        pks = [int(pk) for pk in form["post"].value() or () if is_number(str(pk), digits=18)]
        selected_posts = list(
            topic.posts.filter(pk__in=pks).with_details().defer("body", "html").order_by("position")
        )
    return form_page(
        request, f"moderation/topics/{act}.html", form, topic=topic, selected_posts=selected_posts
    )
