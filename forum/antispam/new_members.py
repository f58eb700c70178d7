"""Who counts as a new member, and the limits for them. They end after some days, once enough posts are visible."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts.models import User
from accounts.rate_limiting import rate_counter
from core.text.links import EXTERNAL_REL
from forum.access.errors import PostRejected
from forum.antispam.submission import Submission
from forum.antispam.verdict import PASSED, Action, Verdict
from forum.attachments.links import keys_in
from forum.models import NewMemberLimits, PendingPost, Post, Quote
from forum.post_text.prepare import PostText
from forum.quotes.sources import readable

A_DAY = 86_400  # seconds
EXTERNAL_LINK_MARK = f'rel="{EXTERNAL_REL}"'
Why = PendingPost.Why

Sentences = tuple[
    Any, Any, Any
]  # how many a post has, how many new members can add, and that they can add none
MENTIONS: Sentences = (
    ngettext_lazy("This post mentions %(count)d member.", "This post mentions %(count)d members.", "count"),
    ngettext_lazy(
        "New members can mention %(max)d member in one post.",
        "New members can mention up to %(max)d members in one post.",
        "max",
    ),
    gettext_lazy("New members can’t mention anyone."),
)
ATTACHMENTS: Sentences = (
    ngettext_lazy("This post has %(count)d attachment.", "This post has %(count)d attachments.", "count"),
    ngettext_lazy(
        "New members can add %(max)d attachment to one post.",
        "New members can add up to %(max)d attachments to one post.",
        "max",
    ),
    gettext_lazy("New members can’t add attachments."),
)
LINKS: Sentences = (
    ngettext_lazy("This post has %(count)d link.", "This post has %(count)d links.", "count"),
    ngettext_lazy(
        "New members can put %(max)d link in one post.",
        "New members can put up to %(max)d links in one post.",
        "max",
    ),
    gettext_lazy("New members can’t post links."),
)


def count_visible_posts(member: User, terms: NewMemberLimits) -> int:
    """Returns the number of visible posts of the member, counted up to the number that matters."""
    enough = max(terms.posts, terms.first_posts)
    return Post.objects.by(member).not_removed().order_by("-pk")[:enough].count()


def is_established(member: User, terms: NewMemberLimits, visible_posts: int) -> bool:
    """Whether the member joined long enough ago and has enough visible posts."""
    return member.joined_at <= timezone.now() - timedelta(days=terms.days) and visible_posts >= terms.posts


def graduate(member: User, terms: NewMemberLimits, visible_posts: int) -> bool:
    """Whether the member is no longer new. This is stored, and never reset."""
    if not is_established(member, terms, visible_posts):
        return False
    User.objects.filter(pk=member.pk).update(is_new=False, version=F("version") + 1)
    member.is_new = False
    return True


def verdict_on(submission: Submission, terms: NewMemberLimits, visible_posts: int) -> Verdict:
    text, by = submission.text, submission.by
    if message := _excess_message(text, terms):
        return Verdict(Action.REFUSE, message=message)
    if submission.filled_honeypot:
        return Verdict(Action.HOLD, Why.TRAP)
    if by.joined_too_fast and not visible_posts:
        return Verdict(Action.HOLD, Why.HASTE)
    if (terms.hold_first or submission.section.hold_first) and visible_posts < terms.first_posts:
        return Verdict(Action.HOLD, Why.FIRST)
    links = count_links(text.rendered.html, text.quotes, by=by)
    return Verdict(Action.HOLD, Why.LINKS, what=str(links)) if links > terms.links else PASSED


def check_edit_limits(post: Post, text: PostText, terms: NewMemberLimits, *, by: User) -> None:
    """Checks an edit by a new member. Raises PostRejected if it adds more than the limits allow; what is in the post
    already may stay."""
    if message := _excess_message(text, terms, before=(post.mentions.count(), len(keys_in(post.body)))):
        raise PostRejected("body", message)
    links = count_links(text.rendered.html, text.quotes, by=by)
    quotes_before = post.quotes.filter(revision=post.version)
    if links > terms.links and links > count_links(post.html, quotes_before, by=by):
        raise PostRejected("body", _too_many(LINKS, links, terms.links, terms))


def count_links(html: str, quotes: Iterable[Quote], *, by: User) -> int:
    """Returns the number of external links. Links in genuine quotes do not count, if the author may read the quoted
    post: otherwise the count would reveal whether a guess at hidden words is right."""
    linking_quotes = [quote for quote in quotes if EXTERNAL_LINK_MARK in quote.html]
    readable_quotes = readable(
        ((quote.quoted_post_id or 0, quote.quoted_revision) for quote in linking_quotes), by
    )
    counted_quotes = [
        quote.html
        for quote in linking_quotes
        if not quote.is_word_for_word or (quote.quoted_post_id, quote.quoted_revision) not in readable_quotes
    ]
    return sum(fragment.count(EXTERNAL_LINK_MARK) for fragment in [html, *counted_quotes])


def _excess_message(text: PostText, terms: NewMemberLimits, *, before: tuple[int, int] = (0, 0)) -> str:
    """Returns why the text has too many mentions or attachments, or an empty string. `before`: how many of each the
    post has already."""
    mentions, attachments = len(text.rendered.people), len(text.attachment_keys)
    if mentions > max(terms.mentions, before[0]):
        return _too_many(MENTIONS, mentions, terms.mentions, terms)
    if attachments > max(terms.attachments, before[1]):
        return _too_many(ATTACHMENTS, attachments, terms.attachments, terms)
    return ""


def _too_many(kind: Sentences, count: int, maximum: int, terms: NewMemberLimits) -> str:
    count_sentence, limit_sentence, none_sentence = kind
    limit = limit_sentence % {"max": maximum} if maximum else none_sentence
    return f"{count_sentence % {'count': count}} {limit} {_end_of_limit(terms)}"


def count_against_daily_limit(
    member: User, terms: NewMemberLimits, *, is_topic: bool, at: datetime | None = None
) -> None:
    """Counts one more post of today, pending or not; raises PostRejected beyond the limit. One statement counts and
    checks, so that of fifty simultaneous posts only as many pass as the day has room for."""
    limits = [rate_counter.Limit("new-post", terms.posts_a_day, A_DAY)]
    if is_topic:
        limits.insert(0, rate_counter.Limit("new-topic", terms.topics_a_day, A_DAY))
    for limit in limits:
        try:
            rate_counter.count_action(limit, by=member, now=at.timestamp() if at else None)
        except rate_counter.RateLimitExceeded as error:
            message = _daily_limit_message(
                terms, -(-error.retry_after // 3_600), of_topics=limit.act == "new-topic"
            )
            raise PostRejected("body", message, 429, error.retry_after) from None


def _daily_limit_message(terms: NewMemberLimits, hours: int, *, of_topics: bool) -> str:
    topics = ngettext(
        "New members can create %(max)d topic per day.",
        "New members can create %(max)d topics per day.",
        terms.topics_a_day,
    ) % {"max": terms.topics_a_day}
    posts = ngettext(
        "New members can post %(max)d time per day.",
        "New members can post %(max)d times per day.",
        terms.posts_a_day,
    ) % {"max": terms.posts_a_day}
    wait = ngettext("Try again in %(hours)d hour.", "Try again in %(hours)d hours.", hours) % {"hours": hours}
    return f"{topics if of_topics else posts} {wait} {_end_of_limit(terms)}"


def _end_of_limit(terms: NewMemberLimits) -> str:
    message = ngettext(
        "This limit ends once you’ve been a member for %(days)d day and have enough visible posts (%(posts)d).",
        "This limit ends once you’ve been a member for %(days)d days and have enough visible posts (%(posts)d).",
        terms.days,
    )
    return message % {"days": terms.days, "posts": terms.posts}
