from django.urls import URLPattern, URLResolver, include, path

from forum.web import url_converters  # noqa: F401 - registers <id:> and <title:>
from moderation.approval import views as approval_views
from moderation.cases import action_views, appeal_views, my_report_views, reporter_views, views as case_views
from moderation.log import views as log_views
from moderation.members import sanction_views, views as member_views
from moderation.posts import revision_views, staff_reply_views, views as post_views
from moderation.reports import views as report_views
from moderation.statistics import views as statistic_views
from moderation.topics import bulk_views, move_views, views as topic_views

app_name = "moderation"

# /t/<id>/<slug>/
topic_urls = [
    path("close/", topic_views.close, name="close"),
    path("reopen/", topic_views.reopen, name="reopen"),
    path("pin/", topic_views.pin, name="pin"),
    path("unpin/", topic_views.unpin, name="unpin"),
    path("timer/", topic_views.timer, name="timer"),
    path("timer/stop/", topic_views.cancel_timer, name="stop_timer"),
    path("slow/", topic_views.slow_mode, name="slow"),
    path("remove/", topic_views.remove, name="remove_topic"),
    path("restore/", topic_views.restore, name="restore_topic"),
    path("move/", move_views.move, name="move_topic"),
    path("merge/", move_views.merge, name="merge"),
    path("select/", move_views.select, name="select_posts"),
    path("split/", move_views.split, name="split"),
    path("move-posts/", move_views.move_posts, name="move_posts"),
    path("remove-posts/", move_views.remove_posts, name="remove_posts"),
    path("staff-reply/", staff_reply_views.write, name="staff_reply"),
    path("staff-reply/<id:reply>/take-back/", staff_reply_views.remove, name="take_staff_reply_back"),
]

# /s/<slug>/
section_urls = [
    path("select/", bulk_views.select, name="select_topics"),
    path("close/", bulk_views.close, name="close_topics"),
    path("reopen/", bulk_views.reopen, name="reopen_topics"),
    path("pin/", bulk_views.pin, name="pin_topics"),
    path("unpin/", bulk_views.unpin, name="unpin_topics"),
    path("move/", bulk_views.move, name="move_topics"),
    path("remove/", bulk_views.remove, name="remove_topics"),
]

# /p/<id>/
post_urls = [
    path("report/", report_views.report, name="report"),
    path("highlight/", post_views.highlight, name="highlight"),
    path("unhighlight/", post_views.unhighlight, name="unhighlight"),
    path("remove/", post_views.remove, name="remove"),
    path("restore/", post_views.restore, name="restore"),
    path("history/<id:number>/hide/", revision_views.hide, name="hide_revision"),
    path("history/<id:number>/show/", revision_views.show, name="show_revision"),
]

# /moderation/cases/<id>/
case_urls = [
    path("claim/", action_views.claim, name="claim"),
    path("release/", action_views.release, name="release"),
    path("note/", action_views.add_note, name="note"),
    path("settle/", action_views.resolve, name="settle"),
    path("decide/", action_views.decide_appeal, name="decide"),
    path("reporters/<id:number>/write/", reporter_views.write, name="write_to_reporter"),
    path("reporters/<id:number>/unmask/", reporter_views.reveal, name="unmask"),
    path("reporters/<id:number>/mute/", reporter_views.mute, name="mute"),
]

# /moderation/
desk_urls: list[URLPattern | URLResolver] = [
    path("", case_views.queue, name="desk"),
    path("settled/", case_views.resolved, name="settled"),
    path("cases/<id:pk>/", case_views.case, name="case"),
    path("cases/<id:pk>/", include(case_urls)),
    path("reporters/", reporter_views.all_reporters, name="reporters"),
    path("mutes/<id:pk>/lift/", reporter_views.unmute, name="lift_mute"),
    path("log/", log_views.log, name="log"),
    path("log/undo/", log_views.undo_several, name="undo_several"),
    path("log/<id:pk>/", log_views.entry, name="entry"),
    path("log/<id:pk>/undo/", log_views.undo, name="undo"),
    path("waiting/", approval_views.pending_posts, name="waiting"),
    path("waiting/let-in/", approval_views.approve, name="let_in"),
    path("waiting/refuse/", approval_views.reject, name="refuse_waiting"),
]

# /moderation/members/<name or id>/
member_urls = [
    path("", member_views.member, name="member"),
    path("warn/", sanction_views.warn, name="warn"),
    path("silence/", sanction_views.silence, name="silence"),
    path("suspend/", sanction_views.suspend, name="suspend"),
    path("lift/<id:pk>/", sanction_views.lift, name="lift"),
    path("note/", member_views.note, name="note_member"),
    path("look-up/", member_views.look_up_member, name="look_up_member"),
    path("remove-everything/", sanction_views.remove_all_posts, name="remove_everything"),
]

urlpatterns = [
    path("moderation/members/", member_views.members_list, name="members"),
    path("moderation/members/<title:who>/", include(member_urls)),
    path("moderation/look-up/", member_views.look_up, name="look_up"),
    path("t/<id:pk>/<title:slug>/", include(topic_urls)),
    path("s/<title:slug>/", include(section_urls)),
    path("p/<id:pk>/", include(post_urls)),
    path("moderation/", include(desk_urls)),
    path("transparency/", statistic_views.by_month, name="transparency"),
    path("reports/", my_report_views.my_reports, name="own_reports"),
    path("reports/<id:pk>/", my_report_views.my_report, name="own_report"),
    path("appeals/<id:pk>/", appeal_views.appeal, name="appeal"),
]
