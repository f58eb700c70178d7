"""Mail addresses as people know them."""

from django import template

from accounts.mailboxes import readable

register = template.Library()
register.filter("readable_address", readable)
