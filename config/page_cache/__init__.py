"""The page store: whole public pages as a guest sees them, kept in front of Django, in memory and on disk."""
