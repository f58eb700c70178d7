"""URLs at /manage/, where accounts has some too."""

from django.urls import include, path

from forum.antispam import admin_views as manage_gate
from forum.sections import admin_views as manage, moderator_views as appointing
from forum.web import url_converters as converters  # noqa: F401 - registers <id:>

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
    path("words/", manage_gate.words, name="manage_words"),
    path("words/<id:pk>/remove/", manage_gate.remove_word, name="manage_word_remove"),
    path("new-members/", manage_gate.new_members, name="manage_new_members"),
]
