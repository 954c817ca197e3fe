"""Tickets: the matter itself, its holder, its comments, its restriction."""
