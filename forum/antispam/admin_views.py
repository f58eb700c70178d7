"""/manage/words/ and /manage/new-members/: watched words and the limits for new members."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.decorators import MemberRequest, admins_only
from core.web.form_pages import errors_shown_in, form_for, form_page, post_data
from forum.antispam.forms import NewMemberLimitsForm, WordRulesForm
from forum.antispam.manage import TooManyRules, add_watched_words, change_limits, remove_watched_word
from forum.models import NewMemberLimits, WatchedWord


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def words(request: MemberRequest) -> HttpResponse:
    form = form_for(request, WordRulesForm, initial={"act": WatchedWord.Act.HOLD})
    if form.is_valid():
        with errors_shown_in(form, TooManyRules):
            count = add_watched_words(by=request.user, **form.cleaned_data)
            message = ngettext("%(count)d watched word added.", "%(count)d watched words added.", count)
            messages.success(request, message % {"count": count})
            return redirect("manage_words")
    rules = WatchedWord.objects.select_related("made_by")
    return form_page(request, "forum/antispam/watched_words.html", form, rules=rules)


@require_POST
@admins_only
def remove_word(request: MemberRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(WatchedWord, pk=pk)
    remove_watched_word(rule=rule, by=request.user)
    messages.success(request, _("“%(words)s” is no longer a watched word.") % {"words": rule.words})
    return redirect("manage_words")


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def new_members(request: MemberRequest) -> HttpResponse:
    initial = NewMemberLimitsForm.initial_of(NewMemberLimits.objects.current())
    form = NewMemberLimitsForm(post_data(request), initial=initial)
    if form.is_valid():
        change_limits(by=request.user, **form.cleaned_data)
        messages.success(request, _("New-member limits saved."))
        return redirect("manage_new_members")
    return form_page(request, "forum/antispam/new_members.html", form)
