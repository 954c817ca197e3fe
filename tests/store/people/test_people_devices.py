"""Devices on a real store: registered, refreshed, taken over, tested, dropped."""

from __future__ import annotations

import msgspec
import pytest

from core.engine.catalogue import Outgoing
from core.engine.ports import Message, Transaction
from core.engine.turns import OUTGOING
from core.people import commands, devices, queries
from core.people.model import NOBODY, SYSTEM, Actor
from tests.store.people.house import SATO, START, SUZUKI, House, device


async def test_a_device_is_registered_and_shown_without_its_address(house: House) -> None:
    """The answer shows id and name; endpoint and keys stay inside."""
    done = await house.did(device(), SATO)
    page = await house.desk.ask(queries.MyDevices(), SATO)
    assert page.items == (queries.DeviceView(str(done.ref), "Pixel", "Android", START, None, False),)
    (kept,) = (await house.people()).devices["sato"]
    assert kept.endpoint.endswith("/phone")
    assert (len(kept.p256dh), len(kept.auth)) == (87, 22)


async def test_the_same_endpoint_again_refreshes(house: House) -> None:
    """A browser that posts its subscription at every start stays one device, and an equal post changes nothing."""
    first = await house.did(device(), SATO)
    journal = await house.journal()
    same = await house.did(device(), SATO)
    assert (same.ref, same.again) == (first.ref, True)
    assert await house.journal() == journal
    renamed = await house.did(device(name="Work phone"), SATO)
    (kept,) = (await house.people()).devices["sato"]
    assert (renamed.ref, kept.name, kept.created_at) == (first.ref, "Work phone", START)


async def test_whoever_signs_in_on_a_browser_takes_it_over(house: House) -> None:
    """The endpoint moves with a new id, so nothing meant for the one before can reach the one after."""
    before = await house.did(device(), SATO)
    after = await house.did(device(), SUZUKI)
    people = await house.people()
    assert before.ref != after.ref
    assert "sato" not in people.devices
    assert [kept.id for kept in people.devices["suzuki"]] == [after.ref]
    assert '"because":"moved"' in await house.journal()


@pytest.mark.parametrize(
    ("endpoint", "field"), [("http://10.0.0.1/x", "endpoint"), ("https://fcm.googleapis.com/ok", "keys.auth")]
)
async def test_a_bad_subscription_is_refused_by_name(house: House, endpoint: str, field: str) -> None:
    """The refusal names the field, and nothing is stored."""
    keys = commands.DeviceKeys(device().keys.p256dh, "short")
    outcome = await house.desk.handle(commands.RegisterDevice(endpoint, keys), SATO)
    assert (outcome.code, outcome.field) == ("invalid", field)  # type: ignore[union-attr]
    assert not (await house.people()).devices


async def test_only_people_have_devices(house: House) -> None:
    """Nobody, the system and a stranger register none."""
    for by in (NOBODY, SYSTEM, Actor("person", "stranger")):
        assert await house.refused(device(), by) == "not_allowed self"


async def test_devices_are_bounded(house: House) -> None:
    """A program gone wild meets a limit that says what to do; a known device is still refreshed."""
    for number in range(devices.MOST):
        await house.did(device(str(number)), SATO)
    assert await house.refused(device("one-more"), SATO) == "conflict devices_full"
    assert (await house.did(device("0"), SATO)).again


async def test_a_device_is_removed_by_its_person_only(house: House) -> None:
    """By id or by endpoint; somebody else's does not exist."""
    first = str((await house.did(device("a"), SATO)).ref)
    await house.did(device("b"), SATO)
    assert await house.refused(commands.RemoveDevice(first), SUZUKI) == "unknown device"
    assert await house.refused(commands.RemoveBrowser(device("b").endpoint), SUZUKI) == "unknown device"
    for odd in ("", "x", "1e3", "-1", "9" * 40, "１"):
        assert await house.refused(commands.RemoveDevice(odd), SATO) == "unknown device"
    await house.did(commands.RemoveDevice(first), SATO)
    await house.did(commands.RemoveBrowser(device("b").endpoint), SATO)
    assert not (await house.people()).devices


async def test_the_wire_drops_what_is_gone_and_marks_what_works(house: House) -> None:
    """Reports of a push become: last success, sends receipts, or no device; a second report changes nothing."""
    ref = str((await house.did(device(), SATO)).ref)
    row = outgoing(ref)
    house.clock.time += 5_000
    await report(house, row, "sent")
    assert not (await house.people()).devices["sato"][0].sends_receipts
    await report(house, row, "shown")
    await report(house, row, "opened")
    view = await house.desk.ask(queries.MyDevice(ref), SATO)
    assert (view.last_success_at, view.sends_receipts) == (START + 5_000, True)
    assert (await house.people()).devices["sato"][0].sends_receipts
    await report(house, row, "gone")
    await report(house, row, "gone")
    await report(house, row, "sent")
    assert not (await house.people()).devices
    assert await house.refused(commands.DropDevice(ref), SATO) == "not_allowed system"
    assert await house.refused(commands.DeviceReported(ref, "sent"), SATO) == "not_allowed system"


async def test_last_success_never_runs_backwards_and_changes_no_revision(house: House) -> None:
    """An older report changes nothing, and after a push nobody reads the directory anew."""
    ref = str((await house.did(device(), SATO)).ref)
    before = await house.people()
    for at in (START + 2, START + 1):
        await house.desk.store.write(lambda tx, at=at: devices.mark_success(tx, ref, at))  # type: ignore[misc]
    assert (await house.desk.ask(queries.MyDevice(ref), SATO)).last_success_at == START + 2
    assert await house.people() is before


async def test_a_test_push_says_that_the_device_is_connected(house: House) -> None:
    """One notice is queued, in the person's language, with the payload of the contract."""
    ref = str((await house.did(device(), SATO)).ref)
    await house.did(commands.TestDevice(ref), SATO)
    message = await composed(house)
    assert message is not None
    payload = msgspec.json.decode(message.payload)
    assert message.to["endpoint"] == device().endpoint
    assert payload["web_push"] == 8030
    assert payload["app_badge"] == 3
    notification = payload["notification"]
    assert notification["title"] == "つながりました"
    assert notification["navigate"] == "https://desk.tsubame.example/desk/me"
    assert {key for key, value in notification["data"].items() if value is None} == {
        "escalation", "call", "ticket", "accept_by",
    }  # fmt: skip
    assert notification["data"]["receipt"]


async def test_a_test_push_is_dropped_when_the_device_moved_on(house: House) -> None:
    """Between the press and the sending somebody else signed in there: they get nothing of it."""
    ref = str((await house.did(device(), SATO)).ref)
    await house.did(commands.TestDevice(ref), SATO)
    await house.did(device(), SUZUKI)
    assert await composed(house) is None


async def test_only_my_own_device_is_tested(house: House) -> None:
    """Somebody else's device does not exist."""
    ref = str((await house.did(device(), SATO)).ref)
    assert await house.refused(commands.TestDevice(ref), SUZUKI) == "unknown device"


async def test_the_journal_names_no_address_and_no_device(house: House) -> None:
    """Endpoints, keys and device names stand in no event."""
    ref = str((await house.did(device(), SATO)).ref)
    await house.did(commands.TestDevice(ref), SATO)
    await house.did(commands.RemoveDevice(ref), SATO)
    journal = await house.journal()
    assert "device_registered" in journal
    for secret in ("googleapis", device().keys.p256dh, device().keys.auth, "Pixel", "Android"):
        assert secret not in journal


def outgoing(address: str) -> Outgoing:
    return Outgoing(1, "test", "person", 1, "sato", "push", address, 0, -1, START, START, START + 60_000, "r")


async def report(house: House, row: Outgoing, state: str) -> None:
    """As the dispatcher does."""
    await house.desk.store.write(lambda tx: house.desk.reported(tx, row, state))


async def composed(house: House) -> Message | None:
    """The message of the one queued notice, composed as just before sending."""

    def read(tx: Transaction) -> Message | None:
        where = {"channel": "push", "lane": "fcm.googleapis.com", "fair": "", "recipient": "sato"}
        rows = tx.all(OUTGOING["ready"], {**where, "now": house.clock.time, "limit": 9})
        (row,) = [Outgoing(*row) for row in rows]
        return house.desk.catalogue.notices[row.kind].compose(tx, row, house.clock.time)

    return await house.desk.store.write(read)
