"""Chat: what leaves for a service through Apprise, and what its answers mean to us."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator

import pytest

from core.engine.ports import Failed, Message, Outcome, Retry, Sent
from push.chat import Chat
from push.chat_address import SERVICES, ChatAddress
from push.chat_door import Talk
from tests.clock import HandClock
from tests.push.messages import START, message
from tests.wire.chat_service import TOKEN, ChatService
from tests.wire.push_service import Answer

REAL = {
    "dingtalk": "dingtalk://accesstoken/",
    "discord": "discord://1234567890/token-of-the-webhook",
    "feishu": "feishu://abcdefgh12345678/",
    "gchat": "gchat://workspace/key/token",
    "jsons": "jsons://chat.example/hook",
    "lark": "lark://abcdefgh12345678",
    "line": "line://token-of-the-channel/{to}",
    "mmosts": f"mmosts://chat.example/{TOKEN}",
    "nctalks": "nctalks://user:password@cloud.example/{to}",
    "rockets": "rockets://user:password@chat.example/{to}",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/{to}",
    "tgram": "tgram://123456789:abcdefg_hijklmnop/{to}",
    "webex": "webex://aaaabbbbccccddddeeeeffffgggghhhhiiiijjjjkkkkllllmmmmnnnnooooppppqqqqrrrrssssttttuuuu",
    "workflows": "workflows://host.example:443/workflow1a/signature/",
    "zulip": "zulip://botname@organization/a1234567890123456789012345678901/{to}",
}


@pytest.fixture
async def service() -> AsyncIterator[ChatService]:
    async with ChatService() as service:
        yield service


@pytest.fixture
async def chat(service: ChatService) -> AsyncIterator[Chat]:
    """Two channels of one service: a room of one's own, and one where the name says whose."""
    addresses = {"mine": ChatAddress(service.url, loopback=True), "team": ChatAddress(service.named, loopback=True)}
    async with Chat(addresses, clock=HandClock(START), loopback=True) as chat:
        yield chat


def said(to: str = "mine", name: str = "") -> Message:
    return message({"service": to, "name": name}, channel="chat")


async def test_a_call_leaves_as_a_chat_message(chat: Chat, service: ChatService) -> None:
    """What the notice says, and nothing else; the service's yes is ours."""
    assert await chat.send(said()) == Sent("http_200")
    (post,) = service.posts
    assert "#4182" in post["text"]
    assert "14:44" in post["text"]
    assert "icon_url" not in post


async def test_a_person_is_named_as_the_service_knows_them(chat: Chat, service: ChatService) -> None:
    """The name fills the place in the address."""
    assert isinstance(await chat.send(said("team", "#suzuki")), Sent)
    assert [post["channel"] for post in service.posts] == ["suzuki"]


@pytest.mark.parametrize("name", ["a&b=c/d?e", "suzuki&to=#all", "#suzuki,#all", "#a b", "@suzuki"])
async def test_a_name_that_is_not_one_place_goes_nowhere(chat: Chat, service: ChatService, name: str) -> None:
    """It changes nothing else of the address, names no second place, and never lands in a room that others read."""
    outcome = await chat.send(said("team", name))
    assert isinstance(outcome, Failed)
    assert outcome.alarm
    assert service.posts == []


@pytest.mark.parametrize(("to", "name"), [("mine", "@suzuki"), ("team", ""), ("gone", "")])
async def test_an_address_that_does_not_fit_is_our_fault(chat: Chat, service: ChatService, to: str, name: str) -> None:
    """A name where there is no place for one, none where there is, or a channel nobody set: said to admins."""
    outcome = await chat.send(said(to, name))
    assert isinstance(outcome, Failed)
    assert outcome.alarm
    assert service.posts == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(500), Retry(reason="http_500")),
        (Answer(503, {"Retry-After": "7"}), Retry(7_000, "http_503")),
        (Answer(429, {"Retry-After": "3"}), Retry(3_000, "http_429")),
        (Answer(404), Failed("http_404", alarm=True)),
        (Answer(410), Failed("http_410", alarm=True)),
        (Answer(401), Failed("http_401", alarm=True)),
        (Answer(204), Failed("refused", alarm=True)),
    ],
)
async def test_an_answer_means_what_it_says(chat: Chat, service: ChatService, answer: Answer, outcome: Outcome) -> None:
    """Passing faults are tried again when the service says; what only the desk file can mend is told to admins."""
    service.answer_next(answer)
    assert await chat.send(said()) == outcome
    assert len(service.posts) == 1


async def test_a_redirect_is_not_followed(chat: Chat, service: ChatService) -> None:
    """Wherever it leads."""
    service.answer_next(Answer(302, {"Location": f"http://127.0.0.1:{service.port}/inside"}))
    assert await chat.send(said()) == Failed("http_302", alarm=True)
    assert service.inside == 0


async def test_a_service_that_hangs_is_given_up_and_holds_up_nobody(service: ChatService) -> None:
    """Its thread is free again as soon as nobody waits: more messages than there are threads are given up in turn."""
    addresses = {"mine": ChatAddress(service.url, loopback=True)}
    async with Chat(addresses, clock=HandClock(START), loopback=True, timeout=0.3) as chat:
        service.answer = Answer(hang=True)
        outcomes = await asyncio.gather(*(chat.send(said()) for _ in range(2 * chat.room)))
        assert set(outcomes) == {Retry(reason="timeout")}
        service.answer = None
        assert isinstance(await chat.send(said()), Sent)


async def test_a_service_that_is_not_there_is_tried_again() -> None:
    """Connection refused passes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    addresses = {"mine": ChatAddress(f"mmost://127.0.0.1:{port}/{TOKEN}", loopback=True)}
    async with Chat(addresses, clock=HandClock(START), loopback=True) as chat:
        assert await chat.send(said()) == Retry(reason="network")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]"])
async def test_an_address_inside_is_never_talked_to(host: str) -> None:
    """Not without the loopback switch, and a private network not even with it."""
    addresses = {"mine": ChatAddress(f"mmosts://{host}/{TOKEN}")}
    async with Chat(addresses, clock=HandClock(START)) as chat:
        assert await chat.send(said()) == Failed("private_address", alarm=True)


@pytest.mark.parametrize(
    "url", ["mmost://chat.example/x", "mailto://a:b@c.example", "syslog://", "slack", "", "http://"]
)
def test_only_chat_services_over_https_are_addresses(url: str) -> None:
    """Anything else of Apprise's hundred services is refused, and the refusal does not repeat the address."""
    with pytest.raises(ValueError, match="a chat address begins with") as caught:
        ChatAddress(url)
    assert not url or "://" not in url or url not in str(caught.value)


def test_plain_http_is_for_this_machine_only() -> None:
    """With the loopback switch too, what leaves the machine leaves by https."""
    talk = Talk(1.0, loopback=True)
    with pytest.raises(Exception, match="not https"):
        talk.request("POST", "http://chat.example/")
    assert talk.fault == "not_https"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_that_is_offered_is_understood(name: str) -> None:
    """Apprise knows each of them, each leaves by our door, and none shows its address."""
    address = ChatAddress(REAL[name])
    service = address.service("12345678" if address.takes("somebody") else "")
    assert service is not None
    assert repr(address) == "ChatAddress(…)"


async def test_nothing_of_an_address_is_logged(
    chat: Chat, service: ChatService, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither by Apprise nor by what it stands on, also when the service refuses."""
    with caplog.at_level(logging.DEBUG):
        service.answer_next(Answer(500), Answer(403), Answer(hang=False))
        for _ in range(3):
            await chat.send(said("team", "@suzuki"))
    assert [line for line in caplog.messages if TOKEN in line or "suzuki" in line or "hooks" in line] == []
