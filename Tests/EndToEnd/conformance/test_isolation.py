"""`isolation: session`: a server's instance for each client, which may say and ask what a shared one may not."""

import asyncio
import json
import uuid

import pytest

from conformance.clients import within_a_minute
from conftest import running
from support import waiting
from support.client import DOWNSTREAMS
from support.gateway import configuration
from support.interactive import EVERYTHING, interactive

ANSWER = {"role": "assistant", "model": "m", "content": {"type": "text", "text": "this"}}
QUESTION = {"messages": [{"role": "user", "content": {"type": "text", "text": "Which?"}}], "maxTokens": 5}


@pytest.fixture(scope="module")
def gateway(everything):
    with running(configuration({"personal": {**everything.block, "isolation": "session"}})) as gateway:
        yield gateway


@pytest.fixture(params=DOWNSTREAMS)
def client(gateway, request):
    return lambda **keys: interactive(gateway.port, "personal", request.param, **keys)


def test_34_the_server_is_told_what_its_client_can_be_asked(client):
    async def use():
        async with client() as one, client(capabilities={"roots": {}}) as other, client(capabilities={}) as third:
            assert json.loads(await one.text("capabilities")) == EVERYTHING
            assert json.loads(await other.text("capabilities")) == {"roots": {}}
            assert json.loads(await third.text("capabilities")) == {}

    within_a_minute(use())


def test_123_what_it_says_outside_of_any_call_is_its_clients(client):
    async def use():
        async with client() as one, client() as other:
            tag = str(uuid.uuid4())
            await one.text("logs_later", tag=tag)
            await one.notification("notifications/message", lambda params: params["data"] == {"tag": tag})
            assert await other.result("ping") == {}
            assert other.notifications("notifications/message") == []

    within_a_minute(use())


def test_113_what_it_asks_outside_of_any_call_is_asked_of_its_client(client):
    async def use():
        async with client() as one, client() as other:
            for each in (one, other):
                each.handlers["sampling/createMessage"] = lambda params: {"result": ANSWER}
            await one.text("asks_later", method="sampling/createMessage", params=QUESTION)
            await one.asked_for("sampling/createMessage")
            while not (outcomes := json.loads(await one.text("outcomes"))):
                await asyncio.sleep(0.01)
            assert outcomes == [{"result": ANSWER}] and other.asked == []

    within_a_minute(use())


def test_roots_that_change_are_told_to_the_server(client):
    async def use():
        async with client() as one, client() as other:
            # An instance that is not there yet need not be told.
            assert json.loads(await one.text("notified")) == []
            await one.notify("notifications/roots/list_changed")
            while not (heard := json.loads(await one.text("notified"))):
                await asyncio.sleep(0.01)
            assert heard[0][0] == "notifications/roots/list_changed"
            assert json.loads(await other.text("notified")) == []

    within_a_minute(use())


def test_38_an_instance_ends_with_its_session(everything, gateway, client):
    if everything.transport != "stdio":
        pytest.skip("an instance is a connection, which no test can see")

    def processes():
        return [process for process in gateway.descendants() if "fixture-server" in process.command]

    async def use():
        waiting.until(lambda: len(processes()) == 1, "one instance", 20)
        async with client() as one, client() as other:
            await one.text("echo")
            await other.text("echo")
            assert len(processes()) == 3

    within_a_minute(use())
    waiting.until(lambda: len(processes()) == 1, "the end of both instances", 20)
