"""Forms for word rules and for what holds for new members."""

from typing import Any

from django import forms

from core.text import graphemes
from forum.antispam.word_rules import key_of
from forum.models import NewMemberTerms, WordRule
from forum.models.word_rule import WORDS_MAX
from forum.web.form_fields import Line, Text

LINES_MAX = 200
_LINE = Line(required=False)


class WordRulesForm(forms.Form):
    words = Text(
        label="Words or phrases, one a line",
        max_length=LINES_MAX * (WORDS_MAX + 1),
        rows=4,
        help_text="Whole words, in any case, and in letters that only look like these.",
        error_messages={"required": "Write at least one word."},
    )
    act = forms.ChoiceField(
        label="What happens to a text that has one of them",
        choices=WordRule.Act.choices,
        initial=WordRule.Act.HOLD,
        widget=forms.RadioSelect,
    )
    is_anywhere = forms.BooleanField(
        label="Inside other words too",
        required=False,
        help_text="And with anything between its letters. For words that are part of no other.",
    )

    def clean_words(self) -> list[str]:
        said = [line for line in map(_LINE.to_python, self.cleaned_data["words"].split("\n")) if line]
        if len(said) > LINES_MAX:
            raise forms.ValidationError(f"At most {LINES_MAX} lines at once; yours are {len(said)}.")
        for words in said:
            if len(words) > WORDS_MAX:
                raise forms.ValidationError(
                    f"A phrase has at most {WORDS_MAX} characters; “{graphemes.cut(words, 20)}…” has {len(words)}."
                )
            if len(key_of(words)) < 2:
                raise forms.ValidationError(
                    f"“{words}” is too short to be looked for: give two letters or more."
                )
        return list(dict.fromkeys(said))


def _number(label: str, most: int, *, least: int = 0, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text)


class NewMemberTermsForm(forms.Form):
    days = _number(
        "Days until a member is new no more", 365, help_text="And then some of their posts must stand."
    )
    posts = _number("Posts that must stand", 100)
    hold_first = forms.BooleanField(
        label="First posts wait for approval in every section",
        required=False,
        help_text="A section may ask for it by itself.",
    )
    first_posts = _number("How many first posts wait", 20, least=1)
    posts_a_day = _number("Posts a day", 1_000, least=1, help_text="Topics and answers together.")
    topics_a_day = _number("Topics a day", 100, least=1)
    links = _number("Links in one text", 100, help_text="A text with more waits for approval.")
    links_to_one_site = _number(
        "Links to one site a day",
        10_000,
        help_text="By all new members together; a text with one more waits for approval.",
    )
    mentions = _number("Members mentioned in one text", 10)
    attachments = _number("Attachments in one text", 20)
    texts_waiting = _number(
        "Texts that may wait at once", 100, least=1, help_text="Of one member, new or not."
    )

    @classmethod
    def initial_of(cls, terms: NewMemberTerms) -> dict[str, Any]:
        return {name: getattr(terms, name) for name in cls.base_fields}
