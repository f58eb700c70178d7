"""URLs of the rules and the custom pages, mounted at the root."""

from django.urls import path

from accounts.community_rules import static_page_views, views as community_rule_views
from accounts.models import StaticPage

urlpatterns = [
    path("rules/", community_rule_views.rules, name="rules"),
    path("rules/<int:number>/", community_rule_views.version, name="rules_version"),
    *(
        path(f"{name}/", static_page_views.static_page, {"name": name}, name=name)
        for name in StaticPage.Name.values
    ),
]
