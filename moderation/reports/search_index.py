"""Find cases by words of the reported text. Words are folded in Python, so that the result does not depend on the
locale of the database server."""

import re
import unicodedata

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import BooleanField, Func, Q, TextField, Value
from django.db.models.functions import Cast

from forum.models import Post
from forum.quotes.display import has_quotes, quotes_in, revision_key
from moderation.models import Case, CaseWords

WORD = re.compile(r"\w+")
WORD_MAX = 60
WORDS_MAX = 3_000  # the first ones of a text
SEARCH_WORDS_MAX = 8  # words of a search


def fold_words(text: str) -> list[str]:
    """Returns the folded words, each once, in order."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return list(dict.fromkeys(word[:WORD_MAX] for word in WORD.findall(folded)))


def index_revision(case: Case, post: Post, revision: int) -> None:
    """Adds the words of that revision to those of the case. Needs the lock of the post."""
    if case.reports.filter(revision=revision).count() > 1:
        return  # already stored
    words = fold_words(_text_for_guests(post, revision))[:WORDS_MAX]
    # array_to_tsvector takes the words unchanged, without a dictionary of the server.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO moderation_casewords (case_id, words) VALUES (%s, array_to_tsvector(%s::text[]))"
            " ON CONFLICT (case_id) DO UPDATE SET words = moderation_casewords.words || excluded.words",
            [case.pk, words],
        )


def matching_words(query_text: str) -> Q:
    """Matches cases in which every word of `query_text` is the beginning of a word of the reported text."""
    words = fold_words(query_text)[:SEARCH_WORDS_MAX]
    if not words:
        return Q()
    query = Cast(Value(" & ".join(f"'{word}':*" for word in words)), _Query())
    found = CaseWords.objects.annotate(holds=_Matches("words", query)).filter(holds=True)
    return Q(pk__in=found.values("case"))


def _text_for_guests(post: Post, revision: int) -> str:
    """Returns the text without quotes that guests cannot read, since not all staff who see the case can read them."""
    revision_row = post if revision == post.version else post.revisions.get(number=revision)
    if not has_quotes(revision_row.html):
        return revision_row.body
    return quotes_in([revision_key(revision_row)], AnonymousUser()).hide_in(
        revision_key(revision_row), revision_row.body
    )


class _Query(TextField):
    def db_type(self, connection: object) -> str:
        return "tsquery"


class _Matches(Func):
    arg_joiner = " @@ "
    template = "%(expressions)s"
    arity = 2
    output_field = BooleanField()
