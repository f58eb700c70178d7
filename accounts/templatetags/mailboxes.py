"""A filter for emails with readable domains."""

from django import template

from accounts.models.email_address import readable_address

register = template.Library()
register.filter("readable_address", readable_address)
