"""A second process on the same file, for tests: `python -m tests.store.second PATH NAME COUNT` writes COUNT rows."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from core.engine.store.sqlite import open_sqlite
from tests.store.kinds import put


async def main(path: Path, name: str, count: int) -> None:
    async with open_sqlite(path, create=True, busy_for=60.0) as store:
        for batch in range(0, count, 8):
            await asyncio.gather(*(store.write(put(f"{name}{n:04}")) for n in range(batch, min(batch + 8, count))))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
