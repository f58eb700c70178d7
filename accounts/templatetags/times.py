"""`{% load times %} {% when post.posted_at %}`: the exact time for people, and for machines."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.times import city, exact, machine_readable

register = template.Library()
register.filter(exact)  # `{{ moment|exact }}` for places that hold text alone: mails, the options of a select

register.filter(city)


@register.simple_tag
def when(moment: datetime) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', machine_readable(moment), exact(moment))
