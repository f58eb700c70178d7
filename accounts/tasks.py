"""Background work of accounts: throw away what nobody needs any more."""

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
    """Sessions that ended, and counts of windows that have passed."""
    SessionStore.clear_expired()
    Rate.objects.filter(begun_at__lt=timezone.now() - timedelta(days=1)).delete()


@app.periodic(cron="11 3 * * *")
@app.task(name="accounts.delete_old_ip_addresses", queueing_lock="forget_addresses")
def forget_addresses(timestamp: int) -> None:
    """Where people came from, once it has been kept as long as it may."""
    addresses.forget()


@app.periodic(cron="37 4 * * *")
@app.task(name="accounts.delete_unused_pictures", queueing_lock="sweep_pictures")
def sweep_pictures(timestamp: int) -> None:
    """Files of pictures that are nobody's, as a crash may leave them."""
    picture.sweep()


@app.periodic(cron="23 4 * * *")
@app.task(name="accounts.delete_unconfirmed_accounts", queueing_lock="clear_unconfirmed")
def clear_unconfirmed(timestamp: int) -> None:
    """Accounts whose address nobody has confirmed: their names and addresses are free again."""
    unconfirmed.clear()
