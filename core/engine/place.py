"""A place in the journal: everything up to it was read, and nothing will ever appear before it.

On PostgreSQL ids are given before the commit: whoever remembers only the id loses what was committed late. There a
place is the number of the transaction and the id, and only what no running transaction can precede is read.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Place(NamedTuple):
    """Ordered; as text it is opaque to whoever keeps it."""

    xid: int = 0
    """Always 0 on SQLite, where ids are given in the order of commits."""
    id: int = 0

    def __str__(self) -> str:
        return f"{self.xid}-{self.id}" if self.xid else str(self.id)

    def params(self, limit: int) -> dict[str, int]:
        """For the statements that read on from here."""
        return {"xid": self.xid, "after": self.id, "limit": limit}


def place_of(row: tuple[Any, ...], columns: int) -> Place:
    """The place of a row whose first column is the id; on PostgreSQL one more column than asked for is the xid."""
    return Place(row[columns] if len(row) > columns else 0, row[0])


def read_place(text: str) -> Place | None:
    """What `str` made of it; None when nobody made that."""
    xid, _, id_ = text.rpartition("-")
    if not (id_.isdecimal() and (not xid or xid.isdecimal())) or text != str(place := Place(int(xid or 0), int(id_))):
        return None
    return place
