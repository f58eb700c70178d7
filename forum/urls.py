from django.urls import include, path

from forum import converters  # noqa: F401 - registers <id:> and <title:>
from forum.views import home, members, posts, quotes, sections, suggest, topics, unread

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
    path("quote/", quotes.quote, name="quote"),
]

# /unread/
unread_urls = [
    path("", unread.unread, name="unread"),
    path("read/", unread.mark_all_read, name="mark_all_read"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("s/<title:slug>/", include(section_urls)),
    path("t/<id:pk>/<title:slug>/", include(topic_urls)),
    path("p/<id:pk>/", include(post_urls)),
    path("unread/", include(unread_urls)),
    path("suggest/members/", suggest.members, name="suggest_members"),
    path("u/<title:name>/", members.member, name="member"),
]
