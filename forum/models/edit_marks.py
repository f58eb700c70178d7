"""What a post says about its newest edit, and each revision about the one that made it: noted when it was made, so that
what comes later does not change it. forum.history.edit_marks says when each is true."""

from typing import Any

from django.db import models

from accounts.models import User

ANSWERS_COUNTED = 1_000


class EditMarks(models.Model):
    # By the author, soon after posting, before anybody had answered.
    is_early_edit = models.BooleanField(default=False, db_default=False)
    # How many answers by others stood after the post; ANSWERS_COUNTED are that many or more.
    edited_after = models.PositiveIntegerField(default=0, db_default=0)
    # The role in which staff edited; empty for an author's own edit.
    edited_as = models.CharField(max_length=10, choices=User.Role, blank=True, default="", db_default="")
    # The revision that the writer had before them, when another came between and the two were merged.
    merged_from = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True

    @property
    def edit_marks(self) -> dict[str, Any]:
        names = [field.name for field in EditMarks._meta.get_fields()]
        return {name: getattr(self, name) for name in names}

    @property
    def answers_were_more(self) -> bool:
        return self.edited_after >= ANSWERS_COUNTED
