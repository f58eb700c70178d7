"""The page cache: whole public pages as guests see them, cached in front of Django, in memory and on disk."""
