"""What the console asks: the desk as a file would say it, and what is wrong with it."""

from __future__ import annotations

from msgspec import Struct

from core.deskfile.document import Document
from core.deskfile.findings import Finding, Severity
from core.people.model import Language


class CurrentDesk(Struct, frozen=True):
    """The desk as it is now, as a document.

    The admin made by `init` is part of it only where `naming` has them, as a file may that adopts them.
    """

    naming: tuple[str, ...] = ()


class CheckDesk(Struct, frozen=True):
    """Gaps, dead ends, people nobody can reach, expired things: of the desk now, or of what a file would make it."""

    document: Document | None = None


class CheckNow(Struct, frozen=True):
    """The same of the desk as it is now, in words: GET /api/check, for admins."""

    language: Language | None = None
    """Default: the reader's."""


class FindingView(Struct, frozen=True):
    """One finding. `where`: `policy:complaint rung 2`; `code`: what it is, for programs."""

    severity: Severity
    where: str
    code: str
    text: str


class FindingsView(Struct, frozen=True):
    """Worst first."""

    errors: int
    warnings: int
    items: tuple[FindingView, ...]


class Findings(Struct, frozen=True):
    """Worst first."""

    items: tuple[Finding, ...]
