"""The community of a fresh Belfry: people with home weather stations who share a map.

`people.py`, `sections.py` and the topics are its content; `load.py` creates it with Belfry's own actions.
`bulk_data.py` makes a forum large enough to measure, and `config/backup/check_counters.py` counts it again.
"""
