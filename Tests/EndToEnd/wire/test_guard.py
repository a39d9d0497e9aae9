"""[146] Nothing outlives the gateway, not even what a launcher forked, however the gateway ends."""

import asyncio
import os
import re
import select
import signal
import time
from pathlib import Path

from support import processes, waiting
from support.gateway import FIXTURE_SERVER
from support.messages import call
from support.sessions import legacy, streamable

STARTED = re.compile(r"guard started.*pid=\"?(\d+)")


def launched(*arguments: str) -> dict:
    """A server as uvx and npx start one: the process the gateway knows only waits for the real one, its child."""
    # A shell gives what it starts in the background /dev/null for stdin, unless told otherwise.
    script = 'trap "" TERM HUP; exec 3<&0; "$0" "$@" <&3 3<&- & wait'
    return {"command": "/bin/sh", "args": ["-c", script, str(FIXTURE_SERVER), *arguments]}


STUBBORN = launched("--stubborn-grandchild", "--ignore-sigterm", "--ignore-eof")


def guard_of(gateway) -> int:
    """The number of the guard that was started last."""
    return int(STARTED.findall(gateway.log)[-1])


def end_of(lives: list[processes.Process], by: float) -> list[processes.Process]:
    """Waits for the end of processes that are not ours; returns those that live on at that time."""
    descriptors = {}
    for life in lives:
        try:
            descriptors[os.pidfd_open(life.pid)] = life
        except ProcessLookupError:
            pass
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    left = set(descriptors)
    while left and (milliseconds := (by - time.monotonic()) * 1000) > 0:
        for descriptor, _ in poll.poll(milliseconds):
            poll.unregister(descriptor)
            left.discard(descriptor)
    for descriptor in descriptors:
        os.close(descriptor)
    return [descriptors[descriptor] for descriptor in left if descriptors[descriptor].is_alive()]


def kill(gateway) -> list[processes.Process]:
    """Kills the gateway as the kernel does when memory runs out; returns what lives on a second later."""
    lives = gateway.descendants()
    gateway.expected_status = -signal.SIGKILL
    began = time.monotonic()
    gateway.process.kill()
    return end_of(lives, began + 1)


def test_146_kill_9_under_load_leaves_no_child_and_no_grandchild_after_a_second(start):
    names = [f"server{number}" for number in range(4)]

    async def use(gateway):
        answered = 0
        enough = asyncio.Event()

        async def caller(open_session, name, kind):
            nonlocal answered
            async with open_session(gateway, name) as session:
                # Some in flight at any time that will never be answered.
                slow = asyncio.create_task(session.ask(call(f'"slow {kind}"', "sleep", {"ms": 60_000})))
                try:
                    for number in range(1_000_000):
                        await session.ask(call(str(number + 1), "echo", {"text": "x" * 1000}))
                        answered += 1
                        if answered >= 500:
                            enough.set()
                finally:
                    slow.cancel()

        callers = [
            asyncio.create_task(caller(open_session, name, kind))
            for name in names
            for kind, open_session in (("sse", legacy), ("mcp", streamable))
        ]
        await asyncio.wait_for(enough.wait(), 60)
        assert not any(task.done() for task in callers)
        lives = [life.command for life in gateway.descendants()]
        assert sum(command.startswith(str(FIXTURE_SERVER)) for command in lives) == len(names)
        assert sum("sleep 3600" in command for command in lives) == len(names)
        left = await asyncio.to_thread(kill, gateway)
        for task in callers:
            task.cancel()
        await asyncio.gather(*callers, return_exceptions=True)
        assert left == []

    with start({name: STUBBORN for name in names}) as gateway:
        asyncio.run(use(gateway))


def test_146_a_guard_that_was_killed_has_a_successor_that_knows_the_servers(start):
    async def touch(gateway):
        async with legacy(gateway) as session:
            assert "result" in await session.ask(call("1", "echo"))

    with start({"fixture": STUBBORN}) as gateway:
        asyncio.run(touch(gateway))
        first = guard_of(gateway)
        os.kill(first, signal.SIGKILL)
        gateway.wait_for_log("the guard has ended")
        waiting.until(lambda: guard_of(gateway) != first, "the second guard")
        asyncio.run(touch(gateway))
        assert kill(gateway) == []


def test_the_guard_is_recognisable_and_ends_with_a_gateway_that_stops_in_order(start):
    with start({"fixture": launched()}) as gateway:
        gateway.wait_for_child("fixture-server")
        pid = guard_of(gateway)
        life = processes.read(pid)
        waiting.until(lambda: Path(f"/proc/{pid}/comm").read_text() == "mcp-guard\n", "the name of the guard")
        assert (life.command, life.parent) == ("mcp-gateway guard", gateway.pid)
        assert os.getsid(pid) == pid
        # What a service manager or a terminal sends to everybody is for the gateway to act on.
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(pid, number)
        lives = gateway.descendants()
        gateway.signal(signal.SIGTERM)
        assert gateway.wait(20) == 0
        assert end_of(lives, time.monotonic() + 1) == []
        assert "the guard has ended" not in gateway.log
