"""A picture or a file that a member sent. It belongs to the first post that it is used in."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, is_member
from core.text.attachments import ALT_MAX
from forum.models.limits import FILE_NAME_MAX
from forum.models.pending_post import WaitingPost
from forum.models.post import Post

NARROW, WIDE = 480, 1_440  # pixels; a picture is kept in both, or in its own width where that is less
READ_AS_MARKS = re.compile(r"[\\\[\]`*<&|]|\b_|_\b")  # in Markdown


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, person: Person) -> "AttachmentQuerySet":
        """Who may read the post may see what belongs to it; before there is one, only its owner, and staff
        where it waits for their approval. The list twin of permissions.can_see_attachment."""
        # A question about the one post: `post__in`, beside an OR, would have all posts gathered first.
        seen = Q(Exists(Post.objects.visible_to(person).filter(pk=OuterRef("post")))) & _not_withheld(person)
        if is_member(person):
            seen |= Q(post=None, owner=person)
        if person.is_staff:
            seen |= Q(post=None, waits_with__in=WaitingPost.objects.visible_to(person).values("pk"))
        return self.filter(seen)

    def unused(self) -> "AttachmentQuerySet":
        return self.filter(post=None)


def _not_withheld(person: Person) -> Q:
    if not (is_member(person) and person.is_staff):
        return Q(is_withheld=False)
    return Q(is_withheld=False) | Q(post__topic__section__in=person.moderates) if person.is_limited else Q()


class Attachment(models.Model):
    class Kind(models.TextChoices):
        IMAGE = "image", "Picture"
        FILE = "file", "File"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attachments")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="attachments")
    # The text that it waits with for approval; staff see what they decide about.
    waits_with = models.ForeignKey(WaitingPost, models.PROTECT, null=True, related_name="attachments")
    key = models.CharField(
        max_length=32, unique=True
    )  # 128 random bits: its address and the names of its files
    # Of all that its post ever said, only revisions that staff hid name it: then it is for staff alone.
    is_withheld = models.BooleanField(default=False, db_default=False)
    kind = models.CharField(max_length=5, choices=Kind)
    name = models.CharField(max_length=FILE_NAME_MAX)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes, of all that is kept of it
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    alt = models.CharField(max_length=ALT_MAX, blank=True)
    sha256 = models.CharField(max_length=64)  # of what was sent
    uploaded_at = models.DateTimeField(default=timezone.now)
    submission_key = models.UUIDField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "submission_key"], name="one_attachment_per_submission"),
            models.CheckConstraint(
                condition=Q(kind="image", width__gt=0, height__gt=0)
                | Q(kind="file", width=None, height=None),
                name="a_picture_has_a_size_in_pixels",
            ),
        ]
        indexes = [
            models.Index(fields=["uploaded_at"], condition=Q(post=None), name="attachments_not_used_yet"),
        ]

    @property
    def is_image(self) -> bool:
        return self.kind == self.Kind.IMAGE

    @property
    def is_kept_narrow_too(self) -> bool:
        return self.width is not None and self.width > NARROW

    @property
    def files(self) -> list[str]:
        """What is kept of it."""
        return [file_name(self.key), *([file_name(self.key, NARROW)] if self.is_kept_narrow_too else [])]

    @property
    def markdown(self) -> str:
        """As it is written in a text."""
        words = self.alt if self.is_image else self.name
        words = READ_AS_MARKS.sub(r"\\\g<0>", words)
        return f"{'!' if self.is_image else ''}[{words}]({self.get_absolute_url()})"

    def get_absolute_url(self) -> str:
        return reverse("forum:attachment", args=[self.key])


def file_name(key: str, width: int | None = None) -> str:
    return f"posts/{key[:2]}/{key}{f'.{width}' if width else ''}"
