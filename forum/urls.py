from django.urls import include, path

from forum import converters  # noqa: F401 - registers <id:> and <title:>
from forum.views import attachments, home, members, posts, sections, topics, unread

app_name = "forum"

# /s/<slug>/
section_urls = [
    path("", sections.section, name="section"),
    path("new/", sections.new_topic, name="new_topic"),
]

# /t/<id>/<slug>/
topic_urls = [
    path("", topics.topic, name="topic"),
    path("reply/", topics.reply, name="reply"),
    path("edit/", topics.retitle, name="retitle"),
    path("unread/", unread.first_unread, name="first_unread"),
]

# /p/<id>/
post_urls = [
    path("", posts.permalink, name="post"),
    path("edit/", posts.edit, name="edit"),
    path("history/", posts.history_of, name="history"),
]

# /unread/
unread_urls = [
    path("", unread.unread, name="unread"),
    path("read/", unread.mark_all_read, name="mark_all_read"),
]

# /a/<key>/
attachment_urls = [
    path("", attachments.attachment, name="attachment"),
    path("<int:width>/", attachments.attachment, name="attachment_of_width"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("s/<title:slug>/", include(section_urls)),
    path("t/<id:pk>/<title:slug>/", include(topic_urls)),
    path("p/<id:pk>/", include(post_urls)),
    path("a/<key:key>/", include(attachment_urls)),
    path("attachments/", attachments.attach, name="attach"),
    path("unread/", include(unread_urls)),
    path("u/<title:name>/", members.member, name="member"),
]
