"""A streamable session that listens: with a GET stream for what belongs to no request."""

import asyncio
import json

from support import http1, sse
from support.arrivals import Arrivals
from support.sessions import StreamableSession, texts_in


class ListeningSession(StreamableSession, Arrivals):
    """What comes on the GET stream and what comes with answers is received in one list, answers included."""

    def __init__(self, port: int, name: str, headers: dict[str, str]):
        StreamableSession.__init__(self, port, name, headers)
        Arrivals.__init__(self)
        self.stream: http1.Connection | None = None

    @classmethod
    async def open(cls, port: int, name: str, **keys):
        session = await super().open(port, name, **keys)
        session.stream = await http1.Connection.open(port)
        await session.stream.start("GET", session.target, {"Accept": "text/event-stream"} | session.headers)
        head = await session.stream.read_head()
        assert head.status == 200, head
        session.reading = asyncio.create_task(session._read())
        return session

    async def _read(self) -> None:
        try:
            async for event in sse.events(self.stream.pieces()):
                if event.text:
                    await self.arrived(event.text)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        await self.ended()

    async def ask(self, message: str) -> dict:
        response = await self.post(message)
        assert response.status == 200, response
        for text in texts_in(response):
            await self.arrived(text)
        return json.loads(texts_in(response)[-1])

    async def close(self) -> None:
        await self.delete()
        await self.stream.close()
        await self.reading
