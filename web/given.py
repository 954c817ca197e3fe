"""What route functions are given besides the request, by name."""

from __future__ import annotations

from typing import TypeAlias

from litestar.di import NamedDependency

from core.engine.desk import Desk
from core.people.model import Actor

GivenDesk: TypeAlias = NamedDependency[Desk]
"""`desk`: the desk of this app."""
GivenActor: TypeAlias = NamedDependency[Actor]
"""`actor`: the person who is signed in."""
GivenText: TypeAlias = NamedDependency[str]
"""`language`: what this person reads; `form_token`: what this session's forms carry."""
