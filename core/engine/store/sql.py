"""Named SQL blocks: `-- name: open_calls` starts a block in a `.sql` file.

One text serves both databases: parameters are `:name`, and a comment `/*pg … */` is shown to PostgreSQL only.
A statement with the comment `/*alone*/` changes what every command stands on: on PostgreSQL its command runs by itself
(on SQLite every command does).
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

BLOCK: Final = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)
PARAMETER: Final = re.compile(r"(?<!:):([a-z_]\w*)")
POSTGRES_ONLY: Final = re.compile(r"/\*pg (.*?)\*/", re.DOTALL)
ALONE: Final = re.compile(r"\s*/\*alone\*/")


class Statement:
    """One named SQL text, ready for both engines."""

    __slots__ = ("alone", "name", "postgres", "sqlite")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        text, found = ALONE.subn("", text)
        self.alone = found > 0
        self.sqlite = POSTGRES_ONLY.sub("", text).strip()
        shown = POSTGRES_ONLY.sub(r"\1", text).replace("%", "%%")
        self.postgres = PARAMETER.sub(r"%(\1)s", shown).strip()

    def __repr__(self) -> str:
        return f"<sql {self.name}>"


class SqlFile(dict[str, Statement]):
    """The statements of one `.sql` file by name."""

    def __init__(self, package: str, name: str) -> None:
        text = files(package).joinpath(name).read_text(encoding="utf-8")
        parts = BLOCK.split(text)[1:]
        super().__init__(
            (block, Statement(f"{package}/{name}:{block}", body))
            for block, body in zip(parts[::2], parts[1::2], strict=True)
        )
        if len(self) * 2 != len(parts):
            raise ValueError(f"{package}/{name}: the same block name twice")
