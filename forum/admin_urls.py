"""URLs at /manage/, where accounts has some too."""

from django.urls import include, path

from forum.antispam import admin_views
from forum.sections import admin_views as sections_admin_views, moderator_views
from forum.web import url_converters  # noqa: F401 - registers <id:>

# /manage/sections/<id>/
section_urls = [
    path("", sections_admin_views.section, name="manage_section"),
    path("up/", sections_admin_views.move_up, name="manage_section_up"),
    path("down/", sections_admin_views.move_down, name="manage_section_down"),
    path("archive/", sections_admin_views.archive, name="manage_section_archive"),
    path("unarchive/", sections_admin_views.unarchive, name="manage_section_unarchive"),
]

urlpatterns = [
    path("", sections_admin_views.manage, name="manage"),
    path("sections/", sections_admin_views.sections, name="manage_sections"),
    path("sections/new/", sections_admin_views.new_section, name="manage_section_new"),
    path("sections/<id:pk>/", include(section_urls)),
    path("members/<id:pk>/sections/", moderator_views.appoint, name="manage_moderator"),
    path("words/", admin_views.words, name="manage_words"),
    path("words/<id:pk>/remove/", admin_views.remove_word, name="manage_word_remove"),
    path("new-members/", admin_views.new_members, name="manage_new_members"),
]
