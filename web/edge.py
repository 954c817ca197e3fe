"""Values that enter: outside, times are ISO 8601 with offset and ids are strings; inside, both are integers.

Which fields are times stands in `core.engine.wire`, which are ids here. From each struct that enters, an edge struct is
made once, at the start: it checks what comes in, and the OpenAPI document is generated from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT, UNSET, Meta, Struct, UnsetType, defstruct, field
from msgspec.structs import FieldInfo, fields

from core.engine.wire import is_time, millis

IDS: Final = frozenset({"call", "escalation", "task"})
"""Integer fields that are ids: strings outside. (A ticket has a number, not an id.)"""

Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with offset")]
Id = Annotated[str, Meta(pattern="^[0-9]{1,18}$", description="an id")]
Number = Annotated[int, Meta(ge=-(2**53), le=2**53)]
"""Any other integer that enters: as JSON knows them, and never too large for a database."""


class Made(Struct, frozen=True):
    """What an edge struct stands for, and how single fields turn inward."""

    core: type[Struct]
    turns: Mapping[str, Callable[[Any], Any]] = {}


_made: Final[dict[type[Struct], Made]] = {}


def entering(core: type[Struct], without: frozenset[str], renames: Mapping[str, str]) -> type[Struct]:
    """The edge struct of a command or query: its fields but `without`; `renames` are public name → field.

    A flag whose public name is the first half of its own (`for` of `for_me`) is written out: `for=me`.
    """
    public = {inner: shown for shown, inner in renames.items()}
    kept = [one for one in fields(core) if one.name not in without]
    return _struct(core, core.__name__, [(one, public.get(one.name, one.encode_name)) for one in kept], True)


@cache
def edge_type(shape: Any, name: str, inward: bool) -> Any:
    """The type of a field of this public name outside; the same object where nothing differs."""
    origin, inner = get_origin(shape), get_args(shape)
    if shape is int:
        return _integer(name, inward)
    if isinstance(shape, type) and issubclass(shape, Struct):
        return _nested(shape, inward)
    if origin is None or origin is Literal:
        return shape
    if origin is Annotated:
        base = edge_type(inner[0], name, inward)
        return shape if base in (inner[0], Number) else base if inner[0] is int else Annotated[(base, *inner[1:])]
    together = origin in (Union, UnionType)
    new = tuple(one if one is Ellipsis else edge_type(one, name if together else "", inward) for one in inner)
    if all(a is b for a, b in zip(new, inner, strict=True)):
        return shape
    return reduce(or_, new) if together else origin[new]


def inside(value: Any) -> Any:
    """The core's value of an edge value."""
    match value:
        case datetime():
            return millis(value)
        case Struct():
            return _made[type(value)].core(**within(value))
        case tuple() | list():
            return tuple(inside(one) for one in value)
        case dict():
            return {key: inside(one) for key, one in value.items()}
    return value


def within(value: Struct) -> dict[str, Any]:
    """The core's fields of an edge struct: those that were given or have a default."""
    turns = _made[type(value)].turns
    given = ((name, getattr(value, name)) for name in value.__struct_fields__)
    return {name: turns.get(name, inside)(one) for name, one in given if one is not UNSET}


def _integer(name: str, inward: bool) -> Any:
    if is_time(name):
        return Moment
    if not inward:
        return int
    return Id | Number if name in IDS else Number


@cache
def _nested(core: type[Struct], inward: bool) -> type[Struct]:
    shown = [(one, one.encode_name) for one in fields(core)]
    if not inward and all(edge_type(one.type, name, False) is one.type for one, name in shown):
        return core
    return _struct(core, core.__name__ + ("Input" if inward else ""), shown, inward)


def _struct(core: type[Struct], name: str, shown: Sequence[tuple[FieldInfo, str]], inward: bool) -> type[Struct]:
    turns = {one.name: turn for one, public in shown if (turn := _turn(one, public, inward))}
    edge = defstruct(
        name,
        [(one.name, _shape(one, public, inward), _default(one, public)) for one, public in shown],
        rename={one.name: public for one, public in shown},
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=inward,
        namespace={"__doc__": core.__doc__},
    )
    _made[edge] = Made(core, turns)
    return edge


def _shape(one: FieldInfo, public: str, inward: bool) -> Any:
    flag = _flag(one, public)
    return Literal[flag] | UnsetType if flag else edge_type(one.type, public, inward)


def _turn(one: FieldInfo, public: str, inward: bool) -> Callable[[Any], Any] | None:
    if _flag(one, public):
        return bool
    return _number if inward and public in IDS and edge_type(one.type, public, True) is not one.type else None


def _flag(one: FieldInfo, public: str) -> str:
    return one.name.removeprefix(f"{public}_") if one.type is bool and one.name.startswith(f"{public}_") else ""


def _number(value: str | int | None) -> int | None:
    return None if value is None else int(value)


def _default(one: FieldInfo, public: str) -> Any:
    if _flag(one, public):
        return UNSET
    if one.default_factory is not NODEFAULT:
        return field(default_factory=one.default_factory)
    return one.default
