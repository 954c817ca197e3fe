"""What a type needs is worked out once, by one thread at a time."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.rules.source import modules

ROOT = Path(__file__).parents[2]
MANY_THREADS = """
import sys, threading
from msgspec import Struct, defstruct
from core.engine.shapes import decode

sys.setswitchinterval(0.000001)
ROUNDS, THREADS = 60, 8

def fresh(n):
    inner = [defstruct(f"Inner{n}_{i}", [(f"f{j}", int, 0) for j in range(30)]) for i in range(8)]
    return defstruct(f"Outer{n}", [(f"g{i}", one | None, None) for i, one in enumerate(inner)][:1] + [
        (f"h{i}", dict[str, one], {}) for i, one in enumerate(inner)])

for n in range(ROUNDS):
    shape, start = fresh(n), threading.Barrier(THREADS)
    def read():
        start.wait()
        decode('{"h3": {"x": {"f1": 7}}}', shape)
    threads = [threading.Thread(target=read) for _ in range(THREADS)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print("alive")
"""


def test_many_threads_that_meet_a_type_for_the_first_time_live() -> None:
    """Eight threads decode sixty types that nobody has met before, and the process does not die of it."""
    done = subprocess.run([sys.executable, "-c", MANY_THREADS], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


def test_no_thread_works_a_type_out_by_itself() -> None:
    """What runs on a store's threads decodes into types by the one function that waits for others."""
    ours = [module for module in modules("core") if module.name != "core.engine.shapes"]
    assert [
        f"{module.place}:{node.lineno}"
        for module in ours
        if not module.name.startswith("core.console")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "decode"
        if any(keyword.arg == "type" for keyword in node.keywords)
    ] == []
