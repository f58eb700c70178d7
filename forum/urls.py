from django.urls import include, path

from forum.approval import views as waiting
from forum.attachments import views as attachments
from forum.bookmarks import views as saved
from forum.composer import (
    autocomplete_views as suggest,
    draft_views as drafts,
    edit_views as posts,
    new_topic_views,
    pages as writing,
    quote_views as quotes,
    reply_views,
)
from forum.feeds import views as feeds
from forum.history import views as history_views
from forum.polls import views as polls
from forum.posts import views as posts_views
from forum.read_state import views as unread
from forum.thanks import views as thanks
from forum.topic_lists import home_views as home, member_views as members, section_views as sections
from forum.topic_page import (
    moderator_action_views as records,
    official_views as official,
    partial as parts,
    views as topics,
)
from forum.topic_page.partial_views import in_place
from forum.topics import views as topics_views

app_name = "forum"

# /s/<slug>/
section_urls = [
    path("", sections.section, name="section"),
    path("new/", new_topic_views.new_topic, name="new_topic"),
    path("feed/", feeds.section, name="section_feed"),
]

# /t/<id>/<slug>/
topic_urls = [
    path("", topics.topic, name="topic"),
    path("reply/", reply_views.reply, name="reply"),
    path("edit/", topics_views.rename_view, name="retitle"),
    path("unread/", unread.first_unread, name="first_unread"),
    path("read/", unread.read, name="read"),
    path("feed/", feeds.topic, name="topic_feed"),
    path("since/", writing.new_replies_since, name="since"),
    path("vote/", in_place(polls.vote, parts.poll), name="vote"),
    path("unvote/", in_place(polls.unvote, parts.poll), name="unvote"),
    path("record/", records.moderator_actions, name="record"),
    path("official/", official.staff_replies, name="official"),
]

# /p/<id>/
post_urls = [
    path("", posts_views.permalink, name="post"),
    path("edit/", posts.edit, name="edit"),
    path("history/", history_views.edit_history, name="history"),
    path("quote/", quotes.quote, name="quote"),
    path("thank/", in_place(thanks.thank, parts.thanks), name="thank"),
    path("unthank/", in_place(thanks.unthank, parts.thanks), name="unthank"),
    path("unfold/", thanks.unfold, name="unfold"),
    path("save/", in_place(saved.add_bookmark, parts.bookmark), name="save"),
    path("unsave/", in_place(saved.remove_bookmark, parts.bookmark), name="unsave"),
]

# /drafts/
draft_urls = [
    path("", drafts.drafts, name="drafts"),
    path("save/", drafts.save, name="save_draft"),
    path("<id:pk>/", drafts.draft, name="draft"),
    path("<id:pk>/discard/", drafts.discard, name="discard_draft"),
]

# /waiting/<id>/
waiting_urls = [
    path("", waiting.pending_post, name="waiting_text"),
    path("take-back/", waiting.withdraw, name="take_back_waiting"),
]

# /unread/
unread_urls = [
    path("", unread.unread, name="unread"),
    path("read/", unread.mark_all_read, name="mark_all_read"),
]

# /feeds/
feed_urls = [
    path("", feeds.newest_topics, name="feed"),
    path("announcements/", feeds.announcements, name="announcements_feed"),
    path("highlights/", feeds.highlights, name="highlights_feed"),
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
    path("waiting/<id:pk>/", include(waiting_urls)),
    path("unread/", include(unread_urls)),
    path("feeds/", include(feed_urls)),
    path("saved/", saved.bookmarks, name="saved"),
    path("preview/", writing.preview, name="preview"),
    path("drafts/", include(draft_urls)),
    path("suggest/members/", suggest.suggest_members, name="suggest_members"),
    path("u/<title:name>/", members.member, name="member"),
]
