"""Members: name, email, role, profile and restrictions."""

from datetime import datetime
from functools import cached_property
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models.email_address import normalize_address
from core.text.name_keys import check_name, email_key, name_key, sort_key, without_accents

ABOUT_MAX = 2_000


class UserManager(BaseUserManager["User"]):
    def by_name(self, name: str) -> "User":
        return self.get(name_key=name_key(name))

    def by_name_or_email(self, login: str) -> "User | None":
        """Returns the member with this name, former name or email, or None. Names contain no @."""
        key = {"email": email_key(login)} if "@" in login else {"name_key": name_key(login)}
        return self.filter(**key).first() or self._by_former_name(key)

    def active(self) -> "models.QuerySet[User]":
        """Returns the members with a verified email who are not suspended. Only they are suggested and can be
        mentioned."""
        from allauth.account.models import EmailAddress  # it imports this model

        verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        return self.filter(Q(suspended_until=None) | Q(suspended_until__lte=Now()), Exists(verified))

    def locked_both(self, by: "User", member: "User") -> "tuple[User, User]":
        """Locks and returns both, read again. Always in the same order, so that of two moderators who sanction each
        other one comes first and the other is rejected."""
        rows = self.select_for_update(no_key=True).filter(pk__in=[by.pk, member.pk]).order_by("pk")
        people = {person.pk: person for person in rows}
        if by.pk is None:  # a guest, who has no row
            return by, people[member.pk]
        people[by.pk].lacks_second_factor = by.lacks_second_factor
        return people[by.pk], people[member.pk]

    def _by_former_name(self, key: dict[str, str]) -> "User | None":
        """Returns the member who had this name before."""
        return self.filter(former_names__name_key=key["name_key"]).first() if "name_key" in key else None

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.by_name(username or "")

    def create_user(self, name: str, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=normalize_address(email), **fields)
        user.set_name(check_name(name))
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, name: str, email: str, password: str | None = None, **fields: Any) -> "User":
        """For `manage.py createsuperuser`. The email counts as verified."""
        if self.by_name_or_email(name) or self.by_name_or_email(email):
            raise ValidationError(gettext("This username or email already has an account."))
        from allauth.account.models import EmailAddress  # it imports this model

        user = self.create_user(name, email, password, role=User.Role.ADMIN, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractBaseUser):
    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        MODERATOR = "moderator", _("Moderator")
        ADMIN = "admin", _("Admin")

    name = models.CharField(max_length=30)
    # Without case and look-alikes, so that names that look the same cannot both exist.
    name_key = models.CharField(max_length=200, unique=True, editable=False)
    sort_key = models.CharField(max_length=200, db_default="", default="", editable=False)
    # The name without accents, for search.
    name_plain = models.CharField(max_length=200, editable=False)
    name_changed_at = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    about = models.CharField(max_length=ABOUT_MAX, blank=True)
    about_html = models.TextField(blank=True, editable=False)
    time_zone = models.CharField(max_length=64, blank=True)
    # The key of the picture's files (accounts/profile/picture.py).
    picture = models.CharField(max_length=32, blank=True, editable=False)
    # The end of an active sanction (accounts/models/sanction.py).
    silenced_until = models.DateTimeField(null=True, editable=False)
    suspended_until = models.DateTimeField(null=True, editable=False)
    # The ids of the sections that a moderator is limited to; None: all sections.
    moderates = ArrayField(models.BigIntegerField(), null=True, editable=False)
    # Grows when their profile changes.
    version = models.PositiveIntegerField(default=1, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    # Posts before this time count as read, so that new members do not start with years of unread posts.
    read_all_until = models.DateTimeField(default=timezone.now, editable=False)
    # A new member; forum/antispam/ says what that means and when it ends. Set at sign-up only.
    is_new = models.BooleanField(default=False, db_default=False, editable=False)
    # The sign-up form was sent faster than people fill it in; forum/antispam/ checks their first posts.
    joined_too_fast = models.BooleanField(default=False, db_default=False, editable=False)
    # The number of their posts awaiting approval (rows of PendingPost).
    texts_waiting = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # The version of the rules that the member accepted; None if there were no rules.
    accepted_rules = models.ForeignKey(
        "accounts.RulesVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = UserManager()

    # Set by accounts.auth.middleware.require_second_factor: staff without a required second factor have the rights of
    # an ordinary member.
    lacks_second_factor = False

    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["member", "moderator", "admin"]), name="role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(moderates=None) | models.Q(role="moderator", moderates__len__gt=0),
                name="only_moderators_are_limited_to_sections",
            ),
        ]
        indexes = [
            models.Index(fields=["joined_at", "id"], name="members_by_joining"),
            models.Index(fields=["sort_key", "id"], name="members_by_name"),
            models.Index(fields=["name_plain"], name="members_by_plain_name"),
            models.Index(fields=["role"], condition=~models.Q(role="member"), name="staff_by_role"),
            models.Index(
                fields=["-id"],
                condition=models.Q(silenced_until__isnull=False) | models.Q(suspended_until__isnull=False),
                name="members_under_a_sanction",
            ),
        ]

    def set_name(self, name: str) -> None:
        """Sets the name and all columns derived from it."""
        self.name, self.name_key = name, name_key(name)
        self.sort_key, self.name_plain = sort_key(name), without_accents(name)

    @property
    def is_admin(self) -> bool:
        return self.role == self.Role.ADMIN and self.has_role_rights

    @property
    def is_staff(self) -> bool:
        """Is this person a moderator or admin?"""
        return self.role != self.Role.MEMBER and self.has_role_rights

    @property
    def shows_role(self) -> bool:
        """Is the role shown beside the name? Unlike `is_staff`, it ignores suspensions, which end at a time that cached
        pages do not know."""
        return self.role != self.Role.MEMBER and self.is_active

    @property
    def has_role_rights(self) -> bool:
        """Can this person use the rights of their role now?"""
        return self.is_active and not self.lacks_second_factor and not self.is_suspended

    @property
    def is_limited(self) -> bool:
        """Is this person a moderator of some sections only?"""
        return self.moderates is not None

    def moderates_section(self, pk: int) -> bool:
        """Is the section among those that they moderate? (Check `is_staff` too.)"""
        return self.moderates is None or pk in self.moderates

    @property
    def is_suspended(self) -> bool:
        """Suspended members can only read what guests can read."""
        return _is_future(self.suspended_until)

    @property
    def is_silenced(self) -> bool:
        """Silenced members can read and report, but not write anything that others can read."""
        return _is_future(self.silenced_until)

    @cached_property
    def group_ids(self) -> frozenset[int]:
        return frozenset(self.group_set.values_list("pk", flat=True))

    @property
    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.time_zone or settings.TIME_ZONE)
        except ZoneInfoNotFoundError:  # the zone was removed from the time zone database
            return ZoneInfo(settings.TIME_ZONE)

    @property
    def avatar_color(self) -> int:
        """Returns the number of their avatar color, 1 to 6, which never changes."""
        return (self.pk or 0) % 6 + 1

    def get_absolute_url(self) -> str:
        return reverse(settings.MEMBER_PAGE, args=[self.name])


Person = User | AnonymousUser  # a member or a guest


def is_member(person: Person) -> TypeGuard[User]:
    """Is this person signed in, with an account that is neither deactivated nor suspended?"""
    return person.is_authenticated and person.is_active and not person.is_suspended


def _is_future(moment: datetime | None) -> bool:
    return moment is not None and moment > timezone.now()


class FormerName(models.Model):
    """A former name. Its links lead to the member, and no one else can take it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=30)
    name_key = models.CharField(max_length=200, unique=True)
    given_up_at = models.DateTimeField(default=timezone.now)
