from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation import agenda
from core.escalation.queries.views import Entry, May, NextStep
from core.words import knows
from tests.tui import fake_desk as world
from tests.tui.fake_door import FakeDoor
from tui import keys, themes
from tui.model import case_lines, countdown, ladder_view, lines, queue_line, spoken, timeline
from tui.model.drafts import Shelf
from tui.model.names import Names
from tui.model.raise_draft import Choice, RaiseDraft
from tui.model.session import Session
from tui.screens.desk import DeskScreen

JA, EN = Names(world.DIRECTORY, "ja"), Names(world.DIRECTORY, "en")
BOTH = pytest.mark.parametrize("names", [JA, EN], ids=["ja", "en"])
MINUTE = world.MINUTE
STEPS = (*(what for what in get_args(agenda.What) if what not in agenda.EVIDENCE), "wake")


@pytest.mark.parametrize(
    ("ms", "ja", "en"),
    [
        (102_000, "1:42", "1:42"),
        (1, "0:00", "0:00"),
        (0, "まもなく", "now"),
        (-59_000, "まもなく", "now"),
        (12 * MINUTE, "12分", "12m"),
        (125 * MINUTE, "2時間05分", "2h05m"),
        (-7 * MINUTE, "7分超過", "7m late"),
        (3 * 24 * 60 * MINUTE, "3日", "3d"),
    ],
)
def test_a_countdown_is_short_and_shows_seconds_only_at_the_end(ms: int, ja: str, en: str) -> None:
    """Minutes above two minutes, so that an idle screen stays still."""
    assert (countdown.left(ms, "ja"), countdown.left(ms, "en")) == (ja, en)


@BOTH
@pytest.mark.parametrize("ms", [0, 1, 119_999, 59 * MINUTE, 23 * 60 * MINUTE + 59 * MINUTE, -999 * MINUTE])
def test_a_countdown_fits_its_column(names: Names, ms: int) -> None:
    """No time is wider than its column."""
    assert len(countdown.left(ms, names.language).encode("gb18030")) <= queue_line.TIME


@BOTH
@pytest.mark.parametrize("cells", [40, 64, 79, 80, 100, 160])
def test_every_row_of_the_queue_is_as_wide_as_the_list(names: Names, cells: int) -> None:
    """Rows align in cells at every width, ghosts and the head too."""
    for row in world.rows():
        assert lines.width(queue_line.line(row, names, world.NOW, cells)) == cells
        assert lines.width(queue_line.line(row, names, world.NOW, cells, ghost=True)) == cells
    assert lines.width(queue_line.header(names, cells)) == cells


@BOTH
def test_codes_of_the_next_step_fit_their_column(names: Names) -> None:
    """No word of a step is cut."""
    for word in (*(f"tui.does.{step}" for step in STEPS), "tui.does.changed", "tui.does.gone", "tui.does.alarm"):
        assert lines.width(lines.line(names.say(word))) <= queue_line.WHAT


def test_what_burns_has_a_mark_and_not_only_a_colour() -> None:
    """Within five minutes of the next step a calling row begins with an exclamation mark."""
    burning, calm = world.rows()[0], replace(world.rows()[0], next_at=world.NOW + 20 * MINUTE)
    assert lines.plain(queue_line.line(burning, JA, world.NOW, 80)).startswith(" !")
    assert not lines.plain(queue_line.line(calm, JA, world.NOW, 80)).startswith(" !")


@BOTH
@pytest.mark.parametrize("cells", [53, 80])
def test_the_ladder_shows_time_person_seat_and_means(names: Names, cells: int) -> None:
    """One line a step, as wide as its place, with what is done, now and planned told apart by a mark."""
    escalation = world.escalation(4182, "91", 4 * MINUTE)
    shown = ladder_view.ladder(escalation, names, cells)
    assert {lines.width(line) for line in shown} == {cells}
    assert [lines.plain(line)[1] for line in shown] == ["-", ">", " ", " ", " ", " "]
    assert "鈴木 一郎" in lines.plain(shown[0])


def test_a_desk_in_a_hurry_shows_seconds() -> None:
    """Where steps are seconds apart, the clock tells them apart."""
    view = world.preview()
    quick = replace(view, ladder=tuple(replace(s, at=world.NOW + (s.at - world.NOW) // 60) for s in view.ladder))
    shown = [lines.plain(line) for line in ladder_view.preview(quick, JA, world.NOW, 80)]
    assert shown[0].startswith("  14:32:00 いま")
    assert shown[1].startswith("  14:32:05 +0:05")
    assert lines.plain(ladder_view.preview(view, JA, world.NOW, 80)[1]).startswith("  14:37 +5分")


def test_a_long_ladder_is_folded_around_what_happens_now() -> None:
    """The step that runs is always in sight, and the rest is counted."""
    escalation = world.escalation(4182, "91", 4 * MINUTE)
    shown = ladder_view.folded(escalation.ladder, ladder_view.ladder(escalation, JA, 80), JA, 3)
    assert len(shown) == 3
    assert any(lines.plain(line).startswith(" >") for line in shown)
    assert "ほか 4 行" in lines.plain(shown[-1])


@BOTH
@pytest.mark.parametrize("does", [*STEPS, "from_the_future"])
def test_every_next_step_has_a_sentence(names: Names, does: str) -> None:
    """Whatever comes next by itself is said in words."""
    one = world.case(world.rows()[0])
    for people in ((), ("takahashi",)):
        step = NextStep(world.NOW + MINUTE, does, people, "push", 2)
        case = replace(one, escalations=(replace(one.escalations[0], next=step),))
        assert "14:33" in lines.plain(case_lines.coming(case, names, world.NOW))


def test_a_timeline_shows_customer_text_line_by_line() -> None:
    """Text of people is wrapped, cleaned and set off; an entry without words here shows its kind."""
    case = replace(
        world.case(world.rows()[0]), timeline=(Entry(world.NOW, "from_the_future", None, text="あ\x1b[2J" * 60),)
    )
    shown = [lines.plain(line) for line in timeline.lines(case, JA, 40)]
    assert any("from_the_future" in line for line in shown)
    assert not any("\x1b" in line for line in shown)
    assert max(lines.width(lines.line(line)) for line in shown) <= 40


def test_values_are_told_as_names_and_clocks() -> None:
    """Ids become names, times clocks, levels their words."""
    told = JA.spoken({"person": "suzuki", "people": ("ito", "sato"), "level": 2, "since": world.NOW, "n": 3})
    assert told == {
        "person": "鈴木 一郎さん",
        "people": "伊藤 蓮・佐藤 葵",
        "level": "L2 係長",
        "since": "14:32",
        "n": 3,
    }


@BOTH
def test_every_refusal_has_words(names: Names) -> None:
    """A code without a sentence of its own still says something kind; a ready sentence is shown cleaned."""
    assert spoken.refused(Refusal("too_many"), names)
    assert spoken.refused(Refusal("taken", values={"text": "鈴木さん\x07です"}), names) == "鈴木さんです"
    assert spoken.off(May("accept", False), None, names)


def test_a_draft_sees_other_persons_and_other_order_but_not_other_minutes() -> None:
    """Compared are persons, seats and levels in their order; that time went on is no difference."""
    draft = RaiseDraft(4182, "件名")
    draft.answered(Choice(), world.preview(), JA)
    assert draft.choices == (Choice(), Choice(3), Choice(kind="consult"))
    assert not draft.differs(world.preview(start=world.NOW + MINUTE))
    other = world.preview()
    assert draft.differs(replace(other, ladder=other.ladder[1:]))
    assert draft.changed


def test_an_answer_for_a_line_no_longer_chosen_is_dropped() -> None:
    """The sheet never shows the ladder of another choice."""
    draft = RaiseDraft(4182, "件名")
    draft.answered(Choice(), world.preview(), JA)
    assert draft.choose(1)
    draft.answered(Choice(), world.preview(), JA)
    assert draft.shown is None
    assert not draft.choose(5)


def test_one_key_has_one_meaning_in_one_place() -> None:
    """No key stands twice in a place, none on Ctrl+A or Ctrl+B, none on a letter that is kept free."""
    standing = [(where, name) for key in keys.KEYS for where in key.where for name in key.keys]
    assert len(standing) == len(set(standing))
    names = {name for _, name in standing}
    assert not names & {"ctrl+a", "ctrl+b", "ctrl+d"}
    assert not names & keys.RESERVED


@BOTH
def test_every_key_has_words_and_an_act(names: Names) -> None:
    """The registry, the acts of the desk and the words name the same keys."""
    desk = DeskScreen(Session(FakeDoor(), "ja"), Shelf())
    assert {key.id for key in keys.KEYS} == desk.acts.keys()
    for key in keys.KEYS:
        assert knows(names.language, f"tui.key.{key.id}")
        assert knows(names.language, f"tui.help.{key.id}")


@pytest.mark.parametrize("theme", themes.INKS)
def test_every_ink_is_readable_on_every_ground(theme: str) -> None:
    """Contrast of at least 4.5 to 1, by day and by night."""
    for ground in themes.GROUNDS[theme].values():
        for tone, ink in themes.INKS[theme].items():
            behind = themes.EMBER[theme] if tone == "alarm" else ground
            assert _contrast(ink, behind) >= 4.5, (tone, ground)


def _contrast(ink: str, ground: str) -> float:
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(a + b, 16) / 255 for a, b in list(pairwise(colour[1:]))[::2]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
