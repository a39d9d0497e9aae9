"""Clients in particular states."""

import asyncio
import json
import uuid
from contextlib import asynccontextmanager

from features.waiting import until_waiting
from support import messages
from support.interactive import InteractiveClient
from support.sessions import LegacySession
from support.streaming import StreamingSession


def within_a_minute(use) -> None:
    """Runs a test that waits for events, one of which may never come."""

    async def limited():
        async with asyncio.timeout(60):
            await use

    asyncio.run(limited())


def shared(everything, downstream: str):
    """A client that can be asked nothing, and so is served by the instance that all such clients share."""
    return everything.through_the_gateway(downstream, capabilities={})


@asynccontextmanager
async def unannounced(port: int, name: str, downstream: str, capabilities: dict):
    """A client that has not said that it is initialized, and a function that says so."""
    declared = json.dumps(capabilities)
    if downstream == "sse":
        session = await LegacySession.open(port, name)
        await session.ask(messages.initialize(capabilities=declared))

        async def announce():
            assert (await session.post(messages.INITIALIZED)).status == 202
    else:
        session = await StreamingSession.open(port, name, capabilities=declared, listening=False)
        announce = session.begin
    try:
        yield InteractiveClient(session), announce
    finally:
        await session.close()


@asynccontextmanager
async def calls_in_flight(client, watching=None, count: int = 2):
    """As long as this lasts, the server works on so many calls of the client's. `watching` is another client of the
    same instance, if the first may get one of its own in the meantime."""
    watching = watching or client
    names = [str(uuid.uuid4()) for _ in range(count)]
    calls = [client.start("tools/call", name="waits", arguments={"name": name})[1] for name in names]
    await until_waiting(watching, names)
    yield
    for name in names:
        assert await watching.text("release", name=name) == "done"
    for call, name in zip(calls, names):
        assert (await call)["result"]["content"][0]["text"] == f"released {name}"
