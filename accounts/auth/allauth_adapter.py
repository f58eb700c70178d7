"""allauth's account adapter: checks names and emails, counts failed sign-ins per account, sends mail."""

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
from django.utils.translation import gettext, gettext_lazy as _

from accounts.auth import known_devices
from accounts.auth.ip_log import store_ip_address
from accounts.models import IpSighting, User
from accounts.models.email_address import normalize_address
from accounts.profile.taken_names import is_taken
from core.text.name_keys import check_name, name_key

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": _("That username is taken or too similar to another."),
        "username_password_mismatch": _("Incorrect username or password."),
        "email_password_mismatch": _("Incorrect email or password."),
        "too_many_login_attempts": _("Too many attempts. Try again in a few minutes."),
        "incorrect_code": _("That code is incorrect."),
        "incorrect_password": _("That password is incorrect."),
        "enter_current_password": _("That password is incorrect."),
        "duplicate_email": _("This is already your email."),
        "rate_limited": _("Too many requests. Wait a moment and try again."),
        "too_many_signups": _("Too many sign-ups from your network today. Try again tomorrow."),
        "account_inactive": _("This account is deactivated."),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        name = check_name(username)
        if not shallow and is_taken(name_key(name)):
            raise self.validation_error("username_taken")
        return name

    def clean_email(self, email: str) -> str:
        """Forms use EmailAddressField, which checks the email first; this covers the other callers in allauth."""
        try:
            return normalize_address(email)
        except ValueError:
            raise ValidationError(gettext("Enter a valid email.")) from None

    def new_user(self, request: HttpRequest) -> User:
        """Marks the user as a new member."""
        user = super().new_user(request)
        user.is_new = True
        return user

    def populate_username(self, request: HttpRequest, user: User) -> None:
        user.set_name(user.name)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """If two people verify the same email at once, the second gets a message that it is taken."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False

    def set_password(self, user: User, password: str) -> None:
        """Saves the password only: other fields may have changed while it was being hashed."""
        user.set_password(password)
        user.save(update_fields=["password"])
        if context.request is not None:
            known_devices.mark_as_known(context.request, user)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        saved_user = super().save_user(request, user, form, commit=commit)
        store_ip_address(request, saved_user, IpSighting.Act.SIGN_UP)
        return saved_user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        store_ip_address(request, user, IpSighting.Act.SIGN_IN)
        known_devices.mark_as_known(request, user)
        return super().post_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Suspended members are sent to their account status, all others where allauth sends them."""
        if request.user.is_authenticated and request.user.is_suspended:
            return reverse("account_standing")
        return super().get_login_redirect_url(request)

    def is_safe_url(self, url: str) -> bool:
        """Allows only paths on this site in `next`."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """If the mail server cannot be reached, logs it and shows a message, instead of failing the page."""
        try:
            super().send_mail(template_prefix, email, {**context, "community": settings.COMMUNITY_NAME})
        except OSError:  # includes smtplib's errors and connection errors
            log.exception("Mail %s could not be sent", template_prefix)
            message = gettext("We couldn’t send you an email. Try again in a few minutes.")
            self.add_message(self.request, messages.ERROR, message=message)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed attempts are counted per account, however its name or email is spelled. A device that has been signed
        in to the account before has a count of its own."""
        login = credentials.get("email") or credentials.get("username") or ""
        user = User.objects.by_name_or_email(login)
        if user is None:
            return f"nobody {login.casefold()}"
        return f"user {user.pk} {known_devices.counter_key(request, user)}".strip()
