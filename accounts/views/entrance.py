"""Sign in and sign up: allauth's pages, with the two things that are ours."""

from allauth.account import views as allauth
from allauth.account.forms import SignupForm
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from accounts import kept


class LoginView(allauth.LoginView):
    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        kept.stash(request)  # the token has been checked before any view runs
        return super().post(request, *args, **kwargs)


class SignupView(allauth.SignupView):
    def form_valid(self, form: SignupForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except IntegrityError:
            # Somebody took the name or the address while we looked. Look again: now the form can say so, or,
            # for an address, say nothing and write to whom it belongs.
            again = self.get_form_class()(**self.get_form_kwargs())
            return super().form_valid(again) if again.is_valid() else self.form_invalid(again)
