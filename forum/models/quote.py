"""A quote in a post: of which post and revision, and with which words."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Value, When

from accounts.models import Person
from forum.models.hidden_revision import HiddenRevision, HiddenRevisionQuerySet
from forum.models.post import Post


class QuoteQuerySet(models.QuerySet["Quote"]):
    def visible_to(self, person: Person) -> "QuoteQuerySet":
        """Returns the quotes that this person may read: they may read both posts, and the quoted revision is not hidden
        from them."""
        visible_posts = Post.objects.visible_to(person).values("pk")
        return self.filter(~_is_of_hidden(person), post__in=visible_posts, quoted_post__in=visible_posts)

    def as_seen_by(self, person: Person) -> "QuoteQuerySet":
        """Adds `may_read`; `words`, which are empty for people who may not read the quoted post; and `is_of_hidden`,
        for a quoted revision that only staff can read."""
        readable = Exists(Post.objects.visible_to(person).filter(pk=OuterRef("quoted_post")))
        hidden = Exists(_of_quoted(HiddenRevision.objects.all()))
        return self.annotate(may_read=readable & ~_is_of_hidden(person), is_of_hidden=hidden).annotate(
            words=Case(
                When(may_read=True, then=F("html")), default=Value(""), output_field=models.TextField()
            )
        )


def _is_of_hidden(person: Person) -> Exists:
    return Exists(_of_quoted(HiddenRevision.objects.hidden_from(person)))


def _of_quoted(hidden: HiddenRevisionQuerySet) -> HiddenRevisionQuerySet:
    return hidden.filter(post=OuterRef("quoted_post"), number=OuterRef("quoted_revision"))


class Quote(models.Model):
    """One row for each quote in each revision of a post."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="quotes")
    revision = models.PositiveIntegerField()
    number = models.PositiveSmallIntegerField()  # its position among the quotes of that text
    # The lines of the text that contain it, so that they can be left out.
    begins = models.PositiveIntegerField()
    ends = models.PositiveIntegerField()
    # None: there is no such post, or a quote is not allowed there. Nobody sees its words.
    quoted_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="quoted_in")
    quoted_revision = models.PositiveIntegerField()
    is_word_for_word = models.BooleanField()  # whether the words are in that revision
    html = models.TextField()

    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "revision", "number"], name="one_quote_per_place"),
        ]
