"""URLs below /inbox/."""

from django.urls import path

from notifications.inbox import views as inbox

app_name = "notifications"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("read/", inbox.mark_all_read, name="mark_all_read"),
    path("<id:pk>/open/", inbox.open_notice, name="open"),
    path("<id:pk>/read/", inbox.mark_read, name="mark_read"),
    path("<id:pk>/unread/", inbox.mark_unread, name="mark_unread"),
]
