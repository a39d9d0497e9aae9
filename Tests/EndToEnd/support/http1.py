"""HTTP/1.1 by hand, so that tests send and see exactly the bytes they mean to."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from support.tap import TAP, Exchange


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Connection:
    """One TCP connection; requests on it follow one another."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    port: int
    head: Response | None = field(default=None)
    # What was asked here and has not been answered yet, for the tap; nothing once a test has sent bytes of its own.
    asked: deque[Exchange | None] = field(default_factory=deque)
    answering: Exchange | None = None
    is_tapped: bool = True

    @classmethod
    async def open(cls, port: int) -> "Connection":
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=256 << 20)
        return cls(reader, writer, port)

    async def send(self, data: bytes) -> None:
        self.is_tapped = False
        await self._write(data)

    async def _write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def start(self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        """Sends a whole request. A header given as None is left out, `Host` and `Content-Length` too."""
        fields = {"Host": f"127.0.0.1:{self.port}"}
        if body or method == "POST":
            fields["Content-Length"] = str(len(body))
        fields |= headers or {}
        lines = [f"{method} {target} HTTP/1.1"] + [f"{n}: {v}" for n, v in fields.items() if v is not None]
        if self.is_tapped:
            self.asked.append(TAP.exchange(self.port, method, target, fields, body))
        await self._write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def read_head(self) -> Response:
        text = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = text.rstrip("\r\n").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
        self.head = Response(int(first.split()[1]), headers)
        self.answering = self.asked.popleft() if self.is_tapped and self.asked else None
        if self.answering:
            self.answering.head(self.head.status, headers)
        return self.head

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body of the response whose head was read last, as it arrives."""
        exchange = self.answering
        async for piece in self._pieces():
            if exchange:
                exchange.data(piece)
            yield piece
        if exchange:
            exchange.end()

    async def _pieces(self) -> AsyncIterator[bytes]:
        assert self.head is not None
        if self.head.status in (204, 304) or self.head.status < 200:
            return
        if "chunked" in self.head.headers.get("transfer-encoding", ""):
            while size := int((await self.reader.readline()).split(b";")[0], 16):
                yield await self.reader.readexactly(size)
                await self.reader.readexactly(2)
            await self.reader.readline()
        elif "content-length" in self.head.headers:
            yield await self.reader.readexactly(int(self.head.headers["content-length"]))
        else:
            while piece := await self.reader.read(1 << 16):
                yield piece

    async def read_response(self) -> Response:
        response = await self.read_head()
        response.body = b"".join([piece async for piece in self.pieces()])
        return response

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except OSError:
            pass


async def request(
    port: int, method: str, target: str, headers: dict[str, str] | None = None, body: bytes | str = b""
) -> Response:
    """One request on a connection of its own. Its response must have an end: not for event streams."""
    connection = await Connection.open(port)
    try:
        await connection.start(method, target, headers, body.encode() if isinstance(body, str) else body)
        async with asyncio.timeout(60):
            return await connection.read_response()
    finally:
        await connection.close()
