"""How the document describes what a terminal does before anybody is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from core.people.terminals.questions import StateView
from web.terminals import Kept, Pin, Seated, Waiting, Wish

ANSWERS: Final[tuple[type[Struct], ...]] = (Waiting, StateView, Seated)
BODIES: Final[tuple[type[Struct], ...]] = (Wish, Kept, Pin)
CHANGING: Final = ("401", "403", "409")
"""What an operation with a key may answer besides."""
REF: Final = "#/components/schemas/{name}"


def paths() -> dict[str, dict[str, Any]]:
    """Two operations that know no token, and two that take the key of a shared terminal in its place."""
    return {
        "/api/sign-ins": _post("askSignIn", "A terminal asks to be let in.", Wish, Waiting, "201"),
        "/api/sign-ins/state": _post(
            "signInState",
            "How far a sign-in is. Once confirmed, the secret is the token.",
            Kept,
            StateView,
            "200",
            "404",
        ),
        "/api/terminal/person": _post(
            "sitDown", "Somebody sits down at a shared terminal, with their PIN.", Pin, Seated, "200", *CHANGING
        ),
        "/api/terminal/lock": _post(
            "lockTerminal", "Nobody sits at the shared terminal now.", None, None, "204", *CHANGING
        ),
    }


def _post(
    name: str,
    summary: str,
    body: type[Struct] | None,
    answer: type[Struct] | None,
    status: str,
    *problems: str,
) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done."}
    if answer is not None:
        done["content"] = _json(answer)
    failing = sorted({*problems, "413", "503", *(("422", "429") if body else ())})
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {status: done} | {one: {"$ref": f"#/components/responses/Problem{one}"} for one in failing},
    }
    if "401" not in problems:
        operation["security"] = []
    if body is not None:
        operation["requestBody"] = {"required": True, "content": _json(body)}
    return {"post": operation}


def _json(shape: type[Struct]) -> Mapping[str, Any]:
    return {"application/json": {"schema": {"$ref": REF.format(name=shape.__name__)}}}
