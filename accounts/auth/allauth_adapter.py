"""What allauth asks Belfry: what names and addresses are, who is being guessed at, what becomes of a mail."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.auth import ip_log as addresses, known_devices
from accounts.models import Sighting, User
from accounts.models.email_address import address_of
from accounts.profile import taken_names as naming
from core.text.name_keys import check_name, name_key

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": "This name is taken, or looks too much like one that is.",
        "username_password_mismatch": "This name and this password do not belong together.",
        "email_password_mismatch": "This address and this password do not belong together.",
        "too_many_login_attempts": "That went wrong too often. Please wait a few minutes and try again.",
        "incorrect_code": "This is not the code.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your password.",
        "duplicate_email": "This is your address already.",
        "rate_limited": "That was very quick. Please wait a little and try again.",
        "too_many_signups": "Too many accounts were made from your network today. Please try again tomorrow.",
        "account_inactive": "This account is closed.",
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        name = check_name(username)
        if not shallow and naming.is_taken(name_key(name)):
            raise self.validation_error("username_taken")
        return name

    def clean_email(self, email: str) -> str:
        """Forms have it from AddressField already; this is for whatever else asks allauth."""
        try:
            return address_of(email)
        except ValueError:
            raise ValidationError("This is no mail address.") from None

    def new_user(self, request: HttpRequest) -> User:
        """Nobody knows them yet."""
        user = super().new_user(request)
        user.is_new = True
        return user

    def populate_username(self, request: HttpRequest, user: User) -> None:
        user.take_name(user.name)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Two people may be about to confirm one address; the second is told that it is taken."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False

    def set_password(self, user: User, password: str) -> None:
        """Write nothing else: who the member was when the request began may have changed while it was hashed."""
        user.set_password(password)
        user.save(update_fields=["password"])
        if context.request is not None:
            known_devices.remember(context.request, user)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        made = super().save_user(request, user, form, commit=commit)
        addresses.note(request, made, Sighting.Act.SIGN_UP)
        return made

    def post_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponse:
        addresses.note(request, user, Sighting.Act.SIGN_IN)
        known_devices.remember(request, user)
        return super().post_login(request, user, **said)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who is suspended comes to the page that says why; everybody else to the front page."""
        if request.user.is_authenticated and request.user.is_suspended:
            return reverse("account_standing")
        return super().get_login_redirect_url(request)

    def is_safe_url(self, url: str) -> bool:
        """`next` leads to a path of this site and nowhere else."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away is no reason to fail the page: we log it and tell the person."""
        try:
            super().send_mail(template_prefix, email, {**context, "community": settings.COMMUNITY_NAME})
        except OSError:  # every error of smtplib is one, and so is a server that is not there
            log.exception("Mail %s could not be sent", template_prefix)
            words = "Our mail could not be sent just now. Please try again in a few minutes."
            self.add_message(self.request, messages.ERROR, message=words)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Guesses count by whom they aim at, however they spell the name, and by name and address together; those of a
        device that has been signed in there count by themselves."""
        said = credentials.get("email") or credentials.get("username") or ""
        aim = User.objects.by_name_or_email(said)
        if aim is None:
            return f"nobody {said.casefold()}"
        return f"user {aim.pk} {known_devices.key_of(request, aim)}".strip()
