"""The search form. Its options are a way to write filters without knowing how they are written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from forum.models import Section
from forum.search.query import QUERY_MAX, Query

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search for"),
        required=False,
        max_length=QUERY_MAX,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    section = forms.ChoiceField(label=_("Section"), required=False)
    author = forms.CharField(label=_("Author"), required=False, max_length=60)
    since = forms.DateField(label=_("Posted on or after"), required=False, widget=DATE)
    until = forms.DateField(label=_("Posted before"), required=False, widget=DATE)
    official = forms.BooleanField(label=_("Only posts by staff"), required=False)
    highlighted = forms.BooleanField(label=_("Only highlighted posts"), required=False)
    image = forms.BooleanField(label=_("Only posts with images"), required=False)

    OPTIONS = ("section", "author", "since", "until", "official", "highlighted", "image")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Section.objects.visible_to(person).in_order()
        choices = [(section.slug, section.name) for section in sections]
        self.fields["section"].choices = [("", _("Any section")), *choices]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(query: Query) -> dict[str, Any]:
        return {
            "q": query.words,
            "section": next(iter(query.sections), ""),
            "author": next(iter(query.authors), ""),
            "since": query.after,
            "until": query.before,
            **dict.fromkeys(query.flags, True),
        }

    @property
    def text(self) -> str:
        """Returns what the form asks for, as one would type it."""
        said = self.cleaned_data
        parts = [
            said["q"].strip(),
            said["section"] and f"in:{said['section']}",
            said["author"] and f"by:{said['author'].removeprefix('@')}",
            said["since"] and f"after:{said['since']}",
            said["until"] and f"before:{said['until']}",
            said["official"] and "is:official",
            said["highlighted"] and "is:highlighted",
            said["image"] and "has:image",
        ]
        return " ".join(part for part in parts if part)
