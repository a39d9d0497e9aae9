"""A session with a server's process itself, without a gateway in between."""

import asyncio
import json
import os

from support import messages
from support.arrivals import Arrivals
from support.recordings import VARIABLE


class Posted:
    """What an HTTP server would have said of a message it took."""

    status = 202


class StdioSession(Arrivals):
    def __init__(self, process: asyncio.subprocess.Process):
        super().__init__()
        self.process = process

    @classmethod
    async def open(cls, command: list[str]):
        pipe = asyncio.subprocess.PIPE
        # It is no gateway that speaks with it.
        environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, limit=64 << 20, env=environment
        )
        session = cls(process)
        session.reading = asyncio.create_task(session._read())
        return session

    async def _read(self) -> None:
        while line := await self.process.stdout.readline():
            await self.arrived(line.decode())
        await self.ended()

    async def post(self, message: str) -> Posted:
        self.process.stdin.write(message.encode() + b"\n")
        await self.process.stdin.drain()
        return Posted()

    async def ask(self, message: str, seconds: float = 30) -> dict:
        id = json.loads(message)["id"]
        await self.post(message)
        async with asyncio.timeout(seconds), self.arrival:
            await self.arrival.wait_for(lambda: self.answers(id) or self.reading.done())
        assert self.answers(id), f"the server ended before the answer to {id!r}"
        return self.answers(id)[0]

    async def initialize(self, version: str = "2025-11-25", **keys) -> dict:
        answer = await self.ask(messages.initialize(version=version, **keys))
        await self.post(messages.INITIALIZED)
        return answer

    async def close(self) -> None:
        self.process.stdin.close()
        await self.process.wait()
        await self.reading
