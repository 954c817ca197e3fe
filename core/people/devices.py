"""Devices: browsers that take pushes. Registered by their person, tested, removed, dropped by their push service."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from msgspec.structs import asdict

from core.engine.catalogue import Outgoing
from core.engine.outcome import Done, Refusal
from core.engine.ports import MINUTE, Millis, Reader, Transaction
from core.engine.work import Notice, Work
from core.people.access import may
from core.people.commands import (
    DeviceReported,
    DropDevice,
    RegisterDevice,
    RemoveBrowser,
    RemoveDevice,
    TestDevice,
)
from core.people.endpoints import fault_of
from core.people.events import DeviceRegistered, DeviceRemoved, DeviceTested
from core.people.model import SYSTEM, Device
from core.people.records import SQL, changed, device_from, number_of, people_of

STREAM: Final = "person"
MOST: Final = 30
"""Devices of one person. Push services drop old ones by themselves; this only bounds a program gone wild."""
TEST_LASTS: Final = 10 * MINUTE
UNKNOWN: Final = Refusal("unknown", "device")


def register_device(work: Work, command: RegisterDevice, *, loopback: bool = False) -> Done | Refusal:
    """A new device, or the same endpoint again: refreshed, or taken over from whoever was signed in there before."""
    person = work.by.person
    people = people_of(work.tx)
    if person is None or not may(people, work.by, "self"):
        return Refusal("not_allowed", "self")
    fault = fault_of(command.endpoint, command.keys.p256dh, command.keys.auth, loopback=loopback)
    if fault is not None:
        return fault
    known = _by_endpoint(work.tx, command.endpoint)
    if known is not None and known.person == person:
        return _refresh(work, known, command)
    if len(people.devices.get(person, ())) >= MOST:
        return Refusal("conflict", "devices_full", values={"n": MOST})
    if known is not None:
        _remove(work, known, "moved")
    device = _device(command, str(work.tx.new_ids("device")), person, work.now)
    save_device(work.tx, device)
    work.record(work.lock(STREAM, number_of(work.tx, person)), DeviceRegistered(person, device.id))
    return Done(device.id)


def remove_device(work: Work, command: RemoveDevice) -> Done | Refusal:
    """One of mine by its id."""
    return _remove_mine(work, _by_id(work.tx, command.device))


def remove_browser(work: Work, command: RemoveBrowser) -> Done | Refusal:
    """One of mine by its endpoint."""
    return _remove_mine(work, _by_endpoint(work.tx, command.endpoint))


def try_device(work: Work, command: TestDevice) -> Done | Refusal:
    """A push that says: this device is connected."""
    device = _by_id(work.tx, command.device)
    if device is None or device.person != work.by.person:
        return UNKNOWN
    stream = work.lock(STREAM, number_of(work.tx, device.person))
    work.record(stream, DeviceTested(device.person, device.id))
    work.notify(
        stream,
        Notice(
            kind="test", recipient=device.person, channel="push", address=device.id,
            expires_at=work.now + TEST_LASTS,
        ),
    )  # fmt: skip
    return Done(device.id)


def drop_device(work: Work, command: DropDevice) -> Done | Refusal:
    """Its push service knows it no more. Once is enough: several messages may report it."""
    if work.by != SYSTEM:
        return Refusal("not_allowed", "system")
    device = _by_id(work.tx, command.device)
    if device is None:
        return Done(command.device, again=True)
    _remove(work, device, "gone")
    return Done(device.id)


def device_reported(work: Work, command: DeviceReported) -> Done | Refusal:
    """How far a push came; of a device that is gone meanwhile it means nothing."""
    if work.by != SYSTEM:
        return Refusal("not_allowed", "system")
    if command.state == "sent":
        mark_success(work.tx, command.device, work.now)
    else:
        mark_receipts(work.tx, command.device)
    return Done(command.device)


def lane(tx: Reader, notice: Notice) -> str:
    """The push service a notice goes to, or the chat channel; mail has one server."""
    if notice.channel not in ("push", "chat"):
        return ""
    people = people_of(tx)
    if notice.channel == "push":
        device = people.device(notice.recipient, notice.address)
        return _host(device.endpoint) if device else ""
    person = people.persons.get(notice.recipient)
    return (person.chat or "").partition(":")[0] if person else ""


@lru_cache(maxsize=4_096)
def _host(endpoint: str) -> str:
    return urlsplit(endpoint).hostname or ""


def reports(row: Outgoing, state: str, reason: str = "") -> tuple[DropDevice | DeviceReported, ...]:
    """What the directory wants to hear of any push: for `NoticeRow.report` of every kind that goes to devices."""
    if row.channel != "push":
        return ()
    match state:
        case "gone":
            return (DropDevice(row.address),)
        case "sent" | "shown" | "opened":
            return (DeviceReported(row.address, state),)
    return ()


def save_device(tx: Transaction, device: Device) -> None:
    """Write a new device, or what may change of a known one: name, keys, platform."""
    tx.run(SQL["device_save"], {**asdict(device), "id": int(device.id), "sends_receipts": int(device.sends_receipts)})
    changed(tx, "device", device)


def mark_receipts(tx: Transaction, device: str) -> None:
    """It has reported a notification as shown: from now on its silence is evidence."""
    if tx.run(SQL["device_receipts"], {"id": _number(device)}):
        changed(tx, "receipts", device)


def mark_success(tx: Transaction, device: str, at: Millis) -> None:
    """Its push service took a message: written once for all that were taken together.

    Not part of the directory: it would be read anew after every push.
    """
    if ("success", device) not in tx.memo:
        tx.memo["success", device] = at
        tx.run(SQL["device_success"], {"id": _number(device), "at": at})


def _refresh(work: Work, known: Device, command: RegisterDevice) -> Done:
    device = _device(command, known.id, known.person, known.created_at, known.sends_receipts)
    if device != known:
        save_device(work.tx, device)
        work.record(work.lock(STREAM, number_of(work.tx, device.person)), DeviceRegistered(device.person, device.id))
    return Done(device.id, again=True)


def _remove_mine(work: Work, device: Device | None) -> Done | Refusal:
    if device is None or device.person != work.by.person:
        return UNKNOWN
    _remove(work, device, "own")
    return Done(device.id)


def _remove(work: Work, device: Device, because: Literal["own", "moved", "gone"]) -> None:
    work.tx.run(SQL["device_remove"], {"id": _number(device.id)})
    changed(work.tx, "device_remove", device.id)
    stream = work.lock(STREAM, number_of(work.tx, device.person))
    work.record(stream, DeviceRemoved(device.person, device.id, because))


def _device(command: RegisterDevice, id_: str, person: str, created_at: Millis, receipts: bool = False) -> Device:
    # Some libraries pad base64url, browsers do not; stored is the browsers' way.
    p256dh, auth = command.keys.p256dh.rstrip("="), command.keys.auth.rstrip("=")
    return Device(id_, person, command.name, command.endpoint, p256dh, auth, command.platform, receipts, created_at)


def _by_id(tx: Transaction, device: str) -> Device | None:
    return _found(tx.one(SQL["device_by_id"], {"id": _number(device)}))


def _by_endpoint(tx: Transaction, endpoint: str) -> Device | None:
    return _found(tx.one(SQL["device_by_endpoint"], {"endpoint": endpoint}))


def _found(row: tuple[Any, ...] | None) -> Device | None:
    return None if row is None else device_from(row)


def _number(device: str) -> int:
    """The row id; 0, which no row has, for what is no id at all."""
    return int(device) if device.isascii() and device.isdigit() and len(device) <= 18 else 0
