"""What the console does on a desk that is open. Each returns lines for standard output."""

from __future__ import annotations

import os
import sys
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from core.console import keyfile, opening
from core.console.database import Database
from core.console.keyfile import Keys
from core.console.opening import Opened
from core.console.spoken import Trouble, language, note, tell
from core.engine.desk import Desk
from core.engine.outcome import Done, Refusal
from core.engine.ports import Transaction
from core.escalation.commands import RaiseEscalation
from core.escalation.queries.questions import Pulse
from core.escalation.queries.speech import NOTHING_NAMED, Speech, sentence
from core.people.commands import InstallAdmin, IssueInvite, IssueToken
from core.people.model import CONSOLE, NOBODY, Actor
from core.people.queries import Authenticate, Identity
from core.people.records import people_of
from core.people.secrets import hash_secret, make_secret
from core.tickets.commands import CreateTicket

ADMIN: Final = "admin"
INVITE_PATH: Final = "/desk/invite/"
INVITE_HOURS: Final = 72
T = TypeVar("T")
CUSTOMER: Final = {"customer": "name", "email": "email", "phone": "phone"}


async def install(at: Opened, name: str) -> None:
    """The first admin, and the mark of the key file, in one transaction: an init is done or not done."""
    command = InstallAdmin(ADMIN, name)

    def work(tx: Transaction) -> Done | Refusal:
        outcome = at.desk.run(tx, command, CONSOLE)
        if isinstance(outcome, Done):
            opening.sign(tx, at.keys)
        return outcome

    granted(await at.desk.store.write(work))


async def token(desk: Desk, person: str, days: int, label: str = "") -> str:
    """A new API token; the secret is shown here and never again."""
    secret = make_secret()
    await act(desk, IssueToken(person, hash_secret(secret), label, days), CONSOLE)
    return secret


async def invite(desk: Desk, person: str, hours: int, url: str) -> str:
    """A sign-in link for a person that works once."""
    secret = make_secret()
    await act(desk, IssueInvite(person, hash_secret(secret), hours), CONSOLE)
    return f"{url.rstrip('/')}{INVITE_PATH}{secret}"


async def whoever(desk: Desk, secret: str | None = None) -> Actor:
    """The person behind a token; without one, behind $NOROSHI_TOKEN."""
    secret = secret or os.environ.get("NOROSHI_TOKEN")
    if not secret:
        raise Trouble("token_needed")
    identity = await desk.ask(Authenticate(hash_secret(secret), "token"), NOBODY)
    if not isinstance(identity, Identity):
        raise Trouble("token_bad")
    return Actor("person", identity.person)


async def name_of(desk: Desk, person: str) -> str:
    """How this person is called. Trouble when there is none."""
    people = await desk.store.read(people_of)
    if person not in people.persons:
        raise Trouble("nobody", id=person)
    return people.persons[person].name


async def new_ticket(desk: Desk, given: dict[str, Any], by: Actor) -> int:
    """The number of a new ticket; what is not given keeps its default, a body of `-` is read from standard input."""
    fields = {name: value for name, value in given.items() if value not in (None, "", (), False)}
    if fields.get("body") == "-":
        fields["body"] = sys.stdin.read()
    customer = {new: fields.pop(old) for old, new in CUSTOMER.items() if old in fields}
    if customer:
        fields["customer"] = customer
    try:
        command = msgspec.convert(fields, CreateTicket)
    except msgspec.ValidationError as error:
        raise Trouble("refused", code=2, why=error) from None
    return int((await act(desk, command, by)).ref)


async def raise_up(desk: Desk, command: RaiseEscalation, by: Actor) -> bool:
    """Call upward; False when it is recorded but no engine runs to call anybody."""
    await act(desk, command, by)
    pulse = await desk.ask(Pulse(), by)
    return bool(pulse.engine == "running")


async def act(desk: Desk, command: Struct, by: Actor) -> Done:
    """Do it, or say kindly why not."""
    outcome = await desk.handle(command, by)
    if isinstance(outcome, Refusal):
        raise Trouble("refused", why=await sentence(desk, by, language(), outcome))
    return outcome


def granted(outcome: T | Refusal) -> T:
    """The outcome, unless it is a refusal. (For one that names persons or times: `act`.)"""
    if isinstance(outcome, Refusal):
        raise Trouble("refused", why=Speech(NOTHING_NAMED, language()).refusal(outcome))
    return outcome


def greet(path: Database) -> None:
    """What `init` says beside the link."""
    note(tell("init.done", path=path))
    note(tell("init.key", path=keyfile.place(path)))
    note(tell("init.next"))
    note(tell("init.link", hours=INVITE_HOURS))


def keys_for(path: Database, vapid: str) -> Keys:
    """The key file of a database that is about to be made: the one that lies there, else a new one."""
    file = keyfile.place(path)
    if file.exists():
        return opening.keys_of(path)
    keys = keyfile.make(vapid)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        keyfile.write(file, keys)
    except OSError as error:
        raise Trouble("unwritable", path=file, why=error.strerror) from None
    return keys
