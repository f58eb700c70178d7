"""Facts about the edit that created a revision, stored at that time so that later changes do not affect them. A post
has those of its newest edit. forum/history/edit_marks.py decides them."""

from typing import Any

from django.db import models

from accounts.models import User

MAX_REPLIES_COUNTED = 1_000


class EditMarks(models.Model):
    # By the author, soon after posting, before anyone replied.
    is_early_edit = models.BooleanField(default=False, db_default=False)
    # The number of visible replies by others after the post; MAX_REPLIES_COUNTED means that many or more.
    replies_before_edit = models.PositiveIntegerField(default=0, db_default=0)
    # The role of the editing staff; empty for edits by the author.
    edited_as = models.CharField(max_length=10, choices=User.Role, blank=True, default="", db_default="")
    # The revision that the edit started from, if it was merged with a later one.
    merged_from = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True

    @property
    def edit_marks(self) -> dict[str, Any]:
        names = [field.name for field in EditMarks._meta.get_fields()]
        return {name: getattr(self, name) for name in names}

    @property
    def has_more_replies(self) -> bool:
        return self.replies_before_edit >= MAX_REPLIES_COUNTED
