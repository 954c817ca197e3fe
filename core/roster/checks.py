"""What is always true of rotas: a deadline looks at each when its duty changes next."""

from __future__ import annotations

from collections.abc import Iterator

from core.engine.ports import Reader
from core.engine.verify import KEPT, Broken
from core.roster.records import CHANGES


def watched(tx: Reader) -> Iterator[Broken]:
    """Rotas whose hand-overs nobody would ever hear of."""
    for (number,) in tx.all(CHANGES["unwatched"], {"limit": KEPT}):
        yield Broken("rota", number, 0, "unwatched")
