"""Terminals: signing one in by a short code, sharing one, and switching who sits there by PIN."""
