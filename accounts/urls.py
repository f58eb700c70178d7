"""URLs below /account/: Belfry's own views first, which replace those of allauth with the same path."""

from django.urls import include, path

from accounts.auth import views as entrance
from accounts.profile import picture_views as pictures, views as settings

urlpatterns = [
    path("", settings.account, name="account"),
    path("settings/", settings.settings, name="account_settings"),
    path("name/", settings.name, name="account_name"),
    path("picture/", pictures.change, name="account_picture"),
    path("standing/", settings.account_status, name="account_standing"),
    path("picture/remove/", pictures.remove, name="account_remove_picture"),
    path("login/", entrance.LoginView.as_view(), name="account_login"),
    path("password/reset/", entrance.PasswordResetView.as_view(), name="account_reset_password"),
    path("confirm-email/", entrance.ConfirmEmailView.as_view(), name="account_email_verification_sent"),
    path("signup/", entrance.SignupView.as_view(), name="account_signup"),
    path("", include("allauth.urls")),
]
