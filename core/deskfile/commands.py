"""What the console intends with the desk file."""

from __future__ import annotations

from msgspec import Struct

from core.deskfile.document import Document


class ApplyDeskFile(Struct, frozen=True):
    """Make the desk what the document says, whole or not at all. Done.ref is the number of changes."""

    document: Document
