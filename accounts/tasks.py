"""Background tasks of accounts: delete what is not needed anymore."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.auth import ip_log as addresses, unconfirmed
from accounts.auth.sessions import SessionStore
from accounts.models import Rate
from accounts.profile import picture


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.delete_expired_rows", queueing_lock="clear")
def clear(timestamp: int) -> None:
    """Deletes expired sessions and old rate counts."""
    SessionStore.clear_expired()
    Rate.objects.filter(begun_at__lt=timezone.now() - timedelta(days=1)).delete()


@app.periodic(cron="11 3 * * *")
@app.task(name="accounts.delete_old_ip_addresses", queueing_lock="forget_addresses")
def forget_addresses(timestamp: int) -> None:
    """Deletes old IP addresses."""
    addresses.forget()


@app.periodic(cron="37 4 * * *")
@app.task(name="accounts.delete_unused_pictures", queueing_lock="sweep_pictures")
def sweep_pictures(timestamp: int) -> None:
    """Deletes files of pictures that no member uses."""
    picture.sweep()


@app.periodic(cron="23 4 * * *")
@app.task(name="accounts.delete_unconfirmed_accounts", queueing_lock="clear_unconfirmed")
def clear_unconfirmed(timestamp: int) -> None:
    """Deletes accounts whose email was never verified."""
    unconfirmed.clear()
