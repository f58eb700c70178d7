"""A filter for emails with readable domains."""

from django import template

from accounts.models.email_address import readable

register = template.Library()
register.filter("readable_address", readable)
