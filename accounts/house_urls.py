"""What the community stands on, mounted at the root: its rules, and the pages that admins write themselves."""

from django.urls import path

from accounts.models import PlainPage
from accounts.views import plain_pages, rules

urlpatterns = [
    path("rules/", rules.rules, name="rules"),
    path("rules/<int:number>/", rules.version, name="rules_version"),
    *(path(f"{name}/", plain_pages.shown, {"name": name}, name=name) for name in PlainPage.Name.values),
]
