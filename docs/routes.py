"""The reference page of the JSON API, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc, isclass

from msgspec import NODEFAULT, UNSET, Struct, json
from msgspec.inspect import (
    BoolType,
    Field,
    IntType,
    ListType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

from core.engine.catalogue import CommandRow, QueryRow, Route
from core.engine.wire import is_time
from core.parts import catalogue


def api_page() -> str:
    """Every route of the JSON API, by path."""
    known = catalogue(public_url="http://127.0.0.1")
    rows: list[CommandRow | QueryRow] = [*known.commands.values(), *known.queries.values()]
    routes = [(row.route, row) for row in rows if row.route is not None]
    routes.sort(key=lambda found: (found[0].path, found[0].method))
    lines = ["# Routes of the API", "", "See [the API](../api.md) for what holds for all of them."]
    for route, row in routes:
        lines += ["", f"## {route.method} /api{route.path}", "", *_section(route, row)]
    return "\n".join([*lines, ""])


def _section(route: Route, row: CommandRow | QueryRow) -> Iterator[str]:
    struct = row.command if isinstance(row, CommandRow) else row.query
    yield getdoc(struct) or ""
    names = {inner: public for public, inner in route.renames.items()}
    fields = [field for field in _fields(struct) if f"{{{field.name}}}" not in route.path]
    if fields:
        yield from ("", "| field | is | default |", "|---|---|---|")
    for field in fields:
        public = names.get(field.name, field.encode_name)
        yield f"| `{public}` | {_is(field.type, public)} | {_default(field)} |"
    answer = row.result if isinstance(row, QueryRow) else None
    yield from ("", f"Answers {route.status}" + (f" with {_shape(answer)}." if isclass(answer) else "."))


def _fields(struct: type[Struct]) -> tuple[Field, ...]:
    found = type_info(struct)
    return found.fields if isinstance(found, StructType) else ()


def _shape(answer: type) -> str:
    fields = _fields(answer) if issubclass(answer, Struct) else ()
    return "{" + ", ".join(f"`{field.encode_name}`" for field in fields) + "}"


def _is(kind: Type, name: str = "") -> str:
    """A type in the words of JSON."""
    match kind:
        case Metadata(type=inner):
            return _is(inner, name)
        case UnionType(types=types):
            known = [_is(one, name) for one in types if not isinstance(one, NoneType) and type(one) in SAID]
            return " or ".join(known) + (", or null" if any(isinstance(one, NoneType) for one in types) else "")
        case LiteralType(values=values):
            return ", ".join(f"`{value}`" for value in values)
        case StrType(max_length=longest):
            return f"text, at most {longest:,} characters" if longest else "text"
        case IntType(ge=low, le=high):
            if is_time(name):
                return "time, ISO 8601"
            return "number" if high is None else f"number, {low} to {high}"
        case BoolType():
            return "true or false"
        case VarTupleType(item_type=item, max_length=most) | ListType(item_type=item, max_length=most):
            return f"list of {_is(item)}" + (f", at most {most}" if most else "")
        case StructType(fields=fields):
            return "{" + ", ".join(f"`{field.encode_name}`" for field in fields) + "}"
    raise TypeError(f"docs/routes.py has no words for {kind}")


SAID = {Metadata, LiteralType, StrType, IntType, BoolType, VarTupleType, ListType, StructType}


def _default(field: Field) -> str:
    if field.required:
        return "needed"
    return "" if field.default in (None, "", (), UNSET, NODEFAULT) else f"`{json.encode(field.default).decode()}`"
