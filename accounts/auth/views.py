"""allauth's views for sign-in, sign-up and password reset, with Belfry's changes."""

from typing import Any

from allauth.account import views as allauth
from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.access.restriction_messages import SIGNED_OUT_MESSAGE
from accounts.access.suspension import pop_suspension_notice
from accounts.auth import known_devices
from accounts.auth.password_reset_forms import RequestResetForm
from core.web.preserved_input import save_from_sign_in_form

SECONDS_PER_DAY = 86_400  # seconds


class LoginView(allauth.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = pop_suspension_notice(self.request)
        suspension_context = {"signed_out": SIGNED_OUT_MESSAGE, "suspension_notice": notice} if notice else {}
        return super().get_context_data(**kwargs, **suspension_context)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        save_from_sign_in_form(request)  # the CSRF token has been checked before the view
        return super().post(request, *args, **kwargs)


class SignupView(allauth.SignupView):
    def form_valid(self, form: SignupForm) -> HttpResponse:
        # Counted whether or not the email has an account, so that the limit reveals nothing.
        if not ratelimit.consume(self.request, action="signed_up"):
            form.add_error(None, get_adapter().error_messages["too_many_signups"])
            response = self.form_invalid(form)
            response.status_code = 429
            response["Retry-After"] = str(SECONDS_PER_DAY)
            return response
        try:
            return super().form_valid(form)
        except IntegrityError:
            # The name or email was taken after the form was checked. Check it again: for a name the form shows an
            # error; for an email it shows nothing, and mail goes to the owner of the account.
            rechecked_form = self.get_form_class()(**self.get_form_kwargs())
            return (
                super().form_valid(rechecked_form)
                if rechecked_form.is_valid()
                else self.form_invalid(rechecked_form)
            )


class PasswordResetView(allauth.PasswordResetView):
    def form_valid(self, form: RequestResetForm) -> HttpResponse:
        """Counts requests of known devices separately, so that strangers cannot use up a member's limit."""
        address = form.cleaned_data["email"]
        member = form.users[0] if form.users else None
        device = known_devices.counter_key(self.request, member)
        if not device:
            network_key = f"{get_ip(self.request)} {address}"
            if response := ratelimit.consume_or_429(
                self.request, action="reset_from_network", key=network_key
            ):
                return response
        key = f"{address} {device}".strip()
        if response := ratelimit.consume_or_429(self.request, action="reset_password", key=key):
            return response
        form.save(self.request)
        return super(allauth.PasswordResetView, self).form_valid(form)


class ConfirmEmailView(allauth.ConfirmEmailVerificationCodeView):
    def _resend_form_valid(self, form: Form) -> HttpResponse:
        """Sends mail whether or not the email has an account, like the first time."""
        process = self._process
        process.send = lambda **_: type(process).send(process)
        return super()._resend_form_valid(form)

    def _verify_form_valid(self, form: Form) -> HttpResponse:
        if self._process.user is None:  # deleted by accounts/auth/unconfirmed.py
            form.add_error(
                "code", _("This account was deleted because it was never verified. Sign up again.")
            )
            return self.form_invalid(form)
        return super()._verify_form_valid(form)
