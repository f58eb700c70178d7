from django.urls import include, path

from forum import converters  # noqa: F401 - registers <id:> and <title:>
from moderation.views import cases, log, posts, revisions, topics

app_name = "moderation"

# /t/<id>/<slug>/
topic_urls = [
    path("close/", topics.close, name="close"),
    path("reopen/", topics.reopen, name="reopen"),
    path("pin/", topics.pin, name="pin"),
    path("unpin/", topics.unpin, name="unpin"),
]

# /p/<id>/
post_urls = [
    path("report/", posts.report, name="report"),
    path("highlight/", posts.highlight, name="highlight"),
    path("unhighlight/", posts.unhighlight, name="unhighlight"),
    path("remove/", posts.remove, name="remove"),
    path("restore/", posts.restore, name="restore"),
    path("history/<id:number>/hide/", revisions.hide, name="hide_revision"),
    path("history/<id:number>/show/", revisions.show, name="show_revision"),
]

# /moderation/
desk_urls = [
    path("", cases.desk, name="desk"),
    path("settled/", cases.settled, name="settled"),
    path("cases/<id:pk>/", cases.case, name="case"),
    path("cases/<id:pk>/settle/", cases.settle, name="settle"),
    path("log/", log.log, name="log"),
    path("log/undo/", log.undo_several, name="undo_several"),
    path("log/<id:pk>/", log.entry, name="entry"),
    path("log/<id:pk>/undo/", log.undo, name="undo"),
]

urlpatterns = [
    path("t/<id:pk>/<title:slug>/", include(topic_urls)),
    path("p/<id:pk>/", include(post_urls)),
    path("moderation/", include(desk_urls)),
]
