"""The checker: nobody falls into a hole that it has not named before."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from core.deskfile.check import check
from core.deskfile.document import Document
from core.deskfile.findings import ORDER, Finding
from core.deskfile.subject import Recorded
from core.sample.furnish import document as sample
from tests.unit.documents import documents, read
from tests.unit.in_order import DESK, NOW


def found(right: str = "", wrong: str = "", now: int = NOW) -> dict[str, Finding]:
    assert right in DESK
    return {
        finding.key.removeprefix("finding."): finding for finding in check(read(DESK.replace(right, wrong, 1)), now)
    }


def test_a_desk_in_order() -> None:
    """Only the longest time to the last level is told; it counts every rung before it."""
    findings = found()
    assert list(findings) == ["longest"]
    assert findings["longest"].values == {"longest_for": 30 * 60_000}
    assert findings["longest"].text("en") == "policy:p: the last level is called after 30 min at the latest"


def test_a_gap_is_told_with_its_times() -> None:
    """When nobody of a rung can be called: from, until, how often, and how long in all."""
    text = DESK.replace(
        'days = "daily", from = "09:00", to = "09:00"', 'days = "mon-fri", from = "09:00", to = "18:00"'
    )
    findings = [f for f in check(read(text.replace('backup = ["person:b"]\n', "")), NOW) if f.key == "finding.gap"]
    assert [finding.where for finding in findings] == ["policy:p rung 1"]
    assert findings[0].severity == "warning"
    assert "from Fri, Nov 20, 18:00 until Mon, Nov 23, 09:00" in findings[0].text("en")
    assert 255 <= findings[0].values["n"] <= 265


def test_public_holidays_are_gaps() -> None:
    """A rota that rests on holidays leaves its rung alone on each of them, and on no other day."""
    text = DESK.replace("[[policy]]\n", "", 1).replace('id = "p"\nname', '[[policy]]\nid = "p"\nname')
    text = text.replace('id = "week"', 'id = "week"\non_holidays = false').replace('backup = ["person:b"]\n', "")
    gap = next(f for f in check(read(text), NOW) if f.key == "finding.gap")
    assert gap.text("en").split("from ")[1].startswith("Mon, Nov 23, 09:00 until Tue, Nov 24, 09:00")
    assert 14 <= gap.values["n"] <= 18


def test_a_dead_end_is_an_error() -> None:
    """A time at which no rung of the ladder has anybody is an error, and always so is one."""
    text = DESK.replace('"daily", from = "09:00", to = "09:00"', '"mon-fri", from = "09:00", to = "18:00"')
    text = text.replace('backup = ["person:b"]\n', "").replace('call = ["person:b"]', 'call = ["rota:week"]')
    keys = {f.key: f.severity for f in check(read(text), NOW)}
    assert keys["finding.dead_end"] == "error"
    empty = text.replace('people = ["a"]', "people = []")
    keys = {f.key: f.severity for f in check(read(empty), NOW)}
    assert keys["finding.dead_always"] == "error"
    assert keys["finding.rung_never"] == "warning"
    assert keys["finding.empty_rota"] == "warning"


def test_gaps_of_a_duty_policy_are_meant() -> None:
    """Under hours = "duty" a rung waits for its first shift: no gap is told, but a rung with nobody at all is."""
    text = DESK.replace('"daily", from = "09:00", to = "09:00"', '"mon-fri", from = "09:00", to = "18:00"')
    text = text.replace('backup = ["person:b"]\n', "").replace(
        'name = { ja = "P" }', 'name = { ja = "P" }\nhours = "duty"'
    )
    assert [f.key for f in check(read(text), NOW) if f.severity != "note"] == ["finding.time_without_backup"]
    keys = {f.key for f in check(read(text.replace('people = ["a"]', "people = []")), NOW)}
    assert "finding.rung_never" in keys


def test_every_mode_is_walked() -> None:
    """A stand-in rota with holes is told for its mode."""
    text = DESK.replace('backup = ["person:b"]\n', "") + (
        '[[rota]]\nid = "home"\nreplaces = "week"\nmode = "remote"\n'
        'shifts = [{ days = "sat", from = "09:00", to = "12:00", people = ["a"] }]\n'
    )
    where = [f.where for f in check(read(text), NOW) if f.key == "finding.gap"]
    assert where == ["policy:p rung 1 remote"]


def test_a_level_is_looked_for_in_every_team_of_the_policy() -> None:
    """`level:N` looks in the ticket's team and its parents: a team without such a person is told by name."""
    text = DESK.replace('call = ["rota:week"]\nbackup = ["person:b"]', 'call = ["level:2"]')
    assert "finding.rung_never" not in {f.key for f in check(read(text), NOW)}
    other = text.replace("[[person]]", '[[team]]\nid = "u"\nname = "U"\ndefault_policy = "p"\n[[person]]', 1)
    where = [f.where for f in check(read(other), NOW) if f.key == "finding.rung_never"]
    assert where == ["policy:p rung 1 team:u"]


@pytest.mark.parametrize(
    ("right", "wrong", "keys", "severity"),
    [
        ('backup_after = "15m"\n', "", "backup_without_time", "warning"),
        ('backup = ["person:b"]\n', "", "time_without_backup", "warning"),
        ('backup_after = "15m"', 'backup_after = "30m"', "backup_too_late", "warning"),
        ('"5m" }, { via = "phone"', '"25m" }, { via = "phone"', "wait_never_duty wait_never_backup", "warning"),
        ('backup_after = "15m"', 'backup_after = "21m"', "wait_never_backup", "warning"),
        ('name = { ja = "P" }', 'name = { ja = "P" }\nauthority = "passes"', "", ""),
        ('phone = "+81-3-0000-0001"', 'roles = ["admin"]', "takes_no_calls", "error"),
        ("2027-03-31 }", "2026-11-19 }", "expired", "warning"),
        ("2027-03-31 }", "2026-12-01 }", "expires", "note"),
        ('review_by = 2027-03-31', "review_by = 2026-11-19", "review_due", "warning"),
        ('default_policy = "p"\n', "", "no_policy", "warning"),
        ('policy = "p", level = 2', 'policy = "p", level = 3', "", ""),
        ('policy = "p", level = 2', 'kind = "consult"', "", ""),
        ('1 = { ja = "現場" }', '4 = { ja = "部長" }', "", ""),
        ('kind = "smtp"', 'kind = "webhook"', "not_served no_wire", "warning"),
        ('via = "mail" }]', 'via = "chat" }]', "no_wire", "warning"),
        ('name = { ja = "P" }', 'name = { ja = "P" }\nrecord = ["mail"]', "", ""),
    ],
)  # fmt: skip
def test_what_does_not_do_what_it_says(right: str, wrong: str, keys: str, severity: str) -> None:
    """Waits that never come, people whom nothing reaches, what has ended: each with its weight."""
    findings = found(right, wrong)
    assert set(findings) - {"longest"} == set(keys.split())
    for key in keys.split():
        assert findings[key].severity == severity
        assert findings[key].text("ja") != findings[key].text("en")


def test_under_passes_the_duty_has_only_its_own_turn() -> None:
    """When authority passes to the backup, what the duty would be tried by later is never used."""
    text = DESK.replace('name = { ja = "P" }', 'name = { ja = "P" }\nauthority = "passes"')
    late = text.replace('backup_after = "15m"', 'backup_after = "10m"')
    findings = [f for f in check(read(late), NOW) if f.key == "finding.wait_never_duty"]
    assert [(f.values["via"], f.values["turn_for"]) for f in findings] == [("phone", 600_000)]


def test_a_person_nothing_leads_to() -> None:
    """Without an address on any means of a rung that calls them, and no device, a person is an error."""
    document = read(DESK)
    without = replace(document, persons=tuple(replace(person, phone=None, email=None) for person in document.persons))
    bare = {f.key for f in check(without, NOW)}
    known = [f.where for f in check(without, NOW, Recorded()) if f.key == "finding.no_channel"]
    assert "finding.no_channel" not in bare
    assert known == ["person:a", "person:b"]


def test_rules_that_lead_nowhere() -> None:
    """A level above the policy's last rung is an error; a rule behind one that always matches never speaks."""
    more = '[[rule]]\nid = "s"\nthen = { policy = "q", level = 3 }\n[[rule]]\nid = "z"\nthen = { level = 4 }\n'
    low = '[[policy]]\nid = "q"\nname = { ja = "Q" }\n[[policy.rung]]\nlevel = 2\ncall = ["person:a"]\n'
    low += 'channels = [{ via = "phone" }]\naccept_within = "5m"\n'
    high = DESK.replace("[[team]]", '4 = { ja = "部長" }\n[[team]]', 1)
    findings = {(f.where, f.key, f.severity) for f in check(read(high + more + low), NOW)}
    assert ("rule:z", "finding.no_rung", "error") in findings
    assert ("rule:s", "finding.no_rung", "error") in findings
    assert ("rule:z", "finding.never_speaks", "warning") in findings


def test_the_sample_desk_has_no_error() -> None:
    """The pattern that people copy leads everywhere to somebody."""
    assert [f.text("en") for f in check(sample(), NOW) if f.severity == "error"] == []


@given(documents())
@settings(max_examples=20)
def test_any_desk_can_be_checked(document: Document) -> None:
    """Whatever a file says, the checker answers, worst first, with a line in both languages."""
    findings = check(document, NOW, Recorded())
    assert [ORDER[f.severity] for f in findings] == sorted(ORDER[f.severity] for f in findings)
    assert all(f.text(language) for f in findings for language in ("ja", "en"))
