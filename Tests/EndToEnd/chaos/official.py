"""A client of the official SDK among the others."""

import asyncio
import random
from contextlib import asynccontextmanager

from anyio import BrokenResourceError, ClosedResourceError
from mcp import ClientSession, types

from chaos.marks import assert_own, mark
from chaos.tally import Tally
from sdk.peer import TRANSPORTS, ProtocolError


def leaves(group: BaseExceptionGroup) -> list[BaseException]:
    """The errors themselves, however deep."""
    nested = [leaves(error) if isinstance(error, BaseExceptionGroup) else [error] for error in group.exceptions]
    return [error for errors in nested for error in errors]


class OfficialPlayer:
    def __init__(self, number: int, seed: int, url: str, tally: Tally):
        self.number, self.tally = number, tally
        self.dice = random.Random(seed * 1000 + number)
        self.transport = list(TRANSPORTS)[number % 2]
        self.url = f"{url}/{self.transport}"
        self.own = ""

    async def log(self, params) -> None:
        assert_own(str(params.data), self.own)

    async def elicit(self, context, params):
        assert params.message.startswith(self.own), params
        self.tally["elicitations"] += 1
        return types.ElicitResult(action="accept", content={"mine": self.own})

    @asynccontextmanager
    async def connect(self):
        async with TRANSPORTS[self.transport](self.url) as (read, write, *_):
            callbacks = {"logging_callback": self.log}
            if self.number % 4 < 2:
                callbacks["elicitation_callback"] = self.elicit
            async with ClientSession(read, write, **callbacks) as session:
                await session.initialize()
                yield session

    async def play(self, stop: asyncio.Event) -> None:
        life = 0
        while not stop.is_set():
            life += 1
            self.own = mark(self.number, life)
            try:
                async with self.connect() as session:
                    self.tally["sessions"] += 1
                    for _ in range(self.dice.randrange(3, 12)):
                        if not stop.is_set():
                            await self.act(session)
                            await asyncio.sleep(self.dice.random() * 0.2)
            except* ProtocolError as group:
                for error in leaves(group):
                    self.refused(error)
            except* (BrokenResourceError, ClosedResourceError):
                # The SDK fails when a message arrives while it closes.
                self.tally["left badly"] += 1

    def refused(self, error: ProtocolError) -> None:
        self.tally.refuse({"code": error.error.code, "message": error.error.message})

    async def act(self, session: ClientSession) -> None:
        heard = []

        async def progress(done, total, message):
            heard.append(message)

        schema = {"type": "object", "properties": {"mine": {"type": "string"}}}
        question = {"message": self.own, "requestedSchema": schema}
        tool, arguments = self.dice.choice(
            [
                ("sleeps", {"text": self.own, "seconds": 0.01}),
                ("steps", {"count": 3, "pause": 0.005, "message": self.own}),
                ("logs", {"tag": self.own}),
                ("asks", {"method": "elicitation/create", "params": question}),
            ]
        )
        try:
            async with asyncio.timeout(60):
                result = await session.call_tool(tool, arguments, progress_callback=progress)
        except ProtocolError as error:
            self.refused(error)
            return
        self.tally["answered"] += 1
        assert_own(result.model_dump_json(), self.own)
        assert set(heard) <= {self.own}, heard
