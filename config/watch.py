"""What is known of the database without asking it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Database:
    is_well: bool = True
    is_read_only: bool = False
    since: datetime | None = None


database = Database()
