"""`python -m tui URL`: the terminal on a server's API, for a machine that has nothing else of the desk.

The command line proper is `noroshi tui`. The token comes from $NOROSHI_TOKEN.
"""

from __future__ import annotations

import asyncio
import os
import sys

from core.parts import catalogue
from core.words import language_of
from tui.app import run
from tui.remote import RemoteDoor


def main() -> int:
    """Sit down, and the exit code. 2: no server or no token was named."""
    token = os.environ.get("NOROSHI_TOKEN")
    if len(sys.argv) != 2 or not token:
        sys.stderr.write("NOROSHI_TOKEN=… python -m tui https://desk.example\n")
        return 2
    language = language_of(os.environ.get("NOROSHI_LANG") or os.environ.get("LANG"))
    return asyncio.run(run(RemoteDoor(sys.argv[1], token, catalogue(sys.argv[1]), language), language))


if __name__ == "__main__":
    sys.exit(main())
