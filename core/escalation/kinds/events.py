"""What happened to consults and customer reports. Ids, numbers and times only; `note` points at a text."""

from __future__ import annotations

from msgspec import Struct


class ConsultAnswered(Struct, frozen=True):
    """Whoever asked is told; nothing has moved."""

    escalation: int
    note: int | None = None


class AskedAgain(Struct, frozen=True):
    """Whoever answered is asked once more."""

    escalation: int
    note: int | None = None


class BecameTakeover(Struct, frozen=True):
    """A consult is a takeover from now on."""

    escalation: int


class ReportDrafted(Struct, frozen=True):
    """A report waits for approval: the `number`-th draft."""

    escalation: int
    number: int
    next_update: int | None = None


class ReportApproved(Struct, frozen=True):
    """It leaves to the customer, who is promised the next one by `next_update`. `nth`: of those that leave."""

    escalation: int
    number: int
    nth: int
    next_update: int | None = None


class ReportRevised(Struct, frozen=True):
    """It went back to its author, with remarks."""

    escalation: int
    number: int
    note: int | None = None


class ReportSent(Struct, frozen=True):
    """The mail server took it."""

    escalation: int
    number: int


class ReportFailed(Struct, frozen=True):
    """It did not reach the customer's mailbox; holder and approver are told."""

    escalation: int
    number: int


class NextUpdateNear(Struct, frozen=True):
    """The customer was promised to hear by `due`, which is soon; the holder is told."""

    escalation: int
    due: int


class NextUpdateMissed(Struct, frozen=True):
    """What was promised for `due` has not left: a takeover is called."""

    escalation: int
    due: int
