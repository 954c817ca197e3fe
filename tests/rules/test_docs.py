"""What can be set, called or pressed is in the docs, and the docs name nothing else."""

from __future__ import annotations

import ast
import re

import pytest

from core.engine.outcome import STATUS
from docs import generate
from tests.rules.source import ROOT, modules
from tui.keys import KEYS
from web.problems import BY_STATUS

READERS = {
    "desk": "[desk]", "_hours": "hours", "_quiet": "quiet", "team": "[[team]]", "person": "[[person]]",
    "channel": "[[channel]]",
    "rota": "[[rota]]", "_shift": "shifts", "_rotation": "rotation", "policy": "[[policy]]",
    "_rung": "[[policy.rung]]", "_step": "channels", "rule": "[[rule]]", "_when": "when", "_then": "then",
}  # fmt: skip
"""The functions that read desk.toml, and the headings of their keys."""
VARIABLE = re.compile(r"NOROSHI_[A-Z_]+")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def keys_read() -> dict[str, set[str]]:
    """Keys of desk.toml by reading function, from the code."""
    found: dict[str, set[str]] = {}
    for module in modules("core"):
        if module.name.startswith("core.deskfile.read_"):
            for node in module.functions():
                if node.name in READERS:
                    found[READERS[node.name]] = {key for call in ast.walk(node) for key in _keys_of(call)}
    return found


def keys_told() -> dict[str, set[str]]:
    """Keys of desk.toml by heading, from the page."""
    found: dict[str, set[str]] = {}
    heading = ""
    for line in (ROOT / "docs/desk-toml.md").read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"#+ `(.+)`", line):
            heading = match[1]
        elif line.startswith("| `"):
            found.setdefault(heading, set()).update(re.findall(r"`(\w+)`", line.split("|")[1]))
    return found


def _keys_of(node: ast.AST) -> set[str]:
    match node:
        case ast.Call(func=ast.Name(id="identity" | "_person_id")):
            return {"id"}
        case ast.Call(func=ast.Name(id="_url")):
            return {"url"}
        case ast.Call(func=ast.Name(id="_secret" | "_seat"), args=[_, ast.Constant(value=str(key)), *_]):
            return {key}
        case ast.Call(func=ast.Attribute(ast.Name(id="table")), args=[ast.Constant(value=str(key)), *_]):
            return {key}
    return set()


def test_every_key_of_the_desk_file_is_told() -> None:
    """docs/desk-toml.md names the keys that are read, section by section, and no others."""
    assert len(keys_read()) == len(READERS)
    assert keys_told() == keys_read()


def test_every_variable_is_told() -> None:
    """docs/operate.md names the variables that the code and the tests read, and no others."""
    texts = [module.text for module in modules() if not module.name.startswith("tests.rules.")]
    read = {name for text in texts for name in VARIABLE.findall(text)}
    told = set(VARIABLE.findall((ROOT / "docs/operate.md").read_text(encoding="utf-8")))
    secrets = {name for name in read if name.endswith("_PASSWORD")}
    assert told == read - secrets


def test_every_problem_code_is_told() -> None:
    """docs/api.md names the codes that an answer may carry, with their status, and no others."""
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    told = {code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.MULTILINE)}
    ours = [*STATUS.items(), *((code, status) for status, code in BY_STATUS.items())]
    assert told == dict([*ours, ("internal", 500)])


@pytest.mark.parametrize("page", generate.PAGES)
def test_what_is_derived_is_up_to_date(page: str) -> None:
    """Reference pages and the schema are what the code makes of them now; `make docs` writes them."""
    assert (ROOT / page).read_text(encoding="utf-8") == generate.PAGES[page]()


def test_every_place_of_a_key_has_its_heading() -> None:
    """The page of keys shows each place where a key does something."""
    assert {place for key in KEYS for place in key.where} == set(generate.PLACES)


def test_links_lead_somewhere() -> None:
    """Every link between our own pages has its page."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert len(pages) > 10
    lost = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert lost == []
