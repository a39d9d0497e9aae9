"""MCP sessions over either transport, on the bare HTTP of `http1`."""

import asyncio
import json
from contextlib import asynccontextmanager

from support import http1, messages, sse
from support.arrivals import Arrivals

BOTH = "application/json, text/event-stream"


def target(name: str, path: str) -> str:
    """The path at the gateway, or at a server itself if there is no name."""
    return f"/{name}/{path}" if name else f"/{path}"


class LegacySession(Arrivals):
    """GET /NAME/sse and POST /NAME/message."""

    def __init__(self, stream: http1.Connection, head: http1.Response, headers: dict[str, str]):
        super().__init__()
        self.stream = stream
        self.head = head
        self.headers = headers
        self.events: list[sse.Event] = []
        self.endpoint = ""

    @classmethod
    async def open(cls, port: int, name: str, headers: dict[str, str] | None = None, path: str = "sse"):
        stream = await http1.Connection.open(port)
        await stream.start("GET", target(name, path), {"Accept": "text/event-stream"} | (headers or {}))
        head = await stream.read_head()
        assert head.status == 200, head
        session = cls(stream, head, headers or {})
        events = sse.events(stream.pieces())
        first = await asyncio.wait_for(anext(events), 20)
        assert first.name == "endpoint", first
        session.events.append(first)
        session.endpoint = first.text
        session.reading = asyncio.create_task(session._read(events))
        return session

    async def _read(self, events) -> None:
        try:
            async for event in events:
                self.events.append(event)
                if event.data:
                    await self.arrived(event.text)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        await self.ended()

    async def post(self, message: str) -> http1.Response:
        headers = {"Content-Type": "application/json"} | self.headers
        return await http1.request(self.stream.port, "POST", self.endpoint, headers, message)

    async def ask(self, message: str, seconds: float = 30) -> dict:
        id = json.loads(message)["id"]
        response = await self.post(message)
        assert response.status == 202, response
        async with asyncio.timeout(seconds), self.arrival:
            await self.arrival.wait_for(lambda: self.answers(id) or self.reading.done())
        assert self.answers(id), f"the stream ended before the answer to {id!r}"
        return self.answers(id)[0]

    async def initialize(self, version: str = "2025-11-25", **keys) -> dict:
        answer = await self.ask(messages.initialize(version=version, **keys))
        assert (await self.post(messages.INITIALIZED)).status == 202
        return answer

    async def close(self) -> None:
        await self.stream.close()
        await self.reading


class StreamableSession:
    """POST /NAME/mcp with a session id."""

    def __init__(self, port: int, name: str, headers: dict[str, str]):
        self.port = port
        self.target = target(name, "mcp")
        self.headers = headers
        self.id = ""

    @classmethod
    async def open(cls, port: int, name: str, headers: dict[str, str] | None = None, version: str = "2025-11-25"):
        session = cls(port, name, headers or {})
        response = await session.post(messages.initialize(version=version))
        assert response.status == 200, response
        session.description = messages_in(response)[-1]
        session.id = response.headers["mcp-session-id"]
        session.headers = session.headers | {"Mcp-Session-Id": session.id, "MCP-Protocol-Version": version}
        accepted = await session.post(messages.INITIALIZED)
        assert (accepted.status, accepted.body) == (202, b""), accepted
        return session

    async def post(self, message: str, headers: dict[str, str] | None = None) -> http1.Response:
        fields = {"Content-Type": "application/json", "Accept": BOTH} | self.headers | (headers or {})
        return await http1.request(self.port, "POST", self.target, fields, message)

    async def ask(self, message: str) -> dict:
        """The answer; notifications that came before it are in `asides`."""
        response = await self.post(message)
        assert response.status == 200, response
        *self.asides, answer = messages_in(response)
        return answer

    async def delete(self) -> http1.Response:
        return await http1.request(self.port, "DELETE", self.target, self.headers)

    async def close(self) -> None:
        await self.delete()


def texts_in(response: http1.Response) -> list[str]:
    """The messages of a response that is JSON or an event stream, whichever the gateway chose."""
    if response.headers["content-type"].startswith("application/json"):
        return [response.text]
    assert response.headers["content-type"].startswith("text/event-stream"), response
    blocks = response.text.replace("\r\n", "\n").split("\n\n")
    lines = [[line for line in block.split("\n") if line.startswith("data:")] for block in blocks]
    # An event whose data is empty only gives its id to clients that may want to resume.
    return [data[0].removeprefix("data:").strip(" ") for data in lines if data and data[0].removeprefix("data:").strip()]


def messages_in(response: http1.Response) -> list[dict]:
    return [json.loads(text) for text in texts_in(response)]


@asynccontextmanager
async def legacy(gateway, name: str = "fixture", **keys):
    """An initialized session over /NAME/sse."""
    session = await LegacySession.open(gateway.port, name, **keys)
    try:
        await session.initialize()
        yield session
    finally:
        await session.close()


@asynccontextmanager
async def streamable(gateway, name: str = "fixture", **keys):
    """An initialized session over /NAME/mcp."""
    session = await StreamableSession.open(gateway.port, name, **keys)
    try:
        yield session
    finally:
        await session.close()


TRANSPORTS = {"sse": legacy, "mcp": streamable}


async def arrival_of_sleep(session):
    """Asks the server until it has seen a call of its tool `sleep`."""
    for step in range(500):
        answer = await session.ask(messages.call(f'"seen {step}"', "received", {"method": "tools/call"}))
        if any('"sleep"' in line for line in json.loads(messages.text_of(answer))):
            return
    raise AssertionError("the call never reached the server")


async def cancelled_calls(session, count: int) -> list:
    """Asks the server until it has seen so many cancellations."""
    for step in range(500):
        ids = json.loads(messages.text_of(await session.ask(messages.call(f'"cancelled {step}"', "cancelled"))))
        if len(ids) >= count:
            return ids
        await asyncio.sleep(0.01)
    raise AssertionError("the cancellation never reached the server")
