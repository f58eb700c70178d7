"""URLs below /manage/, beside those of forum."""

from django.urls import include, path

from accounts.community_rules import static_page_views, views as community_rule_views
from accounts.directory import group_views, member_views
from accounts.profile import picture_views

# /manage/groups/<id>/
group_urls = [
    path("", group_views.group, name="manage_group"),
    path("rename/", group_views.rename, name="manage_group_rename"),
    path("delete/", group_views.delete, name="manage_group_delete"),
    path("add/", group_views.add_member, name="manage_group_add"),
    path("members/<int:member_pk>/take/", group_views.remove_member, name="manage_group_take"),
]

urlpatterns = [
    path("members/", member_views.members, name="manage_members"),
    path("members/<int:pk>/", member_views.member, name="manage_member"),
    path("members/<int:pk>/remove-picture/", picture_views.remove_as_staff, name="manage_remove_picture"),
    path("groups/", group_views.groups, name="manage_groups"),
    path("groups/<int:pk>/", include(group_urls)),
    path("rules/", community_rule_views.manage_rules, name="manage_rules"),
    path("pages/", static_page_views.manage_pages, name="manage_pages"),
    path("pages/<slug:name>/", static_page_views.manage_page, name="manage_page"),
]
