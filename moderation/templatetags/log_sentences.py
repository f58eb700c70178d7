"""Filters for the sentences of log entries."""

from django import template

from moderation.log.sentences import sentence_parts

register = template.Library()
register.filter(sentence_parts)
