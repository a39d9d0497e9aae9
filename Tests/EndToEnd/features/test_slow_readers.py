"""A server produces more than its client reads: what waits in between is bounded, and nobody else waits."""

import asyncio
import json
from pathlib import Path

from conftest import running
from support import http1, messages
from support.client import connect
from support.gateway import configuration
from support.listening import ListeningSession
from support.sessions import BOTH, LegacySession

# 60 MB; beyond 16 MiB or 1024 events on one stream, the stream is closed.
COUNT, SIZE = 3000, 20_000
BOUND_KILOBYTES = 32 << 10


def resident_kilobytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


async def stop_listening(gateway, downstream: str) -> http1.Connection:
    """Asks for far too much on a connection from which nothing is read any more."""
    call = messages.call("1", "steps", {"count": COUNT, "size": SIZE}, token='"mine"')
    if downstream == "sse":
        session = await LegacySession.open(gateway.port, "features")
        await session.initialize()
        session.stream.writer.transport.pause_reading()
        assert (await session.post(call)).status == 202
        return session.stream
    session = await ListeningSession.open(gateway.port, "features")
    connection = await http1.Connection.open(gateway.port)
    connection.writer.transport.pause_reading()
    headers = {"Content-Type": "application/json", "Accept": BOTH} | session.headers
    await connection.start("POST", session.target, headers, call.encode())
    return connection


def test_a_client_that_does_not_read_costs_no_more_than_the_bound_and_delays_nobody(block, downstream):
    async def use(gateway):
        async with connect(gateway, "features", downstream) as other:
            assert await other.text("big", bytes=1 << 20)
            before = peak = resident_kilobytes(gateway.pid)
            deaf = await stop_listening(gateway, downstream)
            has_begun = False
            while True:
                async with asyncio.timeout(10):
                    stepping = json.loads(await other.text("seen"))["stepping"]
                peak = max(peak, resident_kilobytes(gateway.pid))
                has_begun = has_begun or stepping > 0
                if has_begun and stepping == 0:
                    break
            deaf.writer.transport.abort()
            assert peak - before < BOUND_KILOBYTES, f"{peak - before} KiB more than before"

    # A gateway of its own, which has not grown before.
    with running(configuration({"features": block})) as gateway:
        asyncio.run(use(gateway))
