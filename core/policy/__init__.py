"""Policies: the written rules of when to call whom, and their versions."""
