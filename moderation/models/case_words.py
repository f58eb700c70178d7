"""The search index of cases: the words of the reported revisions. Python folds them, so that the result does not
depend on the locale of the database server."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from moderation.models.case import Case


class CaseWords(models.Model):
    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="words")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="cases_by_word")]
