"""A streamable session that reads each stream as it arrives, and can lose one and come back for the rest."""

import asyncio
import json

from support import http1, messages, sse
from support.arrivals import Arrivals
from support.sessions import BOTH, StreamableSession


class Stream:
    """One response that is a stream of events, from its first to its end."""

    def __init__(self, connection: http1.Connection):
        self.connection = connection
        self.events: list[sse.Event] = []
        self.reading: asyncio.Task | None = None

    @property
    def ids(self) -> list[str]:
        return [event.id for event in self.events if event.id is not None]

    @property
    def messages(self) -> list[dict]:
        return [json.loads(event.text) for event in self.events if event.text]

    def lose(self) -> None:
        """As a network does that fails: without a farewell."""
        self.connection.writer.transport.abort()

    async def ended(self, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            await asyncio.wait([self.reading])


class StreamingSession(StreamableSession, Arrivals):
    """All that comes, on whichever stream, is received in one list. `streams` has every stream of its own."""

    def __init__(self, port: int, name: str, headers: dict[str, str]):
        StreamableSession.__init__(self, port, name, headers)
        Arrivals.__init__(self)
        self.streams: list[Stream] = []
        self.standalone: Stream | None = None
        self.closed = asyncio.Event()

    @classmethod
    async def open(cls, port: int, name: str, headers=None, version="2025-11-25", capabilities="{}", listening=True):
        session = cls(port, name, headers or {})
        session.reading = asyncio.create_task(session.closed.wait())
        response = await session.post(messages.initialize(version=version, capabilities=capabilities))
        assert response.status == 200, response
        texts = [line[5:].strip() for line in response.text.splitlines() if line.startswith("data:")]
        session.description = json.loads([text for text in texts if text][-1] if texts else response.text)
        session.id = response.headers["mcp-session-id"]
        session.headers = session.headers | {"Mcp-Session-Id": session.id, "MCP-Protocol-Version": version}
        if listening:
            await session.begin(listening)
        return session

    async def begin(self, listening: bool = True) -> None:
        accepted = await self.post(messages.INITIALIZED)
        assert (accepted.status, accepted.body) == (202, b""), accepted
        if listening:
            self.standalone = await self.get()

    async def get(self, last_event_id: str | None = None) -> Stream:
        """The stream for what belongs to no request, or what is left of another."""
        connection = await http1.Connection.open(self.port)
        headers = {"Accept": "text/event-stream"} | self.headers
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        await self.head_of(connection, "GET", headers)
        return self.read(connection)

    async def start(self, message: str) -> Stream | dict:
        """Posts a request; its answer if that is JSON."""
        connection = await http1.Connection.open(self.port)
        fields = {"Content-Type": "application/json", "Accept": BOTH} | self.headers
        head = await self.head_of(connection, "POST", fields, message.encode())
        if head.headers["content-type"].startswith("text/event-stream"):
            return self.read(connection)
        text = b"".join([piece async for piece in connection.pieces()]).decode()
        await connection.close()
        await self.arrived(text)
        return json.loads(text)

    async def head_of(self, connection: http1.Connection, method: str, headers: dict, body: bytes = b""):
        """Of an answer that is 200; else, nothing is left open."""
        try:
            await connection.start(method, self.target, headers, body)
            head = await connection.read_head()
            assert head.status == 200, head
            return head
        except BaseException:
            connection.writer.transport.abort()
            raise

    def read(self, connection: http1.Connection) -> Stream:
        stream = Stream(connection)
        self.streams.append(stream)
        stream.reading = asyncio.create_task(self._read(stream))
        return stream

    async def _read(self, stream: Stream) -> None:
        try:
            async for event in sse.events(stream.connection.pieces()):
                stream.events.append(event)
                if event.text:
                    await self.arrived(event.text)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        await stream.connection.close()
        await self.ended()

    async def ask(self, message: str, seconds: float = 30) -> dict:
        id = json.loads(message)["id"]
        async with asyncio.timeout(seconds):
            stream = await self.start(message)
            if isinstance(stream, dict):
                return stream
            await stream.ended(seconds)
        assert self.answers(id), f"the stream ended before the answer to {id!r}"
        return self.answers(id)[0]

    async def close(self) -> None:
        await self.delete()
        self.closed.set()
        for stream in self.streams:
            stream.lose()
            await stream.reading
        await self.reading
