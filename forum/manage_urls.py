"""Mounted at /manage/ beside accounts' part of it."""

from django.urls import include, path

from forum import converters  # noqa: F401 - registers <id:>
from forum.views import appointing, manage

# /manage/sections/<id>/
section_urls = [
    path("", manage.section, name="manage_section"),
    path("up/", manage.move_up, name="manage_section_up"),
    path("down/", manage.move_down, name="manage_section_down"),
    path("archive/", manage.archive, name="manage_section_archive"),
    path("unarchive/", manage.unarchive, name="manage_section_unarchive"),
]

urlpatterns = [
    path("", manage.manage, name="manage"),
    path("sections/", manage.sections, name="manage_sections"),
    path("sections/new/", manage.new_section, name="manage_section_new"),
    path("sections/<id:pk>/", include(section_urls)),
    path("members/<id:pk>/sections/", appointing.appoint, name="manage_moderator"),
]
