"""Background work of accounts: throw away what nobody needs any more."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import Rate


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="clear")
def clear(timestamp: int) -> None:
    """Sessions that ended, and counts of windows that have passed."""
    call_command("clearsessions")
    Rate.objects.filter(begun_at__lt=timezone.now() - timedelta(days=1)).delete()
