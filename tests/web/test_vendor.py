"""What was taken from others is what they published."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "web" / "static" / "vendor"
RECORD = "VENDOR.toml"


def test_vendored_files_are_unchanged() -> None:
    """Each vendored file has the hash that was written down when it was taken."""
    record = tomllib.loads((VENDOR / RECORD).read_text(encoding="utf-8"))
    written = {file["name"]: file["sha256"] for file in record["file"]}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    assert written == {name: digest for name, digest in found.items() if name != RECORD}
