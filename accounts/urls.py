"""URLs below /account/: Belfry's own views first, which replace those of allauth with the same path."""

from django.urls import include, path

from accounts.auth import views as auth_views
from accounts.profile import picture_views, views as profile_views

urlpatterns = [
    path("", profile_views.account, name="account"),
    path("settings/", profile_views.settings, name="account_settings"),
    path("name/", profile_views.name, name="account_name"),
    path("picture/", picture_views.change, name="account_picture"),
    path("standing/", profile_views.account_status, name="account_standing"),
    path("picture/remove/", picture_views.remove, name="account_remove_picture"),
    path("login/", auth_views.LoginView.as_view(), name="account_login"),
    path("password/reset/", auth_views.PasswordResetView.as_view(), name="account_reset_password"),
    path("confirm-email/", auth_views.ConfirmEmailView.as_view(), name="account_email_verification_sent"),
    path("signup/", auth_views.SignupView.as_view(), name="account_signup"),
    path("", include("allauth.urls")),
]
