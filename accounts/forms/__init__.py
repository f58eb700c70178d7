"""What people fill in about themselves. allauth's forms, asked in Belfry's words."""
