"""Consults and customer reports: what they carry besides their calls."""
