"""The reference page of the JSON API, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc, isclass

from msgspec import NODEFAULT, UNSET, Struct, json
from msgspec.inspect import (
    BoolType,
    DateTimeType,
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

from core.parts import catalogue
from web.endpoints import Endpoint, endpoints


def api_page() -> str:
    """Every route of the JSON API, by path."""
    lines = ["# Routes of the API", "", "See [the API](../api.md) for what holds for all of them."]
    found = endpoints(catalogue(public_url="http://127.0.0.1"))
    for endpoint in found:
        lines += ["", f"## {endpoint.name}", "", *_section(endpoint)]
    lines += ["", "# Shapes"]
    for answer in sorted({one.result for one in found if _is_struct(one.result)}, key=lambda shape: shape.__name__):
        lines += ["", f"## {answer.__name__}", "", getdoc(answer) or "", "", _names(answer)]
    return "\n".join([*lines, ""])


def _section(endpoint: Endpoint) -> Iterator[str]:
    yield getdoc(endpoint.struct) or ""
    if fields := _fields(endpoint.edge):
        yield from ("", "| field | is | default |", "|---|---|---|")
    for field in fields:
        yield f"| `{field.encode_name}` | {_is(field.type)} | {_default(field)} |"
    name = endpoint.result.__name__ if _is_struct(endpoint.result) else ""
    yield from ("", f"Answers {endpoint.route.status}" + (f" with [{name}](#{name.lower()})." if name else "."))


def _fields(struct: type[Struct]) -> tuple[Field, ...]:
    found = type_info(struct)
    return found.fields if isinstance(found, StructType) else ()


def _is_struct(shape: object) -> bool:
    return isclass(shape) and issubclass(shape, Struct)


def _names(shape: type[Struct]) -> str:
    return ", ".join(f"`{field.encode_name}`" for field in _fields(shape))


def _is(kind: Type) -> str:
    """A type in the words of JSON."""
    match kind:
        case Metadata(type=inner):
            return _is(inner)
        case UnionType(types=types):
            known = [_is(one) for one in types if not isinstance(one, NoneType) and type(one) in SAID]
            return " or ".join(known) + (", or null" if any(isinstance(one, NoneType) for one in types) else "")
        case LiteralType(values=values):
            return ", ".join(f"`{value}`" for value in values)
        case StrType(pattern=str()):
            return "id"
        case StrType(max_length=longest):
            return f"text, at most {longest:,} characters" if longest else "text"
        case IntType(ge=low, le=high):
            return "number" if high is None or high > 1_000_000 else f"number, {low} to {high}"
        case DateTimeType():
            return "time, ISO 8601 with offset"
        case BoolType():
            return "true or false"
        case VarTupleType(item_type=item, max_length=most) | ListType(item_type=item, max_length=most):
            return f"list of {_is(item)}" + (f", at most {most}" if most else "")
        case StructType(fields=fields):
            return "{" + ", ".join(f"`{field.encode_name}`" for field in fields) + "}"
    raise TypeError(f"docs/routes.py has no words for {kind}")


SAID = {DateTimeType, Metadata, LiteralType, StrType, IntType, BoolType, VarTupleType, ListType, StructType}


def _default(field: Field) -> str:
    if field.required:
        return "needed"
    return "" if field.default in (None, "", (), UNSET, NODEFAULT) else f"`{json.encode(field.default).decode()}`"
