from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from accounts.asked import is_number
from accounts.asking import MemberRequest, ask_to_sign_in_or_refuse, members_only, posted
from accounts.models import Person, User
from forum import changes, composing, conflicting, editing, editing_originals, history, permissions, versions
from forum.forms import EditForm
from forum.models import Post, Revision, Topic
from forum.places import Editing
from forum.refusals import EditConflict, TextRefused, TitleConflict
from forum.views import writing


def visible_post(person: Person, pk: int) -> Post:
    """A post whose place this person may see; its text may still be a tombstone to them."""
    placed = Post.objects.filter(topic__in=Topic.objects.visible_to(person).values("pk"))
    return get_object_or_404(placed.with_marks().with_topic(), pk=pk)


def readable_post(person: Person, pk: int) -> Post:
    """A post whose text this person may read."""
    return get_object_or_404(Post.objects.visible_to(person).with_marks().with_topic(), pk=pk)


@require_safe
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    post = visible_post(request.user, pk)
    return redirect(f"{post.url_on_page}#p{post.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    place = Editing(readable_post(request.user, pk))
    place.require_may_write(request.user)
    begun = composing.begun(request, request.user, place)
    form = place.form(request.user, posted(request), begun.fields)
    if request.method == "POST" and form.is_valid():
        draft = composing.said_number(request, "draft")
        try:
            edit = editing_originals.edit_original if "title" in form.fields else editing.edit_post
            edited = edit(post=place.post, by=request.user, draft=draft, **form.cleaned_data)
        except EditConflict as conflict:
            return _conflict(request, place, conflict, form)
        except TitleConflict as conflict:
            return _title_conflict(request, place, conflict, form)
        except TextRefused as refusal:
            return writing.refused(request, place, form, refusal)
        messages.success(request, _saved(edited, request.user, form.cleaned_data["version"]))
        return redirect(edited)
    return writing.page(request, place, form, status=422 if form.is_bound else 200, begun=begun)


def _title_conflict(
    request: MemberRequest, place: Editing, conflict: TitleConflict, form: EditForm
) -> HttpResponse:
    """The whole form again; sending it once more replaces the other title."""
    topic = conflict.topic
    form.restart_from_title(topic.title, topic.title_version)
    form.add_error("title", f"It was changed to “{topic.title}” meanwhile. Send yours again to replace it.")
    return writing.page(request, place, form, status=409)


def _saved(post: Post, by: User, started_from: int) -> str:
    """What the writer is told; with whose changes theirs were merged, if they were."""
    if post.edited_by_id != by.pk or post.merged_from != started_from:
        return "Your changes are saved."
    others = history.writers_between(post, started_from, post.version)
    may_read = permissions.can_read_history(by, post)
    address = changes.url_since_revision(post, started_from) if may_read else ""
    shown = {"others": [other for other in others if other != by], "address": address}
    return render_to_string("forum/parts/merged.html", shown)


def _conflict(request: MemberRequest, place: Editing, conflict: EditConflict, form: EditForm) -> HttpResponse:
    """Both texts and where they meet; sending any of them again starts from what stands now."""
    form.restart_from(conflict.post.version)
    post, started_from = conflict.post, form.cleaned_data["version"]
    choice = conflicting.choice_between(form, conflict, started_from=started_from, by=request.user)

    def composer(text: EditForm, send: str, *, is_second: bool = False) -> composing.Composer:
        begun = composing.Begun(was_posted=True)
        return composing.compose(
            request, request.user, place, text, begun=begun, send=send, is_second=is_second
        )

    shown = {
        "post": post,
        "choice": choice,
        "is_own": post.edited_by_id == request.user.pk,
        "yours": composer(choice.yours, "Save mine", is_second=choice.together is not None),
        "together": composer(choice.together, "Save this text") if choice.together else None,
    }
    return render(request, "forum/edit_conflict.html", shown, status=409)


@require_safe
def history_of(request: HttpRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    if not permissions.can_read_history(request.user, post):
        return ask_to_sign_in_or_refuse(request)
    revisions = history.revisions_of(post, to=request.user)
    if "since" in request.GET:
        return _what_changed_since(request.GET["since"], post, revisions)
    older, newer = _asked_revisions(request, revisions)
    comparison = None
    if len(revisions) > 1:
        comparison = history.compare(revisions, older, newer, reader=request.user)
    page = render(
        request,
        "forum/history.html",
        {
            "post": post,
            "revisions": revisions[::-1],
            "title_changes": history.title_changes_of(post)[::-1],
            "comparison": comparison,
            "may_hide": permissions.can_hide_revision(request.user, post),
        },
    )
    if not 1 <= older < newer <= len(revisions) > 1:
        return page  # an address that Belfry writes nowhere: one of millions that show the same
    return versions.rest(page, comparison.stamp if comparison else {}, versions.of_topic(post.topic))


def _asked_revisions(request: HttpRequest, revisions: list[Revision]) -> tuple[int, int]:
    """`?from=` and `?to=`; without them the latest change."""
    from_, to = history.latest_change(revisions)
    older, newer = request.GET.get("from", str(from_)), request.GET.get("to", str(to))
    if not all(is_number(said, digits=9) for said in (older, newer)):
        raise BadRequest("a revision is a number")
    return int(older), int(newer)


def _what_changed_since(said: str, post: Post, revisions: list[Revision]) -> HttpResponse:
    """`?since=`: to the comparison of what stood at that moment with what stands now."""
    moment = changes.moment_of(said)
    if moment is None:
        raise BadRequest("a moment is a number of microseconds")
    return redirect(changes.url_since_revision(post, changes.revision_at(revisions, moment)))
