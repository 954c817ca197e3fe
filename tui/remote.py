"""The door over the JSON API: where each command and query stands, the catalogue says."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final, get_args
from urllib.parse import quote, urlencode

import msgspec
from msgspec import UNSET, Struct

from core.engine.catalogue import Catalogue, Route
from core.engine.hint import Hint
from core.engine.outcome import Code, Done, Refusal
from core.engine.wire import inside, is_time, iso, millis, outside
from tui.http import Answer, Client
from tui.model.door import Unreachable

BRACES: Final = re.compile(r"{(\w+)}")
CODES: Final[Mapping[str, Code]] = {code: code for code in get_args(Code)}
TRIES: Final = 3
"""A command is sent again under the same key, so that a lost answer is found out, and nothing is done twice."""
PAUSE: Final = 0.3
SKEW: Final = 1_500
"""Milliseconds this machine's clock may differ from the desk's before the desk's is believed."""


class RemoteDoor:
    """A door for the person behind a token. `catalogue` needs only its routes and result types."""

    pace = 1.0

    def __init__(self, base_url: str, token: str, catalogue: Catalogue, language: str = "ja") -> None:
        self._catalogue = catalogue
        self._client = Client(base_url, {"authorization": f"Bearer {token}", "user-agent": "noroshi-tui"})
        self._ahead = 0
        self._cursor = ""
        self.language = language

    @property
    def language(self) -> str:
        """The language of sentences that the desk writes."""
        return self._client.headers["accept-language"]

    @language.setter
    def language(self, language: str) -> None:
        self._client.headers["accept-language"] = language

    def now(self) -> int:
        """This machine's clock, put right by the desk's where they differ."""
        return time.time_ns() // 1_000_000 + self._ahead

    async def handle(self, command: Struct) -> Done | Refusal:
        """Send it; after a lost answer ask again under the same key."""
        route = self._catalogue.commands[type(command)].route
        if route is None:
            raise Unreachable(f"no route for {type(command).__name__}")
        key = {"idempotency-key": secrets.token_urlsafe(18)} if route.method == "POST" else {}
        for left in range(TRIES if key else 1, 0, -1):
            try:
                answer = await self._send(route, command, key)
                break
            except Unreachable as fault:
                if left == 1 or fault.sure:
                    raise
                await asyncio.sleep(PAUSE)
        said = _said(answer)
        if isinstance(said, Refusal):
            return said
        known = said if isinstance(said, dict) else {}
        return Done(ref=known.get("id") or known.get("number") or 0, at=self.now())

    async def ask(self, query: Struct) -> Any:
        """Ask, and read the answer as the type that the query's row names."""
        row = self._catalogue.queries[type(query)]
        if row.route is None:
            raise Unreachable(f"no route for {type(query).__name__}")
        said = _said(await self._send(row.route, query, {}))
        if isinstance(said, Refusal):
            return said
        try:
            return inside(said, row.result)
        except msgspec.ValidationError as fault:
            raise Unreachable(str(fault)) from fault

    async def feed(self) -> AsyncIterator[Hint]:
        """Live hints, going on from the last one; at the very first, read anew: something may have come before."""
        headers = {"last-event-id": self._cursor} if self._cursor else {}
        event: dict[str, str] = {}
        new = not self._cursor
        async for line in self._client.events("/api/live", headers):
            if new:
                yield Hint("", "reload")
                new = False
            if line.startswith(":"):
                continue
            if line:
                name, _, value = line.partition(":")
                event[name] = value.removeprefix(" ")
            elif event:
                yield self._hint(event)
                event = {}

    async def close(self) -> None:
        """Hang up."""
        self._client.close()

    async def _send(self, route: Route, asked: Struct, headers: Mapping[str, str]) -> Answer:
        path, fields = _placed(route, asked)
        if route.method == "GET":
            query = urlencode(fields)
            answer = await self._client.call("GET", f"{path}?{query}" if query else path)
        else:
            answer = await self._client.call(route.method, path, msgspec.json.encode(fields), headers)
        self._put_right(answer)
        if answer.status == 503:
            raise Unreachable("not stored")
        if answer.status >= 500:
            raise Unreachable(f"status {answer.status}", sure=False)
        return answer

    def _put_right(self, answer: Answer) -> None:
        date = answer.headers.get("date")
        if date:
            ahead = millis(parsedate_to_datetime(date)) + 500 - time.time_ns() // 1_000_000
            self._ahead = ahead if abs(ahead - self._ahead) > SKEW and abs(ahead) > SKEW else self._ahead

    def _hint(self, event: Mapping[str, str]) -> Hint:
        self._cursor = event.get("id", self._cursor)
        try:
            ticket = msgspec.json.decode(event.get("data") or "{}").get("ticket")
        except (msgspec.DecodeError, AttributeError):
            ticket = None
        return Hint(self._cursor, event.get("event", "reload"), ticket)


def _said(answer: Answer) -> Any:
    """What a success carries, or the refusal of a problem document; its sentence is ready to be shown."""
    try:
        data = msgspec.json.decode(answer.body) if answer.body else None
    except msgspec.DecodeError as fault:
        raise Unreachable(f"status {answer.status}, and no JSON", sure=False) from fault
    if answer.status < 400:
        return data
    problem = data if isinstance(data, dict) else {}
    values = {"text": problem["detail"]} if problem.get("detail") else {}
    return Refusal(CODES.get(problem.get("code", ""), "invalid"), values=values, field=problem.get("field"))


def _placed(route: Route, asked: Struct) -> tuple[str, dict[str, Any]]:
    """The path with its fields filled in, and the fields for body or query string: those that are not defaults."""
    in_path = frozenset(BRACES.findall(route.path))
    path = BRACES.sub(lambda found: quote(str(getattr(asked, found[1])), safe=""), f"/api{route.path}")
    public = {field: name for name, field in route.renames.items()}
    fields: dict[str, Any] = {}
    for one in msgspec.structs.fields(asked):
        value = getattr(asked, one.name)
        if one.name in in_path or value in (one.default, UNSET) or value is None:
            continue
        name = public.get(one.name, one.encode_name)
        fields[name] = _outward(name, one.name, value)
    return path, fields


def _outward(name: str, field: str, value: Any) -> Any:
    if isinstance(value, bool):
        return field.removeprefix(f"{name}_") if field.startswith(f"{name}_") else value
    return iso(value) if isinstance(value, int) and is_time(name) else outside(value, name)
