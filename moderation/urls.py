from django.urls import URLPattern, URLResolver, include, path

from forum.web import url_converters as converters  # noqa: F401 - registers <id:> and <title:>
from moderation.approval import views as waiting
from moderation.cases import (
    action_views as case_acts,
    appeal_views as appeals,
    my_report_views as own_reports,
    reporter_views as reporters,
    views as cases,
)
from moderation.log import views as log
from moderation.members import sanction_views as sanctions, views as members
from moderation.posts import revision_views as revisions, staff_reply_views as staff_replies, views as posts
from moderation.reports import views as reports
from moderation.statistics import views as transparency
from moderation.topics import bulk_views as sections, move_views as moving, views as topics

app_name = "moderation"

# /t/<id>/<slug>/
topic_urls = [
    path("close/", topics.close, name="close"),
    path("reopen/", topics.reopen, name="reopen"),
    path("pin/", topics.pin, name="pin"),
    path("unpin/", topics.unpin, name="unpin"),
    path("timer/", topics.timer, name="timer"),
    path("timer/stop/", topics.cancel_timer, name="stop_timer"),
    path("slow/", topics.slow_mode, name="slow"),
    path("remove/", topics.remove, name="remove_topic"),
    path("restore/", topics.restore, name="restore_topic"),
    path("move/", moving.move, name="move_topic"),
    path("merge/", moving.merge, name="merge"),
    path("select/", moving.select, name="select_posts"),
    path("split/", moving.split, name="split"),
    path("move-posts/", moving.move_posts, name="move_posts"),
    path("remove-posts/", moving.remove_posts, name="remove_posts"),
    path("staff-reply/", staff_replies.write, name="staff_reply"),
    path("staff-reply/<id:reply>/take-back/", staff_replies.remove, name="take_staff_reply_back"),
]

# /s/<slug>/
section_urls = [
    path("select/", sections.select, name="select_topics"),
    path("close/", sections.close, name="close_topics"),
    path("reopen/", sections.reopen, name="reopen_topics"),
    path("pin/", sections.pin, name="pin_topics"),
    path("unpin/", sections.unpin, name="unpin_topics"),
    path("move/", sections.move, name="move_topics"),
    path("remove/", sections.remove, name="remove_topics"),
]

# /p/<id>/
post_urls = [
    path("report/", reports.report, name="report"),
    path("highlight/", posts.highlight, name="highlight"),
    path("unhighlight/", posts.unhighlight, name="unhighlight"),
    path("remove/", posts.remove, name="remove"),
    path("restore/", posts.restore, name="restore"),
    path("history/<id:number>/hide/", revisions.hide, name="hide_revision"),
    path("history/<id:number>/show/", revisions.show, name="show_revision"),
]

# /moderation/cases/<id>/
case_urls = [
    path("claim/", case_acts.claim, name="claim"),
    path("release/", case_acts.release, name="release"),
    path("note/", case_acts.add_note, name="note"),
    path("settle/", case_acts.resolve, name="settle"),
    path("decide/", case_acts.decide_appeal, name="decide"),
    path("reporters/<id:number>/write/", reporters.write, name="write_to_reporter"),
    path("reporters/<id:number>/unmask/", reporters.reveal, name="unmask"),
    path("reporters/<id:number>/mute/", reporters.mute, name="mute"),
]

# /moderation/
desk_urls: list[URLPattern | URLResolver] = [
    path("", cases.queue, name="desk"),
    path("settled/", cases.resolved, name="settled"),
    path("cases/<id:pk>/", cases.case, name="case"),
    path("cases/<id:pk>/", include(case_urls)),
    path("reporters/", reporters.all_reporters, name="reporters"),
    path("mutes/<id:pk>/lift/", reporters.unmute, name="lift_mute"),
    path("log/", log.log, name="log"),
    path("log/undo/", log.undo_several, name="undo_several"),
    path("log/<id:pk>/", log.entry, name="entry"),
    path("log/<id:pk>/undo/", log.undo, name="undo"),
    path("waiting/", waiting.pending_posts, name="waiting"),
    path("waiting/let-in/", waiting.approve, name="let_in"),
    path("waiting/refuse/", waiting.reject, name="refuse_waiting"),
]

# /moderation/members/<name or id>/
member_urls = [
    path("", members.member, name="member"),
    path("warn/", sanctions.warn, name="warn"),
    path("silence/", sanctions.silence, name="silence"),
    path("suspend/", sanctions.suspend, name="suspend"),
    path("lift/<id:pk>/", sanctions.lift, name="lift"),
    path("note/", members.note, name="note_member"),
    path("look-up/", members.look_up_member, name="look_up_member"),
    path("remove-everything/", sanctions.remove_all_posts, name="remove_everything"),
]

urlpatterns = [
    path("moderation/members/", members.members_list, name="members"),
    path("moderation/members/<title:who>/", include(member_urls)),
    path("moderation/look-up/", members.look_up, name="look_up"),
    path("t/<id:pk>/<title:slug>/", include(topic_urls)),
    path("s/<title:slug>/", include(section_urls)),
    path("p/<id:pk>/", include(post_urls)),
    path("moderation/", include(desk_urls)),
    path("transparency/", transparency.by_month, name="transparency"),
    path("reports/", own_reports.my_reports, name="own_reports"),
    path("reports/<id:pk>/", own_reports.my_report, name="own_report"),
    path("appeals/<id:pk>/", appeals.appeal, name="appeal"),
]
