"""Which words the code and the pages say: keys in string literals, f-strings and template calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, nodes

from core.words.catalogue import DOMAINS, LANGUAGES, Texts, load
from tests.rules.source import ROOT, Module, modules, named

KEY = re.compile(r"[a-z]\w*(?:\.[\w-]+)+")
OPEN = re.compile(r"[a-z]\w*\.(?:[\w.-]*)")
SHORT = {"tell": "cli.", "Trouble": "cli.trouble."}
"""Functions of the console that put the catalogue's name before the key themselves."""


@dataclass(frozen=True)
class Spoken:
    """One key that is said somewhere; `{}` stands for what is filled in at run time."""

    key: str
    place: str
    values: frozenset[str] | None = None
    """Names of the values that come with it, where they can be seen."""

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
    parts = {id(part) for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(module.tree):
        if id(node) in parts:
            continue
        place = f"{module.place}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Constant() | ast.JoinedStr() if key := _key(node):
                yield Spoken(key, place)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if name in SHORT:
                if key := _key(first, SHORT[name]):
                    yield Spoken(key, place, _values(node))
            case ast.Call(func=ast.Name(id="say") | ast.Attribute(attr="say")):
                yield from (Spoken(key, place, _values(node)) for key in map(_key, node.args[:2]) if key)


def in_templates() -> Iterator[Spoken]:
    """Keys that templates say: `t("web.seat." ~ card.seat)` has a gap."""
    for path in named(".html", under=("web",)):
        yield from in_template(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))


def in_template(text: str, place: str) -> Iterator[Spoken]:
    """Keys in one template."""
    for call in Environment().parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            values = frozenset(pair.key for pair in call.kwargs) if call.dyn_kwargs is None else None
            yield Spoken(_joined(call.args[0]), f"{place}:{call.lineno}", values)


def _key(node: ast.AST, before: str = "") -> str:
    match node:
        case ast.Constant(value=str(text)) if before or (KEY.fullmatch(text) and _is_key(text)):
            return before + text
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if not before:
            return _with_gaps(node) if OPEN.match(start) and _is_key(start) else ""
        case ast.JoinedStr() if before:
            return before + _with_gaps(node)
    return ""


def _values(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


def _joined(node: nodes.Expr) -> str:
    match node:
        case nodes.Const(value=str(text)):
            return text
        case nodes.Concat(nodes=parts):
            return "".join(map(_joined, parts))
    return "{}"


def _with_gaps(node: ast.JoinedStr) -> str:
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)  # type: ignore[misc]


def _is_key(text: str) -> bool:
    return text.partition(".")[0] in first_parts()
