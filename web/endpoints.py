"""The API's endpoints, read once from the catalogue: what enters, what leaves, with which status."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from core.engine.catalogue import Catalogue, CommandRow, QueryRow, Route
from core.engine.outcome import Done
from core.engine.shapes import prepared
from web.edge import entering

BRACES: Final = re.compile(r"{(\w+)}")
EXPECTED: Final = "expected"
"""The field of a PATCH that comes as If-Match."""
CURSORS: Final = ("cursor", "after")
"""Fields of a query that are cursors, sealed at the door."""


@dataclass(frozen=True)
class Endpoint:
    """One command or query at its place in the API."""

    row: CommandRow | QueryRow
    route: Route
    catalogue: Catalogue

    @property
    def struct(self) -> type[Struct]:
        """The command or query itself."""
        return self.row.command if isinstance(self.row, CommandRow) else self.row.query

    @property
    def name(self) -> str:
        """`POST /api/tickets/{ticket}/claim`: how keys and cursors know it."""
        return f"{self.route.method} /api{self.route.path}"

    @cached_property
    def in_path(self) -> Mapping[str, bool]:
        """Fields in the path, and whether each is a number."""
        shapes = {one.name: one.type for one in fields(self.struct)}
        return {name: _is_number(shapes[name]) for name in BRACES.findall(self.route.path)}

    @cached_property
    def edge(self) -> type[Struct]:
        """What comes in the body, or in the query string of a GET."""
        kept_in = frozenset(one.name for one in fields(self.struct) if _is_bytes(one.type))
        expected = {EXPECTED} if self.takes_version else set()
        return entering(self.struct, kept_in | self.in_path.keys() | expected, self.route.renames)

    @cached_property
    def decoder(self) -> msgspec.json.Decoder[Struct]:
        """Reads a body."""
        return msgspec.json.Decoder(prepared(self.edge))

    @property
    def is_command(self) -> bool:
        """Whether something happens; otherwise something is asked."""
        return isinstance(self.row, CommandRow)

    @property
    def segments(self) -> list[str]:
        """The path's parts; those in braces are fields."""
        return self.route.path.strip("/").split("/")

    @property
    def has_body(self) -> bool:
        """Whether fields may stand in a body."""
        return self.route.method != "GET" and bool(self.edge.__struct_fields__)

    def reads_query(self, body: bytes) -> bool:
        """Whether the fields stand in the query string: for GET, and for a DELETE without a body."""
        return self.route.method == "GET" or (self.route.method == "DELETE" and not body)

    @property
    def takes_version(self) -> bool:
        """Whether If-Match says which version is meant."""
        return self.route.method == "PATCH" and EXPECTED in self.struct.__struct_fields__

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key is listened to."""
        return self.route.method == "POST" and isinstance(self.row, CommandRow)

    @property
    def cursors(self) -> tuple[str, ...]:
        """The cursor fields of a query."""
        own = self.struct.__struct_fields__
        return tuple(name for name in CURSORS if name in own) if isinstance(self.row, QueryRow) else ()

    @cached_property
    def shows_version(self) -> bool:
        """Whether the answer carries the version that a later If-Match names."""
        return isinstance(self.result, type) and "version" in getattr(self.result, "__struct_fields__", ())

    @cached_property
    def result(self) -> Any:
        """The struct that answers; None where the answer has no body."""
        if isinstance(self.row, QueryRow):
            return self.row.result
        if self.route.shows is None:
            return None
        # Only the kind of the answer is asked for; constructors check no types, so 1 stands for anything.
        probe = self.struct(**{one.name: 1 for one in fields(self.struct) if one.required})
        return self.catalogue.queries[type(self.route.shows(probe, Done(ref=1)))].result


def endpoints(catalogue: Catalogue) -> list[Endpoint]:
    """Every row that has a route, by path."""
    rows: Iterable[CommandRow | QueryRow] = (*catalogue.commands.values(), *catalogue.queries.values())
    found = [Endpoint(row, row.route, catalogue) for row in rows if row.route is not None]
    return sorted(found, key=lambda one: (one.route.path, one.route.method))


def _is_number(shape: Any) -> bool:
    return int in _alternatives(shape)


def _is_bytes(shape: Any) -> bool:
    return bytes in _alternatives(shape)


def _alternatives(shape: Any) -> tuple[Any, ...]:
    return get_args(shape) if get_origin(shape) in (Union, UnionType) else (shape,)
