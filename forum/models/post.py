"""A post in a topic."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Person, User, is_member
from forum.models.edit_marks import EditMarks
from forum.models.maximum_lengths import BODY_MAX, EXCERPT_MAX, REASON_MAX
from forum.models.page_sizes import POSTS_PER_PAGE
from forum.models.planned_for import planned_for
from forum.models.removal import Removal
from forum.models.row_lock import lock_row
from forum.models.topic import Topic, page_of


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, person: Person) -> "PostQuerySet":
        """Returns the posts that this person may read: the queryset version of permissions.can_read_text."""
        posts = self.filter(topic__in=Topic.objects.visible_to(person).values("pk"))
        if not is_member(person):
            return posts.not_removed()
        if person.is_staff and not person.is_limited:
            return posts
        readable = ~_is_removed() | Q(author=person.pk)
        return posts.filter(
            readable | Q(topic__section__in=person.moderates) if person.is_staff else readable
        )

    def by(self, member: User) -> "PostQuerySet":
        """Returns the posts of one member."""
        return self.filter(author=planned_for(member.pk))

    def not_removed(self) -> "PostQuerySet":
        """Returns the posts that are not removed."""
        return self.filter(~_is_removed())

    def newest(self) -> "Post":
        """Returns the post that was written last. For posts that were never moved, times grow with positions, so the
        last position is enough; moved posts have an index by time."""
        posts = self.only("position", "posted_at", "author_id")
        unmoved = posts.filter(moved_at=None).order_by("-position")[:1]
        moved = posts.filter(moved_at__isnull=False).order_by("-posted_at", "-position")[:1]
        candidates: list[Post] = [*unmoved, *moved]
        return max(candidates, key=lambda post: (post.posted_at, post.position))

    def on_page(self, number: int) -> "PostQuerySet":
        """Returns the posts of a page, including removed ones. Positions make any page a range scan."""
        first = (number - 1) * POSTS_PER_PAGE + 1
        return self.filter(position__range=(first, first + POSTS_PER_PAGE - 1)).order_by("position")

    def with_details(self) -> "PostQuerySet":
        """Joins what a post shows beside its text."""
        return self.select_related("author", "edited_by", "removal__removed_by", "highlight")

    def with_topic(self) -> "PostQuerySet":
        """Joins what permissions need to know about the topic."""
        return self.select_related("topic__section", "topic__closure")

    def locked(self, pk: int) -> "Post":
        """Locks the row, then reads it, like Topic.objects.locked. Code that needs both locks the topic first."""
        lock_row(self.model, pk)
        return self.with_details().with_topic().get(pk=pk)


def _is_removed() -> Exists:
    """Not as an outer join: PostgreSQL would expect almost no posts to match, and read all posts of a member to find
    the newest twenty."""
    return Exists(Removal.objects.filter(post=OuterRef("pk")))


class Post(EditMarks):
    # No indexes of their own, which every post would write: those below begin with these columns.
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="posts", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", db_index=False)
    position = models.PositiveIntegerField()
    posted_at = models.DateTimeField(default=timezone.now)
    body = models.CharField(max_length=BODY_MAX)
    # Rendered once, when it is written.
    html = models.TextField()
    excerpt = models.CharField(max_length=EXCERPT_MAX)
    renderer = models.PositiveSmallIntegerField()
    submission_key = models.UUIDField()
    # The number of the current revision. Earlier ones are rows of Revision.
    version = models.PositiveIntegerField(default=1)
    # When it was moved here. The times of all other posts grow with their positions.
    moved_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    edit_reason = models.CharField(max_length=REASON_MAX, blank=True)
    # Staff edited it before the newest edit, whose mark would hide that.
    was_edited_by_staff = models.BooleanField(default=False, db_default=False)

    # The number of its rows of Thanks.
    thanked = models.PositiveIntegerField(default=0, db_default=0)
    # It says nothing but thanks, and is not set to be always shown (forum/thanks/folding.py).
    folds = models.BooleanField(default=False, db_default=False)

    objects = PostQuerySet.as_manager()

    class Meta(EditMarks.Meta):
        constraints = [
            models.UniqueConstraint(fields=["topic", "position"], name="one_post_per_position"),
            models.UniqueConstraint(fields=["author", "submission_key"], name="one_post_per_submission"),
            models.CheckConstraint(condition=~Q(body=""), name="post_says_something"),
            models.CheckConstraint(
                condition=Q(version=1, edited_at=None, edited_by=None)
                | Q(version__gt=1, edited_at__isnull=False, edited_by__isnull=False),
                name="an_edit_has_a_time_and_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-id"], name="posts_by_member"),
            models.Index(fields=["renderer", "id"], name="posts_by_renderer"),
            models.Index(fields=["topic", "position"], condition=Q(folds=True), name="posts_that_fold"),
            models.Index(
                fields=["topic", "-posted_at", "-position"],
                condition=Q(moved_at__isnull=False),
                name="posts_that_were_moved",
            ),
        ]

    @property
    def is_original(self) -> bool:
        return self.position == 1

    @property
    def is_removed(self) -> bool:
        return hasattr(self, "removal")

    @property
    def is_auto_hidden(self) -> bool:
        """Whether the post is auto-hidden until staff review it."""
        return self.is_removed and self.removal.is_auto_hidden

    @property
    def is_highlighted(self) -> bool:
        return hasattr(self, "highlight")

    @property
    def is_folded(self) -> bool:
        """Whether the post is collapsed as a thank-you reply. Never for posts by staff and for removed posts."""
        return (
            self.folds
            and self.topic.section.fold_thanks
            and not self.author.shows_role
            and not self.is_removed
        )

    @property
    def is_edited(self) -> bool:
        return self.version > 1

    @property
    def original_text(self) -> str:
        """The text as it was first posted."""
        return self.body if self.version == 1 else self.revisions.get(number=1).body

    @property
    def page(self) -> int:
        return page_of(self.position)

    @cached_property
    def in_words(self) -> str:
        """The name of the post in the labels of buttons, for screen readers."""
        return _("%(author)s’s post #%(number)d") % {"author": self.author.name, "number": self.position}

    @property
    def url_on_page(self) -> str:
        """The page of its topic with the post."""
        page = f"?page={self.page}" if self.page > 1 else ""
        return f"{self.topic.get_absolute_url()}{page}"

    @property
    def actions_url(self) -> str:
        """The URL of the buttons below the post, to return there after an action."""
        return f"{self.url_on_page}#acts{self.pk}"

    def url_for(self, act: str) -> str:
        return reverse(f"forum:{act}", args=[self.pk])

    def get_absolute_url(self) -> str:
        """The permalink, which stays the same when the post is moved."""
        return reverse("forum:post", args=[self.pk])
