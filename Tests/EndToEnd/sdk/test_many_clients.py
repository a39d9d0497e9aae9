"""Ten clients of one server at once: everybody gets the answers to their own questions."""

import asyncio
import json

from sdk.peer import connect, text_of
from support.gateway import fixture, installed

CLIENTS = 10
CALLS = 20


def test_ten_clients_of_a_real_server_never_get_each_others_answers(start, transport):
    """[24] SDK clients number their requests alike, so ids cross unless the gateway renumbers them."""

    async def one(gateway, number):
        async with connect(gateway, "time", transport) as client:
            assert len((await client.list_tools()).tools) == 2
            for step in range(CALLS):
                time = f"{number:02}:{step:02}"
                zones = {"source_timezone": "UTC", "target_timezone": "Asia/Tokyo"}
                answer = json.loads(text_of(await client.call_tool("convert_time", {**zones, "time": time})))
                assert f"T{time}:00" in answer["source"]["datetime"]

    async def all(gateway):
        await asyncio.gather(*(one(gateway, number) for number in range(CLIENTS)))

    with start({"time": installed("mcp-server-time", "--local-timezone", "UTC")}) as gateway:
        asyncio.run(all(gateway))


def test_ten_clients_share_one_child_and_one_slow_call_delays_nobody(start, transport):
    async def one(gateway, number):
        async with connect(gateway, "fixture", transport) as client:
            for step in range(CALLS):
                sent = {"client": number, "step": step, "text": "é😀" * step}
                assert json.loads(text_of(await client.call_tool("echo", sent))) == sent

    async def all(gateway):
        async with connect(gateway, "fixture", transport) as client:
            slow = asyncio.create_task(client.call_tool("sleep", {"ms": 60_000}))
            await asyncio.gather(*(one(gateway, number) for number in range(CLIENTS)))
            assert not slow.done()
            slow.cancel()
            await asyncio.wait([slow])
            # The session goes on. And the SDK, which fails when an answer arrives while it closes, has by then read
            # the end of the cancelled request.
            assert (await client.list_tools()).tools
        assert sum("fixture-server" in process.command for process in gateway.descendants()) == 1

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(all(gateway))
