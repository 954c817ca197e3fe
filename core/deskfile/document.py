"""What a desk.toml says, as values: the whole of a desk that can be written in a file."""

from __future__ import annotations

from msgspec import Struct

from core.people.model import ChannelSetting, Level, Person, Settings, Team
from core.policy.model import Policy, Rule
from core.roster.model import Rota


class Document(Struct, frozen=True):
    """A whole desk. Of the settings, `mode` is not part of a file; policies have version 0 here."""

    settings: Settings = Settings()
    levels: tuple[Level, ...] = ()
    teams: tuple[Team, ...] = ()
    persons: tuple[Person, ...] = ()
    rotas: tuple[Rota, ...] = ()
    policies: tuple[Policy, ...] = ()
    rules: tuple[Rule, ...] = ()
    """In file order: the first that matches speaks."""
    channels: tuple[ChannelSetting, ...] = ()
