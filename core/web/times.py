"""Times as text: exact, in the reader's time zone; and as a number in a URL."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.web.request_values import is_number

UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def format_time(moment: datetime) -> str:
    """Returns `3:57pm Apr 23, 2007 EDT`, in the active time zone."""
    here = timezone.localtime(moment)
    half = "am" if here.hour < 12 else "pm"
    return (
        f"{here.hour % 12 or 12}:{here:%M}{half} {here:%b} {here.day}, {here.year} {zone_abbreviation(here)}"
    )


def time_element(moment: datetime) -> SafeString:
    """Returns a `<time>` element in the active time zone. Cached, since a page has dozens of them."""
    return _time_element(moment, timezone.get_current_timezone())


@lru_cache(maxsize=20_000)
def _time_element(moment: datetime, zone: tzinfo) -> SafeString:
    with timezone.override(zone):
        return format_html('<time datetime="{}">{}</time>', machine_readable(moment), format_time(moment))


def machine_readable(moment: datetime) -> str:
    """Returns `2007-04-23T19:57:00Z`, for the `datetime` attribute of `<time>`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_microseconds(time: datetime) -> int:
    """Returns the time as a number for a URL, exact as in the database."""
    return (time - UNIX_EPOCH) // timedelta(microseconds=1)


def from_microseconds(number: str) -> datetime | None:
    """Returns the time of such a number, or None if it is none."""
    if not is_number(number, digits=17):
        return None
    return UNIX_EPOCH + timedelta(microseconds=int(number))


def zone_abbreviation(here: datetime) -> str:
    """Returns `EDT`, or `UTC+4` or `UTC+5:30` for a zone without an abbreviation."""
    letters = here.tzname() or ""
    if letters.isalpha():
        return letters
    return f"UTC{_offset(here.utcoffset() or timedelta())}"


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    if not minutes:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


@cache
def time_zone_names() -> list[str]:
    """Returns the names of the world's time zones, without old spellings and aliases."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text()
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return sorted({row[2] for row in rows})


def city(zone: str) -> str:
    """Returns `Buenos Aires` for `America/Argentina/Buenos_Aires`."""
    return zone.rpartition("/")[2].replace("_", " ")


def offset_now(zone: str) -> str:
    """Returns the current offset, such as `UTC+1`."""
    return f"UTC{_offset(datetime.now(ZoneInfo(zone)).utcoffset() or timedelta())}"
