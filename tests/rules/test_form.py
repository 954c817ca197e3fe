"""The form of the house: small files, small functions, plain names, tests that say what must hold."""

from __future__ import annotations

import ast
import re
from statistics import median

from tests.rules.source import ROOT, files, modules, named

FILE = 300
FUNCTION = 45
README = 120
EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?)(_|$)")
LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
ELSEWHERE = re.compile(
    r"py" r"pi\.org|python" r"hosted\.org|npm" r"js\.(?:org|com)|deb\." r"debian\.org"
    r"|(?<![\w.])/(?:wo" r"rk|ro" r"ot|Us" r"ers|ho" r"me)/[\w.]"
)  # fmt: skip
"""A package registry's address, or a path that exists on one machine only."""
TEXT = {
    ".py", ".md", ".toml", ".txt", ".in", ".html", ".js", ".css", ".tcss", ".sql", ".sh", ".po", ".json", ".svg", "",
}  # fmt: skip


def long_files() -> list[str]:
    """Files that want to be two."""
    ours = [path for path in named(".py", ".css", ".html", ".tcss") if "vendor" not in path.parts]
    counted = {path: path.read_text(encoding="utf-8").count("\n") for path in ours}
    return [f"{path.relative_to(ROOT)} has {lines} lines" for path, lines in counted.items() if lines > FILE]


def test_files_are_small() -> None:
    """No file has more than 300 lines."""
    assert long_files() == []


def test_functions_are_small() -> None:
    """No function has more than 45 lines, and half of them at most 8 in the shipped code."""
    sizes = {
        f"{module.place}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in modules()
        for node in module.functions()
    }
    assert [f"{name} has {lines} lines" for name, lines in sizes.items() if lines > FUNCTION] == []
    assert median(lines for name, lines in sizes.items() if not name.startswith("tests/")) <= 8


def test_names_say_something() -> None:
    """No module is named after nothing."""
    assert [module.name for module in modules() if EMPTY_NAMES.search(module.name.rpartition(".")[2])] == []


def test_annotations_are_lazy_everywhere() -> None:
    """Every module with code begins with `from __future__ import annotations`."""
    assert [
        module.place
        for module in modules()
        if any(not isinstance(node, ast.Expr) for node in module.tree.body)
        and "from __future__ import annotations" not in module.text
    ] == []


def test_nothing_is_left_for_later() -> None:
    """No note promises what is not there."""
    assert [module.place for module in modules() if LATER.search(module.text)] == []


def test_every_test_says_what_must_hold() -> None:
    """Each test function has a docstring of one sentence."""
    tests = [
        (f"{module.place} {node.name}", ast.get_docstring(node) or "")
        for module in modules("tests")
        for node in module.functions()
        if node.name.startswith("test_")
    ]
    assert len(tests) > 40
    assert [name for name, doc in tests if not doc or "\n\n" in doc or not doc.endswith(".")] == []


def test_no_test_sleeps() -> None:
    """Tests wait for what happens, never for a time."""
    assert [
        f"{module.place}:{node.lineno}"
        for module in modules("tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _sleeps(node)
    ] == []


def test_no_file_names_a_registry_or_one_machine() -> None:
    """The project installs anywhere: no index address, no path of somebody's machine."""
    readable = [path for path in files() if path.suffix in TEXT and "vendor" not in path.parts]
    assert len(readable) > 100
    assert [
        f"{path.relative_to(ROOT)} {found[0]}"
        for path in readable
        if (found := ELSEWHERE.search(path.read_text(encoding="utf-8", errors="replace")))
    ] == []


def test_the_readme_is_short_and_shows_the_way() -> None:
    """The README fits a screen or two, names both commands and has pictures that exist."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.count("\n") <= README
    assert "make demo" in text
    assert "make test" in text
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(pictures) >= 2
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def _sleeps(call: ast.Call) -> bool:
    """A turn of the loop, `sleep(0)`, is no sleep; neither is a short breath between two looks."""
    if getattr(call.func, "attr", getattr(call.func, "id", "")) != "sleep":
        return False
    match call.args:
        case [ast.Constant(value=int() | float() as seconds)]:
            return seconds >= 0.1
        case _:
            return True
