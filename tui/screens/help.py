"""Help: the keys of this place, and why one is off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.model import hint_lines
from tui.widgets.sheets import HelpSheet

if TYPE_CHECKING:
    from tui.screens.desk import Act, DeskScreen


class HelpActs:
    """The help sheet."""

    def __init__(self, desk: DeskScreen) -> None:
        self.desk = desk
        self.sheet = HelpSheet("help", "sheet")

    def acts(self) -> Mapping[str, Act]:
        """Registry ids that stand here."""
        return {
            "help": lambda _: self._open(),
            "help_down": lambda key: self.sheet.by(self._step(key)),
            "help_up": lambda key: self.sheet.by(-self._step(key)),
            "help_close": lambda _: self.close(),
        }

    def paint(self) -> None:
        """The sheet, when it is open."""
        if self.desk.has_class("helping"):
            place, names = self.desk.underneath(), self.desk.session.names
            self.sheet.show(hint_lines.help_lines(place, names, self.desk.size.width, self.desk.off))

    def close(self) -> None:
        """Put it away."""
        self.desk.leave("helping")

    def _open(self) -> None:
        self.desk.add_class("helping")
        self.paint()
        self.sheet.to(0)
        self.desk.paint_hints()

    def _step(self, key: str) -> int:
        return max(self.sheet.size.height - 1, 1) if key.startswith("page") else 1
