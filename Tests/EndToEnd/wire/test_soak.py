"""After many lives and many clients the gateway holds what it held before."""

import asyncio
import json
import os
import signal
from pathlib import Path

from support import http1, processes, waiting
from support.gateway import fixture
from support.messages import call
from support.sessions import legacy, streamable

# Killed on purpose, it need not be waited for; and it may die as often as it likes.
PATIENT = {"initial": "1ms", "max": "1ms", "window": "1s", "attempts": 10000}


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))


def resident_kilobytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


async def health(gateway) -> dict:
    response = await http1.request(gateway.port, "GET", "/healthz")
    return json.loads(response.text)


async def kill_child(gateway, times: int) -> int:
    """Kills the server again and again, each time once it is ready, and returns the last process."""
    last = None
    for _ in range(times):
        while True:
            server = (await health(gateway))["servers"][0]
            if server["ready"] and server["pid"] != last:
                break
            await asyncio.sleep(0.002)
        last = server["pid"]
        os.kill(last, signal.SIGKILL)
    return last


async def connect(gateway, times: int) -> None:
    """Clients of both transports that come, call, and go, half of them without a word."""
    for number in range(times):
        if number % 2:
            async with legacy(gateway) as session:
                assert "result" in await session.ask(call("1", "echo"))
        else:
            async with streamable(gateway) as session:
                assert "result" in await session.ask(call("1", "echo"))
                await session.delete()


async def settle(gateway, killed: int) -> None:
    """Waits until the server is up, in another process than the one that was killed, and every session is gone."""
    while True:
        state = await health(gateway)
        server = state["servers"][0]
        if state["sessions"] == 0 and server["ready"] and server["pid"] != killed:
            return
        await asyncio.sleep(0.01)


def test_descriptors_threads_and_memory_return_to_what_they_were(start):
    async def use(gateway, kills: int, clients: int) -> None:
        async with asyncio.timeout(300):
            killed = await kill_child(gateway, kills)
            await settle(gateway, killed)
            await connect(gateway, clients)
            await settle(gateway, killed)

    with start({"fixture": fixture(restart=PATIENT)}) as gateway:
        pid = gateway.process.pid
        asyncio.run(use(gateway, kills=20, clients=200))
        open_before, threads_before, memory_before = descriptors(pid), threads(pid), resident_kilobytes(pid)
        asyncio.run(use(gateway, kills=200, clients=2000))
        waiting.until(lambda: descriptors(pid) <= open_before, f"{open_before} descriptors, as before")
        waiting.until(lambda: threads(pid) <= threads_before, f"{threads_before} threads, as before")
        assert processes.zombies_of(pid) == []
        # Two KiB kept for each client would be as much again; the allocator's own unrest is far below.
        grown = resident_kilobytes(pid) - memory_before
        assert grown < 4096, f"{grown} KiB more than before"
