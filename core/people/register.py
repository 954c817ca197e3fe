"""The people part's rows in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from core.engine.catalogue import Catalogue, CommandRow, NoticeRow, Outgoing, QueryRow, Route
from core.engine.ports import Message, Millis, Reader
from core.people import accounts, answers, commands, devices, home, leave, queries, signing
from core.people.model import SYSTEM
from core.people.notice import Wording, message
from core.people.records import people_of, person_of
from core.people.terminals.register import rows as terminal_rows
from core.words import clock, say

Badge = Callable[[Reader, str], int]
"""(reader, person) → the number on the app's icon: open calls, which a part above knows."""


def register(catalogue: Catalogue, *, public_url: str, badge: Badge, loopback: bool = False) -> None:
    """Add every row of this part. `loopback` lets push addresses on this machine be registered (tests, trials)."""
    catalogue.system = SYSTEM
    catalogue.lane = devices.lane
    catalogue.sights[devices.STREAM] = _sight
    catalogue.add(*_device_rows(loopback), *_signing_rows(), *_account_rows(), *_query_rows(), *terminal_rows())
    leave.register(catalogue, public_url=public_url, badge=badge)
    home.register(catalogue)
    catalogue.add(NoticeRow("test", partial(_compose_test, public_url=public_url, badge=badge), devices.reports))


def _device_rows(loopback: bool) -> list[CommandRow]:
    def shown(command: commands.TestDevice | commands.RegisterDevice, done: Any) -> queries.MyDevice:
        return queries.MyDevice(str(done.ref))

    return [
        CommandRow(
            commands.RegisterDevice,
            partial(devices.register_device, loopback=loopback),
            Route("POST", "/me/devices", 201, shown),
        ),
        CommandRow(commands.RemoveBrowser, devices.remove_browser, Route("DELETE", "/me/devices", 204)),
        CommandRow(commands.RemoveDevice, devices.remove_device, Route("DELETE", "/me/devices/{device}", 204)),
        CommandRow(commands.TestDevice, devices.try_device, Route("POST", "/me/devices/{device}/test", 200, shown)),
        CommandRow(commands.DropDevice, devices.drop_device),
        CommandRow(commands.DeviceReported, devices.device_reported),
    ]


def _signing_rows() -> list[CommandRow]:
    return [
        CommandRow(commands.OpenSession, signing.open_session),
        CommandRow(commands.UseInvite, signing.use_invite),
        CommandRow(commands.TouchSession, signing.touch_session),
        CommandRow(commands.CloseSession, signing.close_session, Route("DELETE", "/me/sessions/{id}", 204)),
        CommandRow(commands.CloseSessions, signing.close_sessions, Route("DELETE", "/me/sessions", 204)),
        CommandRow(commands.SetPassword, signing.set_password),
        CommandRow(commands.IssueInvite, signing.issue_invite),
    ]


def _account_rows() -> list[CommandRow]:
    def spoken(command: commands.SetLanguage, done: Any) -> queries.MyLanguage:
        return queries.MyLanguage()

    return [
        CommandRow(commands.IssueToken, accounts.issue_token),
        CommandRow(commands.RevokeToken, accounts.revoke_token, Route("DELETE", "/me/tokens/{id}", 204)),
        CommandRow(commands.SetLanguage, accounts.set_language, Route("PUT", "/me/language", 200, spoken)),
        CommandRow(commands.InstallAdmin, accounts.install_admin),
    ]


def _query_rows() -> list[QueryRow]:
    return [
        QueryRow(queries.Authenticate, answers.authenticate, queries.Identity),
        QueryRow(queries.PasswordOf, answers.password_of, queries.PasswordView),
        QueryRow(queries.MyDevices, answers.my_devices, queries.DevicePage, Route("GET", "/me/devices")),
        QueryRow(queries.MyDevice, answers.my_device, queries.DeviceView, Route("GET", "/me/devices/{device}")),
        QueryRow(queries.MySessions, answers.my_sessions, queries.SessionPage, Route("GET", "/me/sessions")),
        QueryRow(queries.MyLanguage, answers.my_language, queries.LanguageView, Route("GET", "/me/language")),
    ]


def _compose_test(tx: Reader, row: Outgoing, now: Millis, *, public_url: str, badge: Badge) -> Message | None:
    """Words that say: this device is connected. None when it is this person's no more."""
    people = people_of(tx)
    person = people.persons.get(row.recipient)
    if person is None or people.device(person.id, row.address) is None:
        return None
    words = Wording(
        title=say(person.language, "notice.test.title"),
        body=say(person.language, "notice.test.body", time=clock(row.created_at, people.settings.timezone)),
        path="/desk/me",
        tag=f"test-{row.address}",
        badge=badge(tx, person.id),
    )
    return message(people, row, words, public_url)


def _sight(tx: Reader, number: int) -> Callable[[Any], bool]:
    """What happens to somebody's accounts is their own news."""
    person = person_of(tx, number)
    return lambda actor: person is not None and actor.person == person
