"""Tables for the console: the ladder of a preview, the result of `verify`, a QR code."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import segno

from core.console.spoken import language, tell
from core.engine.ports import DAY, MINUTE, Millis
from core.engine.verify import Verified
from core.engine.wire import outside
from core.escalation.queries.cards import DirectoryView
from core.escalation.queries.views import LadderStep, PreviewView
from core.words import clock, date_line, day_line, span

NOWHERE: Final = frozenset({"round", "standing"})
"""Lines of the whole ladder, not of one seat."""


def preview_lines(view: PreviewView, names: DirectoryView, start: Millis) -> Iterator[str]:
    """Who is called when, one line each; `start` is the time of the raise."""
    policy = next((one for one in names.policies if one.id == view.policy.id), None)
    name = policy.name.get(language(), view.policy.id) if policy else view.policy.id
    yield tell(
        "preview.title",
        policy=name,
        version=view.policy.version,
        level=view.level,
        because=view.says.get(language(), view.because),
    )
    people = {person.id: person.name for person in names.persons}
    yield from _aligned(_ladder_row(step, people, names.timezone, start) for step in view.ladder)
    if view.ends_at is not None:
        yield tell("preview.ends", time=_when(view.ends_at, names.timezone, start))


def preview_json(view: PreviewView) -> dict[str, object]:
    """The contract's shape: times as ISO 8601."""
    fields = ("at", "level", "seat", "people", "channel", "note")
    return {"ladder": [{name: outside(getattr(step, name), name) for name in fields} for step in view.ladder]}


def verified_lines(found: Verified) -> Iterator[str]:
    """What holds, or each broken place; the head of the whole at the end."""
    for broken in found.broken:
        what = tell(f"verify.what.{broken.what}")
        where = "broken" if broken.seq else "untrue"
        yield tell(f"verify.{where}", stream=broken.stream, id=broken.stream_id, seq=broken.seq, what=what)
    if found.broken:
        yield tell("verify.sum", n=found.faults)
    else:
        yield tell("verify.fine", streams=found.streams, events=found.events)
    yield tell("verify.head", head=found.head)


def qr_lines(text: str) -> list[str]:
    """A QR code of half blocks, for any terminal that can show them."""
    drawn = io.StringIO()
    segno.make(text, error="l").terminal(out=drawn, border=2, compact=True)
    return drawn.getvalue().splitlines()


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _ladder_row(step: LadderStep, people: Mapping[str, str], zone: str, start: Millis) -> tuple[str, ...]:
    after, somewhere = step.at - start, step.note not in NOWHERE
    return (
        _when(step.at, zone, start),
        f"+{span(after, language())}" if after >= MINUTE else "",
        f"L{step.level}" if somewhere else "",
        tell(f"preview.seat.{step.seat}") if somewhere else "",
        ", ".join(people.get(person, person) for person in step.people),
        tell(f"preview.note.{step.note}") if step.note else tell(f"preview.via.{step.channel}") if step.channel else "",
    )


def _when(at: Millis, zone: str, start: Millis) -> str:
    near = abs(at - start) < DAY and day_line(at, zone, "en") == day_line(start, zone, "en")
    return clock(at, zone) if near else date_line(at, zone, language())


def _aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    table = list(rows)
    widths = [max(map(cells, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield (
            "  "
            + "  ".join(text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True)).rstrip()
        )
