"""The checker on the coming year: rungs, waits, leave, changes, devices, and how long it takes."""

from __future__ import annotations

from datetime import datetime
from time import process_time
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from core.deskfile.check import check
from core.deskfile.places import with_lines
from core.deskfile.subject import Recorded
from core.people.model import Device, Leave, People
from core.policy.model import Rule, Target, Then
from core.roster.duty import Roster
from core.roster.model import Override
from core.sample.furnish import document as sample
from tests.unit.documents import read
from tests.unit.in_order import DESK, NOW, keys


def test_a_rung_nobody_may_see() -> None:
    """Everybody who would be called may look at no ticket: told as that, and not as an empty rota."""
    text = DESK.replace('id = "b"\nname = "B"', 'id = "b"\nname = "B"\nroles = ["auditor"]')
    found = keys(text)
    assert found["rung_blind"] == "policy:p rung 2"
    assert "rung_never" not in found


def test_every_wait_that_never_comes_is_named() -> None:
    """Not the first alone."""
    text = DESK.replace('"5m" }, { via = "mail", wait = "5m" }', '"40m" }, { via = "mail", wait = "5m" }')
    vias = [f.values["via"] for f in check(read(text), NOW) if f.key == "finding.wait_never_duty"]
    assert vias == ["mail", "phone"]


def test_a_means_nobody_of_the_rung_has() -> None:
    """A step that is served, and leads to none of its people."""
    text = DESK.replace('phone = "+81-3-0000-0001"\n', "").replace('phone = "+81-3-0000-0002"\n', "")
    found = [f for f in check(read(text), NOW) if f.key == "finding.means_of_nobody"]
    assert [(f.where, f.values["via"], f.severity) for f in found] == [("policy:p rung 1", "phone", "warning")]


def test_the_longest_time_of_a_duty_policy_counts_the_waits_for_shifts() -> None:
    """On a Friday evening the first level is called on Monday, and the last after its time."""
    text = DESK.replace('"daily", from = "09:00", to = "09:00"', '"mon-fri", from = "09:00", to = "18:00"')
    text = text.replace('backup = ["person:b"]\nchannels', "channels").replace('backup_after = "15m"\n', "")
    text = text.replace('name = { ja = "P" }', 'name = { ja = "P" }\nhours = "duty"')
    longest = next(f for f in check(read(text), NOW) if f.key == "finding.longest_duty")
    assert longest.values["longest_for"] == 30 * 60_000 + (24 - 18 + 48 + 9) * 3_600_000


def test_leave_is_a_gap() -> None:
    """A person who is called by name and is away, and a shift whose only person is: named with its times."""
    days = [int(datetime(2026, 12, day, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()) * 1_000 for day in (1, 3)]
    leaves = {who: (Leave(number, who, days[0], days[1]),) for number, who in enumerate("ab", 1)}
    text = DESK.replace('backup = ["person:b"]\nchannels', "channels").replace('backup_after = "15m"\n', "")
    devices = {who: (Device(who, who, "", "", "", ""),) for who in "ab"}
    recorded = Recorded(People(devices=devices, leaves=leaves), Roster(leaves=leaves))
    found = {f.where: f for f in check(read(text), NOW, recorded) if f.key in ("finding.gap", "finding.dead_end")}
    assert set(found) == {"policy:p rung 1", "policy:p rung 2", "policy:p"}
    assert {(f.values["first_at"], f.values["until_at"]) for f in found.values()} == {(days[0], days[1])}
    assert found["policy:p"].severity == "error"


def test_an_override_closes_a_gap_or_opens_one() -> None:
    """What the running desk has changed in its roster counts over the file."""
    start = int(datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()) * 1_000
    away = Override(1, "week", start, start + 3_600_000, removes="a")
    text = DESK.replace('backup = ["person:b"]\nchannels', "channels").replace('backup_after = "15m"\n', "")
    devices = {who: (Device(who, who, "", "", "", ""),) for who in "ab"}
    opened = Recorded(People(devices=devices), Roster(changes={"week": (away,)}))
    gap = next(f for f in check(read(text), NOW, opened) if f.key == "finding.gap")
    assert (gap.values["first_at"], gap.values["until_at"], gap.values["n"]) == (start, start + 3_600_000, 1)
    closed = Recorded(
        People(devices=devices), Roster(changes={"week": (away, replace(away, id=2, removes=None, adds="b"))})
    )
    assert "gap" not in {f.key.removeprefix("finding.") for f in check(read(text), NOW, closed)}


def test_a_device_that_fell_silent() -> None:
    """No push has reached any device of somebody on a ladder for sixty days: a test is asked for."""
    devices = {"a": (Device("1", "a", "", "", "", ""), Device("2", "a", "", "", "", ""))}
    day = 86_400_000
    old, new = {"1": NOW - 61 * day, "2": NOW - 90 * day}, {"1": NOW - 61 * day, "2": NOW - day}
    assert keys(DESK, Recorded(People(devices=devices), heard=old))["silent"] == "person:a"
    assert "silent" not in keys(DESK, Recorded(People(devices=devices), heard=new))


def test_a_finding_knows_its_line() -> None:
    """Of a file: where its table begins, also for one rung of a policy."""
    text = DESK.replace('backup_after = "15m"', 'backup_after = "30m"').replace("2027-03-31 }", "2026-11-19 }")
    document = read(text)
    lines = text.split("\n")
    found = with_lines(check(document, NOW), document, text, "desk.toml")
    for key, begins in (("backup_too_late", "[[policy.rung]]"), ("expired", "[[person]]")):
        one = next(f for f in found if f.key == f"finding.{key}")
        assert lines[one.line - 1] == begins
        assert one.text("en").startswith(f"desk.toml:{one.line}: {one.where}: ")


def test_a_year_of_a_large_desk_takes_seconds() -> None:
    """Forty policies, thirty rotas, twenty teams, three modes: the same seats are walked once."""
    base = sample()
    teams = tuple(replace(base.teams[1], id=f"t{n}", name=f"T{n}") for n in range(20))
    rotas = tuple(replace(base.rotas[n % len(base.rotas)], id=f"r{n}") for n in range(30))
    policies = tuple(
        replace(
            base.policies[0],
            id=f"p{n}",
            rungs=tuple(
                replace(rung, call=(Target("rota", f"r{(n + at) % 30}"), Target("level", str(rung.level))))
                for at, rung in enumerate(base.policies[0].rungs)
            ),
        )
        for n in range(40)
    )
    large = replace(
        base, teams=base.teams + teams, rotas=base.rotas + rotas, policies=base.policies + policies,
        rules=(*base.rules, *(Rule(f"x{n}", then=Then(policy=f"p{n}")) for n in range(40))),
    )  # fmt: skip
    begun = process_time()
    assert check(large, NOW)
    assert process_time() - begun < 10
