"""Messages for the tests of the wires."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core.engine.ports import MINUTE, Message, Millis

START: Millis = 1_790_000_000_000
"""Some day in September 2026."""

PAYLOAD = {
    "web_push": 8030,
    "notification": {
        "title": "呼出 #4182 L2",
        "body": "14:44までに引き受けてください",
        "lang": "ja",
        "tag": "e7-suzuki",
        "data": {"escalation": "7", "call": "12", "ticket": 4182, "accept_by": None, "receipt": None},
    },
    "app_badge": 2,
    "mutable": True,
}


def message(to: Mapping[str, str], **changes: object) -> Message:
    """A call to 鈴木, by push when `to` has an endpoint, else by mail."""
    call = Message(
        id=1,
        kind="call",
        recipient="suzuki",
        channel="push" if "endpoint" in to else "mail",
        to=to,
        language="ja",
        subject="呼出 #4182 L2 14:44まで",
        text="チケット #4182 が L2 を呼んでいます。\n14:44 までに引き受けてください。\n",
        payload=msgspec.json.encode(PAYLOAD) if "endpoint" in to else b"",
        tag="e7-suzuki",
        urgency="high",
        expires=START + 30 * MINUTE,
    )
    return msgspec.structs.replace(call, **changes)
