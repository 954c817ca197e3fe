"""What the console asks: the desk as a file would say it, and what is wrong with it."""

from __future__ import annotations

from msgspec import Struct

from core.deskfile.document import Document
from core.deskfile.findings import Finding


class CurrentDesk(Struct, frozen=True):
    """The desk as it is now, as a document.

    The admin made by `init` is part of it only where `naming` has them, as a file may that adopts them.
    """

    naming: tuple[str, ...] = ()


class CheckDesk(Struct, frozen=True):
    """Gaps, dead ends, people nobody can reach, expired things: of the desk now, or of what a file would make it."""

    document: Document | None = None


class Findings(Struct, frozen=True):
    """Worst first."""

    items: tuple[Finding, ...]
