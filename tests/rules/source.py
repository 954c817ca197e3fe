"""The project's own source as the rules read it: files, modules, imports."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "push", "web", "tui")
CODE = (*PACKAGES, "noroshi.py", "tests", "bench", "docs")


@dataclass(frozen=True)
class Import:
    """One imported module, by its full name; `typing` when only type checkers see it."""

    target: str
    line: int
    local: bool
    typing: bool


@dataclass(frozen=True)
class Module:
    """One Python file under its dotted name."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def place(self) -> str:
        """Where it stands below the root, for messages."""
        return self.name.replace(".", "/") + ".py"

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(_imports(self.tree, local=False, typing=False))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function, methods and inner ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project: what git tracks, or would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / line for line in listed.stdout.splitlines()]
    else:  # an unpacked archive
        found = [path for path in ROOT.rglob("*") if not _made_here(path.relative_to(ROOT))]
    return tuple(sorted(path for path in found if path.is_file()))


def named(*suffixes: str, under: tuple[str, ...] = CODE) -> list[Path]:
    """The project's files with one of these suffixes below these places."""
    return [path for path in files() if path.suffix in suffixes and path.relative_to(ROOT).parts[0] in under]


@cache
def modules(*under: str) -> tuple[Module, ...]:
    """Every module below these packages (all code when none is given)."""
    return tuple(Module(_dotted(path), path.read_text(encoding="utf-8")) for path in named(".py", under=under or CODE))


def inside(name: str, *packages: str) -> bool:
    """Whether a module is one of these packages or stands in one."""
    return any(name == package or name.startswith(package + ".") for package in packages)


def _made_here(path: Path) -> bool:
    return any(part == "__pycache__" or (part[0] == "." and part != ".ci") for part in path.parts)


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(node: ast.AST, *, local: bool, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import(names=names):
                for alias in names:
                    yield Import(alias.name, child.lineno, local, typing)
            case ast.ImportFrom(module=str(source), names=names):
                for alias in names:
                    yield Import(f"{source}.{alias.name}", child.lineno, local, typing)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from _imports(child, local=True, typing=typing)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from _imports(child, local=local, typing=True)
            case _:
                yield from _imports(child, local=local, typing=typing)
