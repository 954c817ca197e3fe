"""Which words the code and the pages say: keys in string literals, f-strings and template calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from core.words.catalogue import DOMAINS, LANGUAGES, Texts, load
from tests.rules.source import ROOT, Module, modules, named

KEY = re.compile(r"[a-z]\w*(?:\.[\w-]+)+")
OPEN = re.compile(r"[a-z]\w*\.(?:[\w.-]*)")
TEMPLATE_CALL = re.compile(r"\b(?:t|say)\(\s*(?P<key>(?:(?:\"[^\"]*\"|'[^']*')|[^,\"'()]|\([^()]*\))+)")
SHORT = {"tell": "cli.", "Trouble": "cli.trouble."}
"""Functions of the console that put the catalogue's name before the key themselves."""


@dataclass(frozen=True)
class Spoken:
    """One key that is said somewhere; `{}` stands for what is filled in at run time."""

    key: str
    place: str

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.key).replace(r"\{\}", r"[\w.-]+"))


@cache
def texts(language: str) -> dict[str, Texts]:
    """Every text of a language by key."""
    return {key: forms for domain in DOMAINS for key, forms in load(language, domain).items()}


@cache
def first_parts() -> frozenset[str]:
    """What a key begins with; another dotted literal is no key."""
    return frozenset(key.partition(".")[0] for language in LANGUAGES for key in texts(language))


def in_code() -> Iterator[Spoken]:
    """Keys that the Python code names."""
    for module in modules("core", "push", "web", "tui", "noroshi.py"):
        yield from in_module(module)


def in_module(module: Module) -> Iterator[Spoken]:
    """Keys in one module: whole literals, and f-strings with gaps."""
    for node in ast.walk(module.tree):
        place = f"{module.place}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Constant(value=str(text)) if KEY.fullmatch(text) and _is_key(text):
                yield Spoken(text, place)
            case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if OPEN.match(start) and _is_key(start):
                yield Spoken(_with_gaps(node), place)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if name in SHORT:
                match first:
                    case ast.Constant(value=str(text)):
                        yield Spoken(SHORT[name] + text, place)
                    case ast.JoinedStr():
                        yield Spoken(SHORT[name] + _with_gaps(first), place)


def in_templates() -> Iterator[Spoken]:
    """Keys that templates say: `t("web.seat." ~ card.seat)` has a gap."""
    for path in named(".html", under=("web",)):
        yield from in_template(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))


def in_template(text: str, place: str) -> Iterator[Spoken]:
    """Keys in one template."""
    for found in TEMPLATE_CALL.finditer(text):
        parts = [part.strip() for part in found["key"].split("~")]
        key = "".join(part[1:-1] if part[:1] in "\"'" else "{}" for part in parts)
        if key != "{}":
            yield Spoken(key, f"{place}:{text.count(chr(10), 0, found.start()) + 1}")


def _with_gaps(node: ast.JoinedStr) -> str:
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)  # type: ignore[misc]


def _is_key(text: str) -> bool:
    return text.partition(".")[0] in first_parts()
