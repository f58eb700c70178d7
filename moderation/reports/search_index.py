"""Find cases by words of what was reported. Words are folded in Python, not by the database, so that every server
finds the same."""

import re
import unicodedata

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import BooleanField, Func, Q, TextField, Value
from django.db.models.functions import Cast

from forum.models import Post
from forum.quotes.display import holds_quotes, quotes_in, text_of
from moderation.models import Case, CaseWords

WORD = re.compile(r"\w+")
WORD_MAX = 60
WORDS_MAX = 3_000  # of one text, the first
ASKED_MAX = 8  # words of one question


def words_of(text: str) -> list[str]:
    """Each once, in their order."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return list(dict.fromkeys(word[:WORD_MAX] for word in WORD.findall(folded)))


def keep_words(case: Case, post: Post, revision: int) -> None:
    """What that revision says, beside what was reported of the case before. Called under the post's lock."""
    if case.reports.filter(revision=revision).count() > 1:
        return  # they are kept already
    words = words_of(_as_guests_read_it(post, revision))[:WORDS_MAX]
    # array_to_tsvector takes the words as they are: no dictionary of the server has a say in it.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO moderation_casewords (case_id, words) VALUES (%s, array_to_tsvector(%s::text[]))"
            " ON CONFLICT (case_id) DO UPDATE SET words = moderation_casewords.words || excluded.words",
            [case.pk, words],
        )


def words_say(said: str) -> Q:
    """Of cases in which every word of `said` begins one of what was reported."""
    words = words_of(said)[:ASKED_MAX]
    if not words:
        return Q()
    query = Cast(Value(" & ".join(f"'{word}':*" for word in words)), _Query())
    found = CaseWords.objects.annotate(holds=_Matches("words", query)).filter(holds=True)
    return Q(pk__in=found.values("case"))


def _as_guests_read_it(post: Post, revision: int) -> str:
    """Without quotes of what not everybody may read: who may see the case need not be let in there."""
    said = post if revision == post.version else post.revisions.get(number=revision)
    if not holds_quotes(said.html):
        return said.body
    return quotes_in([text_of(said)], AnonymousUser()).hide_in(text_of(said), said.body)


class _Query(TextField):
    def db_type(self, connection: object) -> str:
        return "tsquery"


class _Matches(Func):
    arg_joiner = " @@ "
    template = "%(expressions)s"
    arity = 2
    output_field = BooleanField()
