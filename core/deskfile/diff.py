"""What applying a document would change: added, changed, removed, each as a line for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from core.deskfile.document import Document
from core.deskfile.export import toml
from core.deskfile.rows import Row, rows
from core.words import say


class Change(Struct, frozen=True):
    """One row of the file that is new, different or gone; for a different one, each key with old and new."""

    kind: Literal["added", "changed", "removed"]
    section: str
    id: str
    keys: tuple[tuple[str, str, str], ...] = ()
    """(key, written before, written now); empty where it was or is not there."""

    @property
    def name(self) -> str:
        """`person:suzuki`; `desk` and `levels` have no id."""
        return f"{self.section}:{self.id}" if self.id else self.section

    def lines(self, language: str) -> Iterator[str]:
        """`~ person suzuki`, and below it every key."""
        yield say(
            language, f"deskfile.{self.kind}", section=say(language, f"deskfile.section.{self.section}"), id=self.id
        )
        for key, old, new in self.keys:
            nothing = say(language, "deskfile.nothing")
            yield say(language, "deskfile.changed_key", key=key, old=old or nothing, new=new or nothing)


def diff(current: Document, document: Document) -> tuple[Change, ...]:
    """From what the desk is now to what the file says, in the order of the file; empty when nothing differs."""
    old, new = ({(row.section, row.id): row for row in rows(each)} for each in (current, document))
    return (*_new_rows(old, new), *_order(current, document), *_gone(old, new))


def _new_rows(old: Mapping[tuple[str, str], Row], new: Mapping[tuple[str, str], Row]) -> Iterator[Change]:
    for place, row in new.items():
        before = old.get(place)
        if before is None:
            yield Change("added", row.section, row.id)
        elif keys := tuple(_keys(_flat(before), _flat(row))):
            yield Change("changed", row.section, row.id, keys)


def _gone(old: Mapping[tuple[str, str], Row], new: Mapping[tuple[str, str], Row]) -> Iterator[Change]:
    yield from (Change("removed", row.section, row.id) for place, row in old.items() if place not in new)


def _order(current: Document, document: Document) -> Iterator[Change]:
    """Rules speak in their order: moving one is a change."""
    before, now = ([rule.id for rule in each.rules] for each in (current, document))
    both = set(before) & set(now)
    old, new = ([id_ for id_ in ids if id_ in both] for ids in (before, now))
    if old != new:
        yield Change("changed", "rules", "", (("order", toml(old), toml(new)),))


def _keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key in {**old, **new}:
        before, now = (toml(values[key]) if key in values else "" for values in (old, new))
        if before != now:
            yield key, before, now


def _flat(row: Row) -> dict[str, Any]:
    found = dict(row.values)
    for position, rung in enumerate(row.below, 1):
        found |= {f"rung {position} {key}": value for key, value in rung.items()}
    return found
