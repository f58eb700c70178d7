"""Mounted at /inbox/."""

from django.urls import path

from notifications.views import inbox

app_name = "notifications"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("read/", inbox.mark_all_read, name="mark_all_read"),
]
