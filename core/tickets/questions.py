"""What screens ask about the people around a ticket, and the answers. Persons and teams are ids."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from core.tickets.model import Presence


class PresenceOn(Struct, frozen=True):
    """Who looks at a ticket or replies to it now."""

    ticket: int


class PresenceView(Struct, frozen=True):
    """Whoever came first, first. Somebody who has gone stays for up to twenty seconds."""

    items: tuple[Presence, ...]


class Colleagues(Struct, frozen=True):
    """Whom an `@` may mean: by name, id, kana or rōmaji; of a ticket only who may see it."""

    q: Annotated[str, Meta(max_length=60)] = ""
    ticket: int | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 8


class Colleague(Struct, frozen=True):
    """Somebody who can be named: `@id` is what a note says."""

    id: str
    name: str
    level: int
    teams: tuple[str, ...]


class ColleaguePage(Struct, frozen=True):
    """The likeliest first: who works on the ticket, then their team, then the others."""

    items: tuple[Colleague, ...]
