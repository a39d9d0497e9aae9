"""The official client goes on with streams by itself: when the gateway asks it to, and when the network fails."""

import asyncio

from sdk.peer import connect, text_of
from support.forwarder import Forwarder
from support.gateway import fixture


class Through:
    """The gateway as it is reached through a stretch of network."""

    def __init__(self, forwarder: Forwarder):
        self.url = f"http://127.0.0.1:{forwarder.port}"


def test_51_the_client_polls_a_stream_that_is_closed_early(start):
    async def use(gateway):
        seen: list[float] = []

        async def progressed(progress, total, message):
            seen.append(progress)

        async with connect(gateway, "fixture", "mcp") as client:
            answer = await client.call_tool("progress", {"steps": 50, "ms": 40}, progress_callback=progressed)
            assert text_of(answer) == "made 50 steps"
            assert seen == list(range(1, 51))
            assert text_of(await client.call_tool("sleep", {"ms": 2500})) == "slept"

    with start({"fixture": fixture()}, limits={"streamAge": "700ms"}) as gateway:
        asyncio.run(use(gateway))


def test_46_the_client_comes_back_for_its_answer_after_its_connection_was_lost(start):
    async def use(gateway):
        forwarder = Forwarder(gateway.port)
        try:
            async with connect(Through(forwarder), "fixture", "mcp") as client:
                first = asyncio.Event()
                seen: list[float] = []

                async def progressed(progress, total, message):
                    seen.append(progress)
                    first.set()

                arguments = {"steps": 60, "ms": 50}
                calling = asyncio.create_task(
                    client.call_tool("progress", arguments, progress_callback=progressed)
                )
                async with asyncio.timeout(30):
                    await first.wait()
                await asyncio.to_thread(forwarder.cut)
                assert text_of(await calling) == "made 60 steps"
                assert seen == list(range(1, 61))
                assert text_of(await client.call_tool("echo", {"still": "here"})) == '{"still":"here"}'
        finally:
            await asyncio.to_thread(forwarder.close)

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))
