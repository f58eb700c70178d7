"""URLs of the rules and the custom pages, mounted at the root."""

from django.urls import path

from accounts.community_rules import static_page_views as plain_pages, views as rules
from accounts.models import StaticPage

urlpatterns = [
    path("rules/", rules.rules, name="rules"),
    path("rules/<int:number>/", rules.version, name="rules_version"),
    *(
        path(f"{name}/", plain_pages.static_page, {"name": name}, name=name)
        for name in StaticPage.Name.values
    ),
]
