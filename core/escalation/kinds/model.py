"""Frozen values of a consult and of a report to the customer. Times in milliseconds."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

Said = Annotated[str, Meta(max_length=2_000)]
Stage: TypeAlias = Literal["draft", "revised", "leaving", "sent", "failed"]
"""Waits for approval · came back with remarks · approved, on its way · taken by the mail server · it did not arrive."""


class Draft(Struct, frozen=True, forbid_unknown_fields=True):
    """What the customer is to read, as it was drafted."""

    what: Said
    """What is going on."""
    since: int | None = None
    """Since when."""
    affects: Said = ""
    """Whom and what it touches."""
    recovery: Said = ""
    """The expected recovery, as far as it is known."""
    next_update: int | None = None
    """When the customer hears next; None: this is the last report."""


class Answer(Struct, frozen=True):
    """What came back to whoever asked: the answer to a consult, or the remarks on a report."""

    by: str
    at: int
    note: int | None
    """Its text, which can be erased."""
    due: int
    """A consult is resolved by itself then; of remarks the author is reminded."""
    question: int | None = None
    """The text of the question that followed."""


class Report(Struct, frozen=True):
    """Where the reports of one notify stand: the newest of them, and what the customer was promised."""

    number: int
    """Of the newest draft; the first is 1."""
    author: str | None
    stage: Stage
    """Of the newest draft."""
    next_update: int | None
    """As the newest draft says."""
    sent: int = 0
    """How many were approved and did not fail."""
    promised: int | None = None
    """When the customer was told to hear next."""
    soon_due: int | None = None
    """The holder is told then that the next update is near."""
    update_due: int | None = None
    """Without another report by then it escalates by itself."""

    @property
    def rests(self) -> bool:
        """Nothing waits for an approval: the last one left, and the next is not drafted yet."""
        return self.stage in ("leaving", "sent")
