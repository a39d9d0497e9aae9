"""A minute of whatever may come to the front of MCP 2026-07-28, from two people who must not hear of each other.

It prints its seed; `FUZZ_SEED` and `FUZZ_SECONDS` repeat or prolong it.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from fuzz.judging import Wrong, judge
from fuzz.shots import PEOPLE, Shooter, Shot, State
from support import http1, processes, waiting
from support.gateway import fixture
from support.stateless import KEY, body, headers, parsed, path
from support.tap import TAP
from wire.test_soak import descriptors, resident_kilobytes, threads

SECONDS = float(os.environ.get("FUZZ_SECONDS", 60))
SEED = int(os.environ.get("FUZZ_SEED", 20260728))
WORKERS = 8
# Seconds for an answer, on a machine that may be busy; a call takes no longer than CALL_TIMEOUT.
PATIENCE = 60
CALL_TIMEOUT = {"callTimeout": "20s"}
STATES = 64
# Small, so that each is reached now and then, and what waits is soon gone.
LIMITS = {"parkedCallAge": "2s", "parkedCalls": 48, "listens": 4, "requestsPerSecond": 1_000_000}
# The server of 2026-07-28 needs the SDK that speaks it.
MODERN = int(version("mcp").split(".")[0]) >= 2


class Worker:
    """One client, which makes one connection after another, and on each some requests."""

    def __init__(self, gateway, seed: int, number: int, states: list[State], tally: Counter):
        self.port = gateway.port
        self.gateway = gateway
        self.dice = random.Random(f"{seed}/worker/{number}")
        self.shooter = Shooter(seed, number, states, MODERN)
        self.states = states
        self.tally = tally

    async def work(self, until: float) -> None:
        while time.monotonic() < until:
            what = self.dice.choices([self.converse, self.pipeline, self.break_off, self.listen], [70, 8, 16, 6])[0]
            await what()

    async def converse(self) -> None:
        """Requests on one connection, until the gateway closes it, and then nothing more."""
        connection = await http1.Connection.open(self.port)
        for left in reversed(range(self.dice.randrange(1, 12))):
            shot = self.shooter.shot()
            response = await self.ask(connection, shot, last=not left)
            if response.headers.get("connection") == "close":
                break
        rest = await self.rest_of(connection)
        assert rest == b"", f"after the last answer came {rest!r}"

    async def ask(self, connection: http1.Connection, shot: Shot, last: bool = False) -> http1.Response:
        await self.send(connection, shot, last)
        return await self.read(connection, shot)

    async def send(self, connection: http1.Connection, shot: Shot, last: bool = False) -> None:
        connection.asked.append(TAP.exchange(self.port, shot.verb, shot.target, dict(shot.headers), shot.body or b""))
        connection.writer.write(shot.bytes(self.port, last))

    async def read(self, connection: http1.Connection, shot: Shot) -> http1.Response:
        try:
            async with asyncio.timeout(PATIENCE):
                response = await connection.read_response()
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as error:
            raise AssertionError(f"no answer ({error!r}): {shot}") from None
        answer = judge(shot, response)
        self.keep(shot, answer)
        if shot.state and answer.get("error", {}).get("code") != -32602:
            if shot.state.is_used:
                raise Wrong("two calls went on with one state", shot, response)
            shot.state.is_used = True
        self.tally[shot.what.split(" ")[0]] += 1
        self.tally[response.status] += 1
        return response

    async def rest_of(self, connection: http1.Connection) -> bytes:
        try:
            async with asyncio.timeout(PATIENCE):
                return await connection.reader.read()
        except ConnectionError:
            return b""
        finally:
            connection.writer.transport.abort()

    def keep(self, shot: Shot, answer: dict | None) -> None:
        result = (answer or {}).get("result", {})
        if "requestState" in result:
            self.tally["states"] += 1
            params = {key: value for key, value in shot.params.items() if key not in ("inputResponses", "requestState")}
            keys = list(result.get("inputRequests", {}))
            self.states.append(State(result["requestState"], keys, shot.server, params, shot.person))
            del self.states[: -STATES]

    async def pipeline(self) -> None:
        """Several requests at once, which are answered in order."""
        connection = await http1.Connection.open(self.port)
        shots = [self.shooter.valid() for _ in range(self.dice.randrange(2, 5))]
        for shot in shots:
            await self.send(connection, shot, last=shot is shots[-1])
        for shot in shots:
            await self.read(connection, shot)
        rest = await self.rest_of(connection)
        assert rest == b"", f"after the last answer came {rest!r}"

    async def break_off(self) -> None:
        """A request that its client does not finish, or whose answer it does not wait for."""
        connection = await http1.Connection.open(self.port)
        shot = self.shooter.shot()
        data = shot.bytes(self.port)
        if whole := self.dice.random() < 0.5:
            shot = self.shooter.valid()
            params = {"name": "sleep", "arguments": {"ms": 60_000}}
            keys = {"id": self.shooter.count}
            fields = headers("tools/call", params) | {"Authorization": f"Bearer token-of-{shot.person}"}
            shot.headers, shot.body = list(fields.items()), body("tools/call", params, **keys).encode()
            shot.server, data = "fixture", shot.bytes(self.port)
        connection.writer.write(data if whole else data[: self.dice.randrange(len(data))])
        await asyncio.sleep(self.dice.choice([0, 0, 0.001, 0.01, 0.3]))
        if self.dice.random() < 0.5:
            connection.writer.transport.abort()
        else:
            await connection.close()
        self.tally["broken off"] += 1

    async def listen(self) -> None:
        """A subscription, for a moment."""
        person = self.shooter.person
        id = self.dice.choice([self.shooter.count, f"{person}~listens"])
        wanted = {
            name: self.dice.choice([True, False])
            for name in ("toolsListChanged", "promptsListChanged", "resourcesListChanged")
        }
        if self.dice.random() < 0.3:
            wanted["resourceSubscriptions"] = [f"test://{person}", "test://static-text"]
        server = self.dice.choice(["fixture", ""])
        params = {"notifications": self.dice.choice([wanted, wanted, wanted, self.shooter.oddity(2)])}
        connection = await http1.Connection.open(self.port)
        fields = headers("subscriptions/listen") | {"Authorization": f"Bearer token-of-{person}"}
        await connection.start("POST", path(server), fields, body("subscriptions/listen", params, id=id).encode())
        head = await connection.read_head()
        shot = Shot(person, "subscriptions/listen", params, id=id, server=server)
        if head.headers["content-type"] == "application/json":
            head.body = b"".join([piece async for piece in connection.pieces()])
            judge(shot, head)
            self.tally["refused subscriptions"] += 1
        else:
            await self.hear(connection, shot, self.dice.choice([0.001, 0.05, 0.2]))
        connection.writer.transport.abort()

    async def hear(self, connection: http1.Connection, shot: Shot, seconds: float) -> None:
        received = parsed(connection)
        async with asyncio.timeout(PATIENCE):
            first = await anext(received)
        assert first["method"] == "notifications/subscriptions/acknowledged", first
        self.tally["subscriptions"] += 1
        if first["params"]["notifications"].get("toolsListChanged"):
            params = {"name": "list_changed", "arguments": {"what": "tools"}}
            fields = headers("tools/call", params) | {"Authorization": f"Bearer token-of-{shot.person}"}
            said = await http1.request(self.port, "POST", path("fixture"), fields, body("tools/call", params))
            # The list is what it was, so nobody has anything to say who knows that.
            if shot.server == "fixture" and said.status == 200 and '"sent"' in said.text:
                seconds = PATIENCE
        try:
            async with asyncio.timeout(seconds):
                async for message in received:
                    assert message["params"]["_meta"][KEY + "subscriptionId"] == shot.id, message
                    self.tally["heard"] += 1
                    if message["method"] == "notifications/tools/list_changed":
                        return
        except TimeoutError:
            assert seconds < PATIENCE, f"nothing was heard of a change: {shot} {shot.params}"


async def shoot(gateway, seed: int, seconds: float, tally: Counter) -> None:
    states: list[State] = []
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(WORKERS):
            group.create_task(Worker(gateway, seed, number, states, tally).work(until))


def settle(gateway, servers: int) -> None:
    """Until no server works for anybody, and every instance but the first is gone."""
    waiting.until(lambda: len(gateway.descendants()) <= servers, f"the end of all but {servers} processes", 30)


def test_64_69_71_76_78_107_whatever_comes_is_answered_once_and_leaves_nothing_behind(start):
    print(f"FUZZ_SEED={SEED} FUZZ_SECONDS={SECONDS}")
    servers = {"fixture": fixture(interactive=True, instances={"max": 4, "idle": "500ms"}, **CALL_TIMEOUT)}
    if MODERN:
        program = Path(__file__).resolve().parents[1] / "servers" / "modern_server.py"
        servers["modern"] = {"command": sys.executable, "args": [str(program)], **CALL_TIMEOUT}
    tokens = [f"token-of-{person}" for person in PEOPLE]
    tally = Counter()
    with start(servers, options={"authTokens": tokens}, limits=LIMITS) as gateway:
        # Once, so that what is kept for good is there.
        asyncio.run(shoot(gateway, SEED, SECONDS / 4, Counter()))
        settle(gateway, len(servers) + 1)
        before = descriptors(gateway.pid), threads(gateway.pid), resident_kilobytes(gateway.pid)
        asyncio.run(shoot(gateway, SEED + 1, SECONDS * 3 / 4, tally))
        print(dict(tally))
        settle(gateway, len(servers) + 1)
        waiting.until(lambda: descriptors(gateway.pid) <= before[0], f"{before[0]} descriptors, as before", 30)
        waiting.until(lambda: threads(gateway.pid) <= before[1], f"{before[1]} threads, as before")
        assert processes.zombies_of(gateway.pid) == []
        grown = resident_kilobytes(gateway.pid) - before[2]
        assert grown < 8 << 10, f"{grown} KiB more than before"
    # That it was everything, and not the same refusal a thousand times.
    for what in ("valid", "wrongly", "state", "damaged", "broken off", "subscriptions", "heard", "states", 200, 202, 404):
        assert tally[what] > 0, f"no {what}: {dict(tally)}"
