from django.urls import include, path

from forum.approval import views as approval_views
from forum.attachments import views as attachment_views
from forum.bookmarks import views as bookmark_views
from forum.composer import (
    autocomplete_views,
    draft_views,
    edit_views,
    new_replies_views,
    new_topic_views,
    preview_views,
    quote_views,
    reply_views,
)
from forum.feeds import views as feed_views
from forum.history import views as history_views
from forum.polls import views as poll_views
from forum.posts import views as post_views
from forum.read_state import views as read_state_views
from forum.search import views as search_views
from forum.thanks import views as thank_views
from forum.topic_lists import home_views, member_views, section_views
from forum.topic_page import moderator_action_views, official_views, partial, views as topic_page_views
from forum.topic_page.partial_views import in_place
from forum.topics import views as topic_views

app_name = "forum"

# /s/<slug>/
section_urls = [
    path("", section_views.section, name="section"),
    path("new/", new_topic_views.new_topic, name="new_topic"),
    path("feed/", feed_views.section, name="section_feed"),
]

# /t/<id>/<slug>/
topic_urls = [
    path("", topic_page_views.topic, name="topic"),
    path("reply/", reply_views.reply, name="reply"),
    path("edit/", topic_views.rename_view, name="retitle"),
    path("unread/", read_state_views.first_unread, name="first_unread"),
    path("read/", read_state_views.read, name="read"),
    path("feed/", feed_views.topic, name="topic_feed"),
    path("since/", new_replies_views.new_replies_since, name="since"),
    path("vote/", in_place(poll_views.vote, partial.poll), name="vote"),
    path("unvote/", in_place(poll_views.unvote, partial.poll), name="unvote"),
    path("record/", moderator_action_views.moderator_actions, name="record"),
    path("official/", official_views.staff_replies, name="official"),
]

# /p/<id>/
post_urls = [
    path("", post_views.permalink, name="post"),
    path("edit/", edit_views.edit, name="edit"),
    path("history/", history_views.edit_history, name="history"),
    path("quote/", quote_views.quote, name="quote"),
    path("thank/", in_place(thank_views.thank, partial.thanks), name="thank"),
    path("unthank/", in_place(thank_views.unthank, partial.thanks), name="unthank"),
    path("unfold/", thank_views.unfold, name="unfold"),
    path("save/", in_place(bookmark_views.add_bookmark, partial.bookmark), name="save"),
    path("unsave/", in_place(bookmark_views.remove_bookmark, partial.bookmark), name="unsave"),
]

# /drafts/
draft_urls = [
    path("", draft_views.drafts, name="drafts"),
    path("save/", draft_views.save, name="save_draft"),
    path("<id:pk>/", draft_views.draft, name="draft"),
    path("<id:pk>/discard/", draft_views.discard, name="discard_draft"),
]

# /waiting/<id>/
waiting_urls = [
    path("", approval_views.pending_post, name="waiting_text"),
    path("take-back/", approval_views.withdraw, name="take_back_waiting"),
]

# /unread/
unread_urls = [
    path("", read_state_views.unread, name="unread"),
    path("read/", read_state_views.mark_all_read, name="mark_all_read"),
]

# /feeds/
feed_urls = [
    path("", feed_views.newest_topics, name="feed"),
    path("announcements/", feed_views.announcements, name="announcements_feed"),
    path("highlights/", feed_views.highlights, name="highlights_feed"),
]

# /a/<key>/
attachment_urls = [
    path("", attachment_views.attachment, name="attachment"),
    path("<int:width>/", attachment_views.attachment, name="attachment_of_width"),
]

urlpatterns = [
    path("", home_views.home, name="home"),
    path("s/<title:slug>/", include(section_urls)),
    path("t/<id:pk>/<title:slug>/", include(topic_urls)),
    path("p/<id:pk>/", include(post_urls)),
    path("a/<key:key>/", include(attachment_urls)),
    path("attachments/", attachment_views.attach, name="attach"),
    path("waiting/<id:pk>/", include(waiting_urls)),
    path("search/", search_views.search, name="search"),
    path("unread/", include(unread_urls)),
    path("feeds/", include(feed_urls)),
    path("saved/", bookmark_views.bookmarks, name="saved"),
    path("preview/", preview_views.preview, name="preview"),
    path("drafts/", include(draft_urls)),
    path("suggest/members/", autocomplete_views.suggest_members, name="suggest_members"),
    path("u/<title:name>/", member_views.member, name="member"),
]
