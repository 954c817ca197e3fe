"""What route functions are given besides the request, by name."""

from __future__ import annotations

from typing import TypeAlias

from litestar.di import NamedDependency

from core.engine.desk import Desk

GivenDesk: TypeAlias = NamedDependency[Desk]
"""`desk`: the desk of this app."""
