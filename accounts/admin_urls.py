"""URLs below /manage/, beside those of forum."""

from django.urls import include, path

from accounts.community_rules import static_page_views as plain_pages, views as rules
from accounts.directory import group_views as groups, member_views as members
from accounts.profile import picture_views as pictures

# /manage/groups/<id>/
group_urls = [
    path("", groups.group, name="manage_group"),
    path("rename/", groups.rename, name="manage_group_rename"),
    path("delete/", groups.delete, name="manage_group_delete"),
    path("add/", groups.add_member, name="manage_group_add"),
    path("members/<int:member_pk>/take/", groups.remove_member, name="manage_group_take"),
]

urlpatterns = [
    path("members/", members.members, name="manage_members"),
    path("members/<int:pk>/", members.member, name="manage_member"),
    path("members/<int:pk>/remove-picture/", pictures.remove_as_staff, name="manage_remove_picture"),
    path("groups/", groups.groups, name="manage_groups"),
    path("groups/<int:pk>/", include(group_urls)),
    path("rules/", rules.manage_rules, name="manage_rules"),
    path("pages/", plain_pages.manage_pages, name="manage_pages"),
    path("pages/<slug:name>/", plain_pages.manage_page, name="manage_page"),
]
