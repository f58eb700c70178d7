"""A person with an account: one name, one role, what they say about themselves."""

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
from django.urls import reverse
from django.utils import timezone

from accounts.models.email_address import address_of
from core.text.name_keys import check_name, email_key, name_key, plain_letters, sort_key

ABOUT_MAX = 2_000


class UserManager(BaseUserManager["User"]):
    def by_name(self, name: str) -> "User":
        return self.get(name_key=name_key(name))

    def by_name_or_email(self, said: str) -> "User | None":
        """Whom somebody means who signs in. A name has no @."""
        key = {"email": email_key(said)} if "@" in said else {"name_key": name_key(said)}
        return self.filter(**key).first() or self._formerly(key)

    def locked_both(self, by: "User", member: "User") -> "tuple[User, User]":
        """Whoever acts and whom it concerns, both as they are now, in one order for all: of two who sanction each other
        one comes first, and the other is told that they may not any more."""
        rows = self.select_for_update(no_key=True).filter(pk__in=[by.pk, member.pk]).order_by("pk")
        people = {person.pk: person for person in rows}
        if by.pk is None:  # a guest, who has no row
            return by, people[member.pk]
        people[by.pk].lacks_second_factor = by.lacks_second_factor
        return people[by.pk], people[member.pk]

    def _formerly(self, key: dict[str, str]) -> "User | None":
        """Whose name this was: it stays theirs, and nobody else's to take."""
        return self.filter(former_names__name_key=key["name_key"]).first() if "name_key" in key else None

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.by_name(username or "")

    def create_user(self, name: str, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=address_of(email), **fields)
        user.take_name(check_name(name))
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, name: str, email: str, password: str | None = None, **fields: Any) -> "User":
        """For `manage.py createsuperuser`. Whoever runs commands on the server answers for the address."""
        if self.by_name_or_email(name) or self.by_name_or_email(email):
            raise ValidationError("This name or this address has an account already.")
        from allauth.account.models import EmailAddress  # its model wants ours first

        user = self.create_user(name, email, password, role=User.Role.ADMIN, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractBaseUser):
    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        MODERATOR = "moderator", "Moderator"
        ADMIN = "admin", "Admin"

    name = models.CharField(max_length=30)
    # Case and look-alikes folded, so that two names that read the same cannot both exist.
    name_key = models.CharField(max_length=200, unique=True, editable=False)
    sort_key = models.CharField(max_length=200, db_default="", default="", editable=False)
    # As one types it without keys for its accents.
    name_plain = models.CharField(max_length=200, editable=False)
    name_changed_at = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    about = models.CharField(max_length=ABOUT_MAX, blank=True)
    about_html = models.TextField(blank=True, editable=False)
    time_zone = models.CharField(max_length=64, blank=True)
    picture = models.CharField(
        max_length=32, blank=True, editable=False
    )  # its key; accounts/profile/picture.py
    # Until when; accounts/models/sanction.py. Nobody has to do anything when the moment has come.
    silenced_until = models.DateTimeField(null=True, editable=False)
    suspended_until = models.DateTimeField(null=True, editable=False)
    # The sections that a moderator is limited to, by id (accounts/ knows no sections); None: all of them.
    moderates = ArrayField(models.BigIntegerField(), null=True, editable=False)
    # Grows when what their page says of them changes.
    version = models.PositiveIntegerField(default=1, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    # What was written before this moment counts as read; who joins does not begin with years of unread posts.
    caught_up_at = models.DateTimeField(default=timezone.now, editable=False)
    # Signed up lately: forum/gate/ says what that means and when it ends. Who came otherwise is known to somebody.
    is_new = models.BooleanField(default=False, db_default=False, editable=False)
    # The form for joining was sent sooner than people fill it in; forum/gate/ looks at what they write first.
    joined_in_haste = models.BooleanField(default=False, db_default=False, editable=False)
    # How many of their texts wait for approval: the rows of WaitingPost, counted.
    texts_waiting = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # The rules as they were when this member accepted them; None for who joined while there were none.
    accepted_rules = models.ForeignKey(
        "accounts.RulesVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = UserManager()

    # Set by accounts.auth.middleware.second_factor on the person of a request: while staff who need a second factor
    # have none, they are an ordinary member everywhere, and only the pages of staff tell them why.
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

    def take_name(self, name: str) -> None:
        """Set the name, the key that keeps it unique, the one that puts it in order, and how it is looked for; these
        are never set apart."""
        self.name, self.name_key = name, name_key(name)
        self.sort_key, self.name_plain = sort_key(name), plain_letters(name)

    @property
    def is_admin(self) -> bool:
        return self.role == self.Role.ADMIN and self.has_powers

    @property
    def is_staff(self) -> bool:
        """Moderators and admins together."""
        return self.role != self.Role.MEMBER and self.has_powers

    @property
    def is_official(self) -> bool:
        """Does the mark of their role stand beside their name? It does not ask the clock, as pages that are kept
        could not: what staff said stays said by staff while one of them is suspended."""
        return self.role != self.Role.MEMBER and self.is_active

    @property
    def has_powers(self) -> bool:
        """May this person use the powers of their role now?"""
        return self.is_active and not self.lacks_second_factor and not self.is_suspended

    @property
    def is_limited(self) -> bool:
        """A moderator of some sections; in all others an ordinary member."""
        return self.moderates is not None

    def moderates_section(self, pk: int) -> bool:
        """As far as sections go; whether they are staff at all, is_staff says."""
        return self.moderates is None or pk in self.moderates

    @property
    def is_suspended(self) -> bool:
        """They may read what guests may, and nothing else."""
        return _is_to_come(self.suspended_until)

    @property
    def is_silenced(self) -> bool:
        """They may read as a member, and report; nothing that others can read may be written."""
        return _is_to_come(self.silenced_until)

    @cached_property
    def group_ids(self) -> frozenset[int]:
        return frozenset(self.group_set.values_list("pk", flat=True))

    @property
    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.time_zone or settings.TIME_ZONE)
        except ZoneInfoNotFoundError:  # the world's list of zones has dropped the one they chose
            return ZoneInfo(settings.TIME_ZONE)

    @property
    def hue(self) -> int:
        """Which of the six avatar colours is theirs, for good."""
        return (self.pk or 0) % 6 + 1

    def get_absolute_url(self) -> str:
        return reverse("forum:member", args=[self.name])


Person = User | AnonymousUser  # whoever asks: somebody with an account, or a guest


def is_member(person: Person) -> TypeGuard[User]:
    """Somebody signed in, whose account may be used now; everybody else is a guest."""
    return person.is_authenticated and person.is_active and not person.is_suspended


def _is_to_come(moment: datetime | None) -> bool:
    return moment is not None and moment > timezone.now()


class FormerName(models.Model):
    """A name that somebody had: it leads to them and nobody else may take it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=30)
    name_key = models.CharField(max_length=200, unique=True)
    given_up_at = models.DateTimeField(default=timezone.now)
