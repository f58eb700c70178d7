"""Plans that the database keeps for a statement are for an average value. Some values are far from average."""

from django.db.models.expressions import RawSQL
from psycopg import sql


def planned_for(value: int | str) -> RawSQL:
    """Returns an id or a constant that is written into the statement instead of being sent beside it, so that the
    database plans for it (decision 035). For lists of what one member or one topic has, of which some have a thousand
    times as much as others: a kept plan would read all of it to show the first rows."""
    written = sql.Literal(value).as_string().replace("%", "%%")
    return RawSQL(written, [])  # noqa: S611 - a literal with its quotes escaped
