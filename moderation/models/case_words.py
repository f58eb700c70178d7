"""The words of what was reported, for searching the cases: each as Python folds it, so that every server finds the
same."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from moderation.models.case import Case


class CaseWords(models.Model):
    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="words")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="cases_by_word")]
