"""Escalations: the state machine, the ladder, the calls, the phone tasks."""
