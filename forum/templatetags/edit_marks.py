"""`{% edited post %}`: when and by whom a post was edited, and what was special about it."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _, ngettext

from core.web import page_slots
from core.web.times import time_element
from forum.models import Post
from forum.web.name_lists import notes

register = template.Library()


@register.simple_tag
def edited(post: Post) -> str:
    return notes(
        format_html(_sentence(post), at=_when(post), who=_editor(post), n=post.replies_before_edit),
        _("merged with another edit") if post.merged_from else "",
        _("edited by staff before") if post.was_edited_by_staff and not post.edited_as else "",
    )


def _sentence(post: Post) -> str:
    """Returns a sentence with the placeholders {at}, {who} and {n}."""
    count = post.replies_before_edit
    if post.is_early_edit:
        return _("Edited {at}, soon after posting and before any replies")
    if not _is_by_another(post):
        if not count:
            return _("Edited {at}")
        if post.has_more_replies:
            return ngettext(
                "Edited {at}, after {n} or more replies", "Edited {at}, after {n} or more replies", count
            )
        return ngettext("Edited {at}, after {n} reply", "Edited {at}, after {n} replies", count)
    if not count:
        return _("Edited by {who} {at}")
    if post.has_more_replies:
        return ngettext(
            "Edited by {who} {at}, after {n} or more replies",
            "Edited by {who} {at}, after {n} or more replies",
            count,
        )
    return ngettext("Edited by {who} {at}, after {n} reply", "Edited by {who} {at}, after {n} replies", count)


def _is_by_another(post: Post) -> bool:
    return bool(post.edited_as) or post.edited_by_id != post.author_id


def _editor(post: Post) -> str:
    editor = post.edited_by
    if post.is_early_edit or editor is None or not _is_by_another(post):
        return ""
    link = format_html('<a href="{}"><bdi>{}</bdi></a>', editor.get_absolute_url(), editor.name)
    if not post.edited_as:
        return link
    return format_html('{} <span class="role">{}</span>', link, post.get_edited_as_display())


def _when(post: Post) -> str:
    assert post.edited_at is not None  # noqa: S101 - called only for edited posts
    return (
        page_slots.slot("when", post.edited_at.isoformat())
        if page_slots.are_slots_open()
        else time_element(post.edited_at)
    )
