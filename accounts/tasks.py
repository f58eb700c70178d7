"""Background tasks of accounts: delete what is not needed anymore."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.auth import unconfirmed
from accounts.auth.ip_log import delete_old
from accounts.auth.sessions import SessionStore
from accounts.models import RateCount
from accounts.profile import picture


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.delete_expired_rows", queueing_lock="clear")
def delete_expired_rows(timestamp: int) -> None:
    """Deletes expired sessions and old rate counts."""
    SessionStore.clear_expired()
    RateCount.objects.filter(begun_at__lt=timezone.now() - timedelta(days=1)).delete()


@app.periodic(cron="11 3 * * *")
@app.task(name="accounts.delete_old_ip_addresses", queueing_lock="forget_addresses")
def delete_old_ip_addresses(timestamp: int) -> None:
    """Deletes old IP addresses."""
    delete_old()


@app.periodic(cron="37 4 * * *")
@app.task(name="accounts.delete_unused_pictures", queueing_lock="sweep_pictures")
def delete_unused_pictures(timestamp: int) -> None:
    """Deletes files of pictures that no member uses."""
    picture.delete_unused()


@app.periodic(cron="23 4 * * *")
@app.task(name="accounts.delete_unconfirmed_accounts", queueing_lock="clear_unconfirmed")
def delete_unconfirmed_accounts(timestamp: int) -> None:
    """Deletes accounts whose email was never verified."""
    unconfirmed.delete_abandoned()
