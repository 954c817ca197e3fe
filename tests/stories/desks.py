"""The desk of the stories, and the same with other rules."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DESK: Final = (Path(__file__).parent / "desk.toml").read_text(encoding="utf-8")


def with_policy(id_: str, rungs: str, top: str = "") -> str:
    """The desk with one more policy; `rungs` as in the desk file, `top` what stands above them."""
    return f'{DESK}\n[[policy]]\nid = "{id_}"\nname = {{ ja = "{id_}", en = "{id_}" }}\n{top}\n{rungs}'


def rung(level: int, call: str, *, backup: str = "", after: str = "5m", within: str = "10m", via: str = "") -> str:
    """One rung: `call` and `backup` as `person:suzuki, person:ito`; over push and mail unless said otherwise."""
    means = via or '{ via = "push", wait = "2m" }, { via = "mail" }'
    lines = ["[[policy.rung]]", f"level = {level}", f"call = {_list(call)}", f"channels = [{means}]"]
    if backup:
        lines += [f"backup = {_list(backup)}", f'backup_after = "{after}"']
    return "\n".join([*lines, f'accept_within = "{within}"', ""])


def _list(targets: str) -> str:
    return "[" + ", ".join(f'"{target.strip()}"' for target in targets.split(",")) + "]"
