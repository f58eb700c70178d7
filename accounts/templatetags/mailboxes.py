"""Mail addresses as people know them."""

from django import template

from accounts.models.email_address import readable

register = template.Library()
register.filter("readable_address", readable)
