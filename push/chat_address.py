"""Where a chat message goes: a checked Apprise URL, from a short list of services that speak https."""

from __future__ import annotations

import logging
import re
from importlib import import_module
from typing import Final
from urllib.parse import quote

from apprise import AppriseAsset, NotifyBase

from push.chat_door import lead_through

SERVICES: Final = {
    "dingtalk": "dingtalk.NotifyDingTalk",
    "discord": "discord.NotifyDiscord",
    "feishu": "feishu.NotifyFeishu",
    "gchat": "google_chat.NotifyGoogleChat",
    "jsons": "custom_json.NotifyJSON",
    "lark": "lark.NotifyLark",
    "line": "line.NotifyLine",
    "mmosts": "mattermost.NotifyMattermost",
    "nctalks": "nextcloudtalk.NotifyNextcloudTalk",
    "rockets": "rocketchat.NotifyRocketChat",
    "slack": "slack.NotifySlack",
    "tgram": "telegram.NotifyTelegram",
    "webex": "webexteams.NotifyWebexTeams",
    "workflows": "workflows.NotifyWorkflows",
    "zulip": "zulip.NotifyZulip",
}
"""Scheme → Apprise's service. Only these are loaded of Apprise's hundred and fifty."""
ON_LOOPBACK: Final = {"mmost": "mattermost.NotifyMattermost", "json": "custom_json.NotifyJSON"}
"""The same without TLS, to this machine: for tests and trials."""
PLACE: Final = "{to}"
NAME: Final = re.compile(r"[#@+]?[A-Za-z0-9_.@=-]{1,200}")
"""One person or room; with commas Apprise would read several."""


class ChatAddress:
    """One chat address. It never shows itself: whoever knows it can write there."""

    def __init__(self, url: str, *, loopback: bool = False) -> None:
        """`{to}` in the URL is filled with the person's name there.

        ValueError says what is wrong, without repeating the URL.
        """
        scheme, _, rest = url.partition("://")
        known = SERVICES | ON_LOOPBACK if loopback else SERVICES
        if not rest or scheme.lower() not in known:
            raise ValueError(f"a chat address begins with one of {', '.join(f'{name}://' for name in SERVICES)}")
        self._kind = _service(known[scheme.lower()])
        self._url = url
        self._named = PLACE in url
        if self.service("12345678" if self._named else "") is None:
            raise ValueError(f"Apprise does not understand this {scheme.lower()}:// address")

    def takes(self, name: str) -> bool:
        """Whether the person's name is given exactly where the address leaves room for it."""
        return bool(NAME.fullmatch(name)) if self._named else not name

    def service(self, name: str) -> NotifyBase | None:
        """The service that sends to this person, or None; a new one each time, so that none waits for another."""
        parts = self._kind.parse_url(self._url.replace(PLACE, quote(name, safe="")))
        if not parts:
            return None
        try:
            made = self._kind(**{**parts, "asset": _ASSET})
        except TypeError:  # Apprise's way to say that a part is missing or odd; its text would repeat the part
            return None
        if getattr(made, "_invalid_targets", ()):  # it would go to the address's usual room instead
            return None
        made.request_rate_per_sec = 0
        return made

    def __repr__(self) -> str:
        return "ChatAddress(…)"


def _service(named: str) -> type[NotifyBase]:
    module, _, name = named.partition(".")
    service: type[NotifyBase] = getattr(import_module(f"apprise.plugins.{module}"), name)
    lead_through(service)
    return service


_ASSET: Final = AppriseAsset(
    app_id="Noroshi", app_desc="Noroshi", app_url="", image_url_mask="", image_url_logo="", http_redirects=False
)
# Their lines would name rooms, people and addresses.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)
