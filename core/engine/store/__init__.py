"""Databases: one text of SQL, one contract, one module per engine."""
