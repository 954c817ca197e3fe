"""A small desk in which the checker finds nothing to change, and what it finds in variations of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from core.deskfile.check import check
from core.deskfile.subject import Recorded
from tests.unit.documents import read

NOW = int(datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()) * 1_000

DESK = """
[desk]
holidays = "JP"
[levels]
1 = { ja = "現場" }
2 = { ja = "係長" }
3 = { ja = "課長" }
[[team]]
id = "t"
name = "T"
default_policy = "p"
[[person]]
id = "a"
name = "A"
teams = ["t"]
level = 2
phone = "+81-3-0000-0001"
email = "a@b.example"
certificates = { security = 2027-03-31 }
[[person]]
id = "b"
name = "B"
teams = ["t"]
level = 3
email = "b@b.example"
phone = "+81-3-0000-0002"
[[rota]]
id = "week"
shifts = [{ days = "daily", from = "09:00", to = "09:00", people = ["a"] }]
[[policy]]
id = "p"
name = { ja = "P" }
[[policy.rung]]
level = 2
call = ["rota:week"]
backup = ["person:b"]
channels = [{ via = "push", wait = "5m" }, { via = "mail", wait = "5m" }, { via = "phone" }]
backup_after = "15m"
accept_within = "30m"
[[policy.rung]]
level = 3
call = ["person:b"]
channels = [{ via = "push", wait = "5m" }, { via = "mail" }]
accept_within = "20m"
[[rule]]
id = "r"
when = { words = ["責任者"] }
then = { policy = "p", level = 2 }
review_by = 2027-03-31
[[channel]]
id = "m"
kind = "smtp"
url = "smtps://mail.b.example"
from = "a@b.example"
"""


def keys(text: str, recorded: Recorded | None = None) -> dict[str, str]:
    """What is found, by key: where."""
    return {f.key.removeprefix("finding."): f.where for f in check(read(text), NOW, recorded)}
