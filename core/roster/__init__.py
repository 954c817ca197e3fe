"""The roster: who is on duty, and where, at a time."""
