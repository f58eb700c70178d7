"""Who is new, and what holds for them meanwhile. It ends by itself: after some days, when some of their posts stand."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rate_limiting import limits as rates
from core.text import Rendered
from core.text.links import EXTERNAL_REL
from forum.access.errors import TextRefused
from forum.antispam.verdict import ALL_WELL, Act, Verdict
from forum.attachments.links import keys_in
from forum.models import NewMemberTerms, Post, Quote, WaitingPost
from forum.quotes.sources import readable

if TYPE_CHECKING:
    from forum.antispam.submission import Said

A_DAY = 86_400
OUTWARD = f'rel="{EXTERNAL_REL}"'
Why = WaitingPost.Why


def posts_that_stand(member: User, terms: NewMemberTerms) -> int:
    """As far as anybody wants to know."""
    enough = max(terms.posts, terms.first_posts)
    return Post.objects.filter(author=member).standing().order_by("-pk")[:enough].count()


def is_known(member: User, terms: NewMemberTerms, standing: int) -> bool:
    """Have they been here long enough, and posted enough?"""
    return member.joined_at <= timezone.now() - timedelta(days=terms.days) and standing >= terms.posts


def has_arrived(member: User, terms: NewMemberTerms, standing: int) -> bool:
    """Whoever has is new no more, for good."""
    if not is_known(member, terms, standing):
        return False
    User.objects.filter(pk=member.pk).update(is_new=False, version=F("version") + 1)
    member.is_new = False
    return True


def verdict_on(said: "Said", by: User, terms: NewMemberTerms, standing: int) -> Verdict:
    if words := _too_much(said.body, said.rendered, terms):
        return Verdict(Act.REFUSE, words=words)
    if said.trapped:
        return Verdict(Act.HOLD, Why.TRAP)
    if by.joined_in_haste and not standing:
        return Verdict(Act.HOLD, Why.HASTE)
    if (terms.hold_first or said.section.hold_first) and standing < terms.first_posts:
        return Verdict(Act.HOLD, Why.FIRST)
    links = links_in(said.rendered.html, said.quotes, by=by)
    return Verdict(Act.HOLD, Why.LINKS, what=f"{links} links") if links > terms.links else ALL_WELL


def require_no_more(
    post: Post, body: str, rendered: Rendered, quotes: list[Quote], terms: NewMemberTerms, *, by: User
) -> None:
    """May the post say this instead? As much as stands in it already may stay, whatever let it in."""
    stood = post.mentions.count(), len(keys_in(post.body))
    if words := _too_much(body, rendered, terms, stood=stood):
        raise TextRefused("body", words)
    links, before = links_in(rendered.html, quotes, by=by), post.quotes.filter(revision=post.version)
    if links > terms.links and links > links_in(post.html, before, by=by):
        raise TextRefused(
            "body", f"It has {links} links; {explained(terms, f'put {terms.links} into one text')}"
        )


def links_in(html: str, quotes: Iterable[Quote], *, by: User) -> int:
    """How many lead out of the community; those in somebody else's own words do not count, if the writer may read
    them: a guess at words that are hidden from them counts the same, right or wrong."""
    linking = [quote for quote in quotes if OUTWARD in quote.html]
    known = readable(((quote.quoted_post_id or 0, quote.quoted_revision) for quote in linking), by)
    invented = [
        quote.html
        for quote in linking
        if not quote.is_word_for_word or (quote.quoted_post_id, quote.quoted_revision) not in known
    ]
    return sum(said.count(OUTWARD) for said in [html, *invented])


MENTIONS = ("It mentions %(many)d member; %(rule)s", "It mentions %(many)d members; %(rule)s")
USES = ("It uses %(many)d attachment; %(rule)s", "It uses %(many)d attachments; %(rule)s")


def _too_much(
    body: str, rendered: Rendered, terms: NewMemberTerms, *, stood: tuple[int, int] = (0, 0)
) -> str:
    """What its writer is told of a text with too many mentions or attachments. `stood`: how many it had of each."""
    for act, many, most, had, found in (
        ("mention", len(rendered.people), terms.mentions, stood[0], MENTIONS),
        ("use", len(keys_in(body)), terms.attachments, stood[1], USES),
    ):
        if many > max(most, had):
            rule = explained(terms, f"{act} {most or 'none'} in one text")
            return ngettext(*found, many) % {"many": many, "rule": rule}
    return ""


def spend_day(member: User, terms: NewMemberTerms, *, is_topic: bool, at: datetime | None = None) -> None:
    """One more text of today's, held or not. Counted in one statement, so that of fifty at once no more get through
    than a day has room for."""
    limits = [rates.Limit("new-post", terms.posts_a_day, A_DAY)]
    if is_topic:
        limits.insert(0, rates.Limit("new-topic", terms.topics_a_day, A_DAY))
    for limit in limits:
        try:
            rates.spend(limit, by=member, now=at.timestamp() if at else None)
        except rates.TooFast as refusal:
            act = (
                f"start {limit.most} topics a day"
                if limit.act == "new-topic"
                else f"post {limit.most} times a day"
            )
            hours = -(-refusal.retry_after // 3_600)
            words = f"That is all for today: {explained(terms, act)} There is room again in {hours} h."
            raise TextRefused("body", words, 429, refusal.retry_after) from None


def explained(terms: NewMemberTerms, act: str) -> str:
    """The rule and its end, in a sentence that goes on."""
    words = ngettext(
        "new members may %(act)s. This ends by itself after %(days)d day here, when %(posts)d of your posts stand.",
        "new members may %(act)s. This ends by itself after %(days)d days here, when %(posts)d of your posts stand.",
        terms.days,
    )
    return words % {"act": act, "days": terms.days, "posts": terms.posts}
