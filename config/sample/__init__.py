"""The community that a fresh Belfry shows: keepers of home weather stations who share one map.

`people.py`, `sections.py` and the conversations are what it consists of; `telling.py` brings it in through
Belfry's own acts. `growing.py` makes a forum large enough to measure, and `config/backup/check_counters.py` counts
it again."""
