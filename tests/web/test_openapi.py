"""The OpenAPI document: whole, consistent, and about the routes that are really there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.web.house import House, problem

OPEN = {"/api/push-key", "/api/schema/openapi.json", "/api/sign-ins", "/api/sign-ins/state"}
NAME = re.compile(r"^[A-Za-z0-9._-]+$")


async def schema(tsubame: House) -> dict[str, Any]:
    """The document, as anybody may read it."""
    async with tsubame.visitor() as visitor:
        answer = await visitor.get("/api/schema/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    document: dict[str, Any] = answer.json()
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of each route."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method.upper(), operation


def references(node: Any) -> Iterator[str]:
    """Every $ref below a node."""
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref")
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


async def test_every_reference_leads_somewhere(tsubame: House) -> None:
    """And every schema of the components is used."""
    document = await schema(tsubame)
    found = set(references(document))
    for reference in found:
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert NAME.match(part), reference
            target = target[part]
    used = {reference.rpartition("/")[2] for reference in found}
    assert set(document["components"]["schemas"]) - used <= {"LiveData"}


async def test_the_document_lists_exactly_the_routes_of_the_app(tsubame: House) -> None:
    """Nothing is served under /api that is not described, and nothing described is missing."""
    described = {(path, method) for path, method, _ in operations(await schema(tsubame))}
    served = {
        (re.sub(r":\w+}", "}", route.path), method)
        for route in tsubame.app.routes
        for method in getattr(route, "methods", ())
        if route.path.startswith("/api") and method != "OPTIONS"
    }
    assert described == served


async def test_operations_are_complete(tsubame: House) -> None:
    """Each has its own name, says what it is for, declares its path fields, a success and its problems."""
    document = await schema(tsubame)
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(document):
        assert operation["summary"], path
        declared = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path)), path
        statuses = set(operation["responses"])
        assert statuses & {"200", "201", "204"}, path
        if path in OPEN:
            assert operation["security"] == []
            continue
        assert "security" not in operation
        assert "401" in statuses, path
        if method in ("POST", "PUT", "PATCH") and path != "/api/previews":
            assert statuses >= {"403", "409", "413", "503"}, path


async def test_problems_are_described_as_they_are_sent(tsubame: House) -> None:
    """A real problem has all members that the document requires, and none that it does not know."""
    document = await schema(tsubame)
    assert document["openapi"].startswith("3.1.")
    assert document["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    described = document["components"]["schemas"]["ProblemDocument"]
    async with await tsubame.program("sato") as program:
        answer = await program.post("/api/tickets", json={})
    assert problem(answer)[1] in described["properties"]["code"]["enum"]
    assert set(described["required"]) <= answer.json().keys() <= set(described["properties"])


async def test_a_ticket_is_described_as_it_is_sent(tsubame: House) -> None:
    """Every member of a real answer is described, times as date-time, ids as strings."""
    document = await schema(tsubame)
    schemas = document["components"]["schemas"]
    async with await tsubame.program("sato") as program:
        shown = (await program.post("/api/tickets", json={"subject": "x"})).json()
    assert shown.keys() == schemas["TicketView"]["properties"].keys()
    assert schemas["TicketView"]["properties"]["created_at"]["format"] == "date-time"
    assert schemas["EscalationView"]["properties"]["id"] == {"type": "string"}
    assert schemas["CreateTicket"]["additionalProperties"] is False
    assert schemas["CreateTicket"]["required"] == ["subject"]


async def test_secrets_do_not_enter_by_the_api(tsubame: House) -> None:
    """No body has a field for a hash, and none for what only the path or If-Match says."""
    document = await schema(tsubame)
    for path, _, operation in operations(document):
        for reference in references(operation.get("requestBody", {})):
            fields = document["components"]["schemas"][reference.rpartition("/")[2]]["properties"]
            assert not fields.keys() & {"hash", "expected", *re.findall(r"{(\w+)}", path)}, path
