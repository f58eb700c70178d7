"""Sign in and sign up: allauth's pages, with the two things that are ours."""

from typing import Any

from allauth.account import views as allauth
from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.core import ratelimit
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from accounts import kept, sanctioned

A_DAY = 86_400  # seconds


class LoginView(allauth.LoginView):
    def get_context_data(self, **shown: Any) -> dict[str, Any]:
        why = sanctioned.take_why_signed_out(self.request)
        said = {"signed_out": sanctioned.SIGNED_OUT, "why_signed_out": why} if why else {}
        return super().get_context_data(**shown, **said)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        kept.stash(request)  # the token has been checked before any view runs
        return super().post(request, *args, **kwargs)


class SignupView(allauth.SignupView):
    def form_valid(self, form: SignupForm) -> HttpResponse:
        # Whether the address has an account or not: what is counted tells nothing of it.
        if not ratelimit.consume(self.request, action="signed_up"):
            form.add_error(None, get_adapter().error_messages["too_many_signups"])
            answer = self.form_invalid(form)
            answer.status_code = 429
            answer["Retry-After"] = str(A_DAY)
            return answer
        try:
            return super().form_valid(form)
        except IntegrityError:
            # Somebody took the name or the address while we looked. Look again: now the form can say so, or,
            # for an address, say nothing and write to whom it belongs.
            again = self.get_form_class()(**self.get_form_kwargs())
            return super().form_valid(again) if again.is_valid() else self.form_invalid(again)
