"""A shift offered to a colleague: until they accept it stays with who offered it (A offers, B accepts)."""

from __future__ import annotations

from typing import Literal

from core.engine.outcome import Done, Refusal
from core.engine.ports import Reader
from core.engine.work import Work
from core.people.records import people_of
from core.people.telling import quietly
from core.roster import decide
from core.roster.acts import COUNTER, KEPT, carry_out, is_known
from core.roster.commands import AcceptShift, OfferShift, RefuseShift, WithdrawShift
from core.roster.events import ShiftOffered, ShiftOfferEnded
from core.roster.handover import stream_of
from core.roster.model import Override, Swap
from core.roster.records import CHANGES, roster_of

UNKNOWN = Refusal("unknown", "swap")


def offer_shift(work: Work, command: OfferShift) -> Done | Refusal:
    """The same offer again is the one that is open; another one for the same time is refused."""
    if not is_known(work.tx, command.rota):
        return decide.NO_ROTA
    stream, giver = stream_of(work, command.rota), work.by.person
    people, roster = people_of(work.tx), roster_of(work.tx)
    span = decide.offered(people, roster, work.by, command, work.now)
    if isinstance(span, Refusal):
        return span
    assert giver is not None, "only a person has duty to offer"
    for open_ in open_of(work.tx, giver, work.now):
        if (open_.giver, open_.rota) == (giver, command.rota) and open_.since < span[1] and span[0] < open_.until:
            if (open_.taker, open_.until) == (command.to, span[1]):
                return Done(open_.id, again=True)
            return Refusal("conflict", "swap_exists", values={"id": str(open_.id)})
    swap = Swap(work.tx.new_ids("swap"), command.rota, giver, command.to, *span)
    work.tx.run(CHANGES["swaps_forget"], {"before": work.now - KEPT})
    work.tx.run(
        CHANGES["swap_add"],
        {
            "id": swap.id, "rota": swap.rota, "giver": swap.giver, "taker": swap.taker, "since": swap.since,
            "until": swap.until, "made_at": work.now,
        },
    )  # fmt: skip
    work.record(stream, ShiftOffered(swap.rota, swap.id, swap.giver, swap.taker, swap.since, swap.until))
    work.notify(stream, *quietly(people, swap.taker, "swap", work.now, data=f"{swap.id}:offered"))
    return Done(swap.id)


def accept_shift(work: Work, command: AcceptShift) -> Done | Refusal:
    """From this instant (or from its beginning) it is theirs; looked at anew, since the roster may have changed."""
    swap = _locked(work, command.swap)
    if swap is None or swap.taker != work.by.person:
        return UNKNOWN
    if swap.state == "accepted":
        return Done(swap.id, again=True)
    if refused := _over(work, swap):
        return refused
    since, id_ = max(swap.since, work.now), work.tx.new_ids(COUNTER)
    made = Override(id_, swap.rota, since, swap.until, swap.taker, swap.giver)
    if refused := decide.cannot_take(people_of(work.tx), roster_of(work.tx), made):
        return refused
    _end(work, swap, "accepted", swap.giver)
    carry_out(work, made, "swapped")
    return Done(swap.id)


def refuse_shift(work: Work, command: RefuseShift) -> Done | Refusal:
    """It stays with who offered it. No count is kept."""
    swap = _locked(work, command.swap)
    if swap is None or swap.taker != work.by.person:
        return UNKNOWN
    if swap.state == "refused":
        return Done(swap.id, again=True)
    return _over(work, swap) or _end(work, swap, "refused", swap.giver)


def withdraw_shift(work: Work, command: WithdrawShift) -> Done | Refusal:
    """By who offered it, until it is accepted."""
    swap = _locked(work, command.swap)
    if swap is None or swap.giver != work.by.person:
        return UNKNOWN
    if swap.state == "withdrawn":
        return Done(swap.id, again=True)
    return _over(work, swap) or _end(work, swap, "withdrawn", swap.taker)


def _locked(work: Work, id_: int) -> Swap | None:
    """One offer as it is once its rota's stream is locked; None when there is none."""
    swap = swap_of(work.tx, id_)
    if swap is None:
        return None
    stream_of(work, swap.rota)
    return swap_of(work.tx, id_)


def swap_of(tx: Reader, id_: int) -> Swap | None:
    """One offer; None when there is none."""
    row = tx.one(CHANGES["swap"], {"id": id_})
    return None if row is None else Swap(*row)


def open_of(tx: Reader, person: str, now: int) -> tuple[Swap, ...]:
    """Open offers from and to a person, the earliest shift first."""
    return tuple(Swap(*row) for row in tx.all(CHANGES["swaps_open"], {"person": person, "now": now}))


def _over(work: Work, swap: Swap) -> Refusal | None:
    if swap.state != "offered" or swap.until <= work.now or swap.rota not in roster_of(work.tx).rotas:
        return Refusal("closed", "swap_over")
    return None


def _end(work: Work, swap: Swap, how: Literal["accepted", "refused", "withdrawn"], told: str) -> Done:
    work.tx.run(CHANGES["swap_end"], {"id": swap.id, "state": how})
    stream = stream_of(work, swap.rota)
    work.record(stream, ShiftOfferEnded(swap.rota, swap.id, how))
    work.notify(stream, *quietly(people_of(work.tx), told, "swap", work.now, data=f"{swap.id}:{how}"))
    return Done(swap.id)
