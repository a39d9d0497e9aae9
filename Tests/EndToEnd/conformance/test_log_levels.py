"""Log levels of many clients on one server."""

import asyncio
import json
import uuid

import pytest

from conformance.clients import calls_in_flight, shared, within_a_minute
from support.client import DOWNSTREAMS

MESSAGE = "notifications/message"
ALL = ["debug", "info", "warning", "error"]


@pytest.fixture(params=DOWNSTREAMS)
def downstream(request):
    return request.param


def heard(client, tag: str) -> list[str]:
    return [params["level"] for params in client.notifications(MESSAGE) if params["data"]["tag"] == tag]


def test_123_each_client_has_its_own_level_and_the_server_the_most_verbose(everything, downstream):
    async def use():
        async with shared(everything, downstream) as one:
            async with shared(everything, downstream) as other:
                assert await one.result("logging/setLevel", level="error") == {}
                assert await other.result("logging/setLevel", level="debug") == {}
                mine, theirs = str(uuid.uuid4()), str(uuid.uuid4())
                await one.text("logs", tag=mine)
                await other.text("logs", tag=theirs)
                assert (heard(one, mine), heard(other, theirs)) == (["error"], ALL)
                assert (heard(one, theirs), heard(other, mine)) == ([], [])
                assert json.loads(await one.text("levels"))[-1] == "debug"
            # The server is let be quieter when nobody wants to hear it.
            async with asyncio.timeout(20):
                while json.loads(await one.text("levels"))[-1] != "error":
                    await asyncio.sleep(0.02)

    within_a_minute(use())


def test_123_a_message_is_never_anothers_even_if_calls_overlap(everything, downstream):
    async def use():
        async with shared(everything, downstream) as one, shared(everything, downstream) as other:
            for client in (one, other):
                await client.result("logging/setLevel", level="debug")
            tag = str(uuid.uuid4())
            async with calls_in_flight(other):
                await one.text("logs", tag=tag)
            assert heard(other, tag) == []
            # Where the server says in the course of which call it speaks, nothing is lost.
            if everything.transport == "streamable-http":
                assert heard(one, tag) == ALL

    within_a_minute(use())


def test_123_an_unknown_level_is_an_error(everything, downstream):
    async def use():
        async with shared(everything, downstream) as one:
            assert (await one.error("logging/setLevel", level="loud"))["code"] == -32602
            assert (await one.error("logging/setLevel"))["code"] == -32602

    within_a_minute(use())
