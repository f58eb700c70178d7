"""URLs below /inbox/."""

from django.urls import path

from notifications.inbox import views as inbox_views

app_name = "notifications"

urlpatterns = [
    path("", inbox_views.inbox, name="inbox"),
    path("read/", inbox_views.mark_all_read, name="mark_all_read"),
    path("<id:pk>/open/", inbox_views.open_notice, name="open"),
    path("<id:pk>/read/", inbox_views.mark_read, name="mark_read"),
    path("<id:pk>/unread/", inbox_views.mark_unread, name="mark_unread"),
]
