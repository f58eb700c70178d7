"""An uploaded image or file. It belongs to the first post that uses it."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, is_member
from core.text.attachments import ALT_MAX
from forum.models.pending_post import PendingPost
from forum.models.post import Post

ATTACHMENTS_PER_POST = 20
FILE_NAME_MAX = 150  # characters

NARROW, WIDE = 480, 1_440  # pixels; an image is stored in both widths, or in its own if that is smaller
MARKDOWN_CHARACTERS = re.compile(r"[\\\[\]`*<&|]|\b_|_\b")  # special characters of Markdown


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, person: Person) -> "AttachmentQuerySet":
        """The queryset version of permissions.can_see_attachment."""
        # Asks about the one post: `post__in` beside an OR would collect all posts first.
        condition = Q(Exists(Post.objects.visible_to(person).filter(pk=OuterRef("post")))) & _not_hidden(
            person
        )
        if is_member(person):
            condition |= Q(post=None, owner=person)
        if person.is_staff:
            condition |= Q(post=None, waits_with__in=PendingPost.objects.visible_to(person).values("pk"))
        return self.filter(condition)

    def unused(self) -> "AttachmentQuerySet":
        return self.filter(post=None)


def _not_hidden(person: Person) -> Q:
    if not (is_member(person) and person.is_staff):
        return Q(is_hidden=False)
    return Q(is_hidden=False) | Q(post__topic__section__in=person.moderates) if person.is_limited else Q()


class Attachment(models.Model):
    class Kind(models.TextChoices):
        IMAGE = "image", _("Image")
        FILE = "file", _("File")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attachments")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="attachments")
    # The pending post that uses it, so that the staff who review it can see it.
    waits_with = models.ForeignKey(PendingPost, models.PROTECT, null=True, related_name="attachments")
    key = models.CharField(max_length=32, unique=True)  # 128 random bits, in its URL and file names
    # Only hidden revisions of its post name it, so only staff can see it.
    is_hidden = models.BooleanField(default=False, db_default=False)
    kind = models.CharField(max_length=5, choices=Kind)
    name = models.CharField(max_length=FILE_NAME_MAX)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes of all its files
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    alt = models.CharField(max_length=ALT_MAX, blank=True)
    sha256 = models.CharField(max_length=64)  # of the upload
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
    def has_narrow_version(self) -> bool:
        return self.width is not None and self.width > NARROW

    @property
    def files(self) -> list[str]:
        """The names of its files."""
        return [file_name(self.key), *([file_name(self.key, NARROW)] if self.has_narrow_version else [])]

    @property
    def markdown(self) -> str:
        """The Markdown that shows or links it."""
        label = self.alt if self.is_image else self.name
        label = MARKDOWN_CHARACTERS.sub(r"\\\g<0>", label)
        return f"{'!' if self.is_image else ''}[{label}]({self.get_absolute_url()})"

    def get_absolute_url(self) -> str:
        return reverse("forum:attachment", args=[self.key])


def file_name(key: str, width: int | None = None) -> str:
    return f"posts/{key[:2]}/{key}{f'.{width}' if width else ''}"
