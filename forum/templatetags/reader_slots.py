"""What differs from reader to reader on a page of posts: shown as it is, or left open as a slot."""

from typing import Any

from django import template
from django.template.loader import render_to_string

from core.web import page_slots as slots
from forum.history import changes_since as changes
from forum.models import PollOption, Post, Section
from forum.polls import polls as polling
from forum.polls.polls import Ballot
from forum.topic_page.page import PostLine, TopicPage
from forum.topic_page.reader_marks import NOTHING, Own, changed_since, history_link, own_act

register = template.Library()


@register.simple_tag
def acts_of(line: PostLine, csrf_token: Any) -> str:
    if slots.are_open():
        return slots.slot("acts", line.post.pk)
    shown = {"post": line.post, "acts": line.acts, "own": line.own, "csrf_token": csrf_token}
    return render_to_string("forum/parts/post_acts.html", shown)


@register.simple_tag
def thank_or_unthank(post: Post, own: Own | None, csrf_token: Any) -> str:
    if slots.are_open():
        return slots.slot("thank", post.pk)
    return own_act("thank", post, own or NOTHING, csrf_token)


@register.simple_tag
def save_or_unsave(post: Post, own: Own | None, csrf_token: Any) -> str:
    if slots.are_open():
        return slots.slot("save", post.pk)
    return own_act("save", post, own or NOTHING, csrf_token)


@register.simple_tag
def report_or_reported(post: Post, own: Own | None) -> str:
    if slots.are_open():
        return slots.slot("report", post.pk)
    return own_act("report", post, own or NOTHING, "")


@register.simple_tag
def history_of(line: PostLine) -> str:
    """What everybody may read who reads the post stands in what is kept; else it is theirs who may."""
    if slots.are_open() and line.post.topic.section.history_by != Section.HistoryAudience.EVERYONE:
        return slots.slot("history", line.post.pk)
    return history_link(line.post) if line.may_read_history else ""


@register.simple_tag
def changed_since_thanked(post: Post, acts: frozenset[str], own: Own | None) -> str:
    if slots.are_open():
        return slots.slot("changed-thanked", post.pk)
    return changed_since(post, own or NOTHING, may_read_history="history" in acts)


@register.simple_tag
def option_of(ballot: Ballot | None, option: PollOption) -> str:
    if slots.are_open():
        return slots.slot("option", option.pk)
    return polling.option_on(ballot, option.pk) if ballot else ""


@register.simple_tag
def ballot_of(ballot: Ballot | None, csrf_token: Any) -> str:
    if slots.are_open():
        return slots.slot("ballot")
    return polling.foot_of(ballot, csrf_token) if ballot else ""


@register.simple_tag
def removed_text_of(line: PostLine) -> str:
    if slots.are_open():
        return slots.slot("removed", line.post.pk)
    return render_to_string("forum/parts/removed_text.html", {"post": line.post}) if line.shows_text else ""


@register.simple_tag
def changed_since_of(line: PostLine) -> str:
    if slots.are_open():
        return slots.slot("changed", line.post.pk)
    if line.changed_since is None or line.own.thanks_for_something_else(line.post):
        return ""  # once is enough
    address = changes.url_since(line.post, line.changed_since) if line.may_read_history else ""
    return render_to_string("forum/parts/changed_since.html", {"since": "you read it", "address": address})


@register.simple_tag
def unread_line_before(line: PostLine) -> str:
    if slots.are_open():
        return slots.slot("new", line.post.position)
    return (
        render_to_string("forum/parts/unread_line.html", {"since": line.new_since}) if line.new_since else ""
    )


@register.simple_tag
def news_of(page: TopicPage) -> str:
    if slots.are_open():
        return slots.slot("news")
    return render_to_string("forum/parts/topic_news.html", {"news": page.news}) if page.news else ""


@register.simple_tag
def reading_on(page: TopicPage, csrf_token: Any) -> str:
    if slots.are_open():
        return slots.slot("reading")
    if page.reading is None:
        return ""
    return render_to_string("forum/parts/reading.html", {"reading": page.reading, "csrf_token": csrf_token})


@register.simple_tag
def waiting_on(page: TopicPage) -> str:
    return slots.slot("waiting") if slots.are_open() else page.waiting


@register.simple_tag
def posts_of(page: TopicPage, csrf_token: Any) -> str:
    if slots.are_open():
        return slots.slot("posts")
    return render_to_string("forum/parts/posts.html", {"lines": page.posts, "csrf_token": csrf_token})


@register.simple_tag
def staff_said_under(post: Post, csrf_token: Any) -> str:
    """Only in what is made for staff, and never in what is shared."""
    if slots.are_open():
        return slots.slot("staff", post.pk)
    return ""
