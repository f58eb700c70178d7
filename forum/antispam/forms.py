"""Forms for watched words and for the limits for new members."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from core.text import graphemes
from forum.antispam.watched_words import search_key
from forum.models import NewMemberLimits, WatchedWord
from forum.models.watched_word import WORDS_MAX
from forum.web.form_fields import LineField, TextField

LINES_MAX = 200
_LINE = LineField(required=False)


class WordRulesForm(forms.Form):
    words = TextField(
        label=_("Words or phrases, one per line"),
        max_length=LINES_MAX * (WORDS_MAX + 1),
        rows=4,
        help_text=_("Matches whole words, ignoring case, even when written with look-alike letters."),
        error_messages={"required": _("Enter at least one word or phrase.")},
    )
    act = forms.ChoiceField(
        label=_("Action"),
        choices=WatchedWord.Act.choices,
        initial=WatchedWord.Act.HOLD,
        widget=forms.RadioSelect,
    )
    is_anywhere = forms.BooleanField(
        label=_("Match inside words"),
        required=False,
        help_text=_(
            "Also with other characters between the letters. Use it for words that are not part of other words."
        ),
    )

    def clean_words(self) -> list[str]:
        phrases = [line for line in map(_LINE.to_python, self.cleaned_data["words"].split("\n")) if line]
        if len(phrases) > LINES_MAX:
            message = gettext("Enter at most %(max)d lines at once. You entered %(count)d.")
            raise forms.ValidationError(message % {"max": LINES_MAX, "count": len(phrases)})
        for phrase in phrases:
            if len(phrase) > WORDS_MAX:
                message = gettext(
                    "A phrase can have at most %(max)d characters. “%(beginning)s…” has %(count)d."
                )
                params = {"max": WORDS_MAX, "beginning": graphemes.truncate(phrase, 20), "count": len(phrase)}
                raise forms.ValidationError(message % params)
            if len(search_key(phrase)) < 2:
                message = gettext("“%(words)s” is too short. Enter at least two letters.")
                raise forms.ValidationError(message % {"words": phrase})
        return list(dict.fromkeys(phrases))


def _number(label: Any, maximum: int, *, minimum: int = 0, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=minimum, max_value=maximum, help_text=help_text)


class NewMemberLimitsForm(forms.Form):
    days = _number(
        _("New-member period (days)"),
        365,
        help_text=_("The limits end after this period, once the member also has the posts required below."),
    )
    posts = _number(_("Posts required"), 100, help_text=_("Only posts that have not been removed count."))
    hold_first = forms.BooleanField(
        label=_("First posts need approval in every section"),
        required=False,
        help_text=_("If this is off, a section can still require it for itself."),
    )
    first_posts = _number(_("First posts needing approval"), 20, minimum=1)
    posts_a_day = _number(_("Posts per day"), 1_000, minimum=1, help_text=_("Topics and replies together."))
    topics_a_day = _number(_("Topics per day"), 100, minimum=1)
    links = _number(_("Links per post"), 100, help_text=_("A post with more needs approval."))
    links_to_one_site = _number(
        _("Links to one site per day"),
        10_000,
        help_text=_("By all new members together. Further posts with such links need approval."),
    )
    mentions = _number(_("Members mentioned per post"), 10)
    attachments = _number(_("Attachments per post"), 20)
    texts_waiting = _number(
        _("Max pending posts"), 100, minimum=1, help_text=_("For each member, new or not.")
    )

    @classmethod
    def initial_of(cls, terms: NewMemberLimits) -> dict[str, Any]:
        return {name: getattr(terms, name) for name in cls.base_fields}
