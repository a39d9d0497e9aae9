"""What servers ask of people, and tell of their own accord, through an endpoint for several of them."""

import asyncio

import pytest

from support import messages, sessions
from support.gateway import fixture
from support.interactive import interactive

WATCHED = "test://watched-resource"


@pytest.mark.parametrize("kind", sessions.TRANSPORTS)
def test_160_who_is_asked_sees_which_server_asks(start, kind):
    async def use(gateway):
        async with interactive(gateway.port, "", kind) as client:
            client.handlers["elicitation/create"] = lambda params: {"result": {"action": "decline"}}
            client.handlers["sampling/createMessage"] = lambda params: {"error": {"code": -1, "message": "no model"}}
            answer = await client.ask("tools/call", name="two__test_elicitation", arguments={"message": "Name?"})
            assert "decline" in messages.text_of(answer)
            assert [question["params"]["message"] for question in client.asked] == ["two: Name?"]
            answer = await client.ask("tools/call", name="one__test_sampling", arguments={"prompt": "Hello"})
            assert "no model" in messages.text_of(answer)
            assert client.asked[-1]["params"]["systemPrompt"].startswith("one: ")

    with start({"one": fixture(), "two": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_154_updates_of_a_resource_have_the_name_that_was_subscribed_to(start):
    async def use(gateway):
        async with interactive(gateway.port, "", "sse") as client:
            uri = f"mcp+two:{WATCHED}"
            assert (await client.ask("resources/subscribe", uri=uri))["result"] == {}
            answer = await client.ask("tools/call", name="two__updates", arguments={"uri": WATCHED})
            assert messages.text_of(answer) == "sent"
            method = "notifications/resources/updated"
            updated = await client.session.wait_for(lambda message: message.get("method") == method)
            assert updated["params"]["uri"] == uri
            answer = await client.ask("tools/call", name="one__updates", arguments={"uri": WATCHED})
            assert messages.text_of(answer) == "nobody has subscribed"

    with start({"one": fixture(), "two": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_log_messages_tell_whose_they_are(start):
    async def use(gateway):
        async with interactive(gateway.port, "", "sse") as client:
            assert (await client.ask("logging/setLevel", level="warning"))["result"] == {}
            await client.ask("tools/call", name="two__logs", arguments={"tag": 1})
            method = "notifications/message"
            logged = await client.session.wait_for(lambda message: message.get("method") == method)
            assert logged["params"]["logger"].split("/")[0] == "two"
            assert logged["params"]["level"] in ("warning", "error")

    with start({"one": fixture(), "two": fixture()}) as gateway:
        asyncio.run(use(gateway))
