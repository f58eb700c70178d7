"""/manage/words/ and /manage/new-members/: watched words and the limits for new members."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.decorators import MemberRequest, admins_only, post_data
from core.web import preserved_input
from forum.antispam.forms import NewMemberLimitsForm, WordRulesForm
from forum.antispam.manage import TooManyRules, add_watched_words, change_limits, remove_watched_word
from forum.models import NewMemberLimits, WatchedWord


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def words(request: MemberRequest) -> HttpResponse:
    form = WordRulesForm(
        post_data(request), initial={"act": WatchedWord.Act.HOLD, **preserved_input.pop(request)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = add_watched_words(by=request.user, **form.cleaned_data)
        except TooManyRules as error:
            form.add_error(error.field, error.explanation)
        else:
            told = ngettext("%(count)d watched word added.", "%(count)d watched words added.", made)
            messages.success(request, told % {"count": made})
            return redirect("manage_words")
    shown = {"form": form, "rules": WatchedWord.objects.select_related("made_by")}
    return render(request, "forum/antispam/watched_words.html", shown, status=422 if form.is_bound else 200)


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
    if request.method == "POST" and form.is_valid():
        change_limits(by=request.user, **form.cleaned_data)
        messages.success(request, _("New-member limits saved."))
        return redirect("manage_new_members")
    status = 422 if form.is_bound else 200
    return render(request, "forum/antispam/new_members.html", {"form": form}, status=status)
