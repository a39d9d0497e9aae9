"""A stretch of network between two programs, which can fail in every way that a real one does."""

import asyncio
import threading
from dataclasses import dataclass

from support.programs import free_port


@dataclass(eq=False)
class Connection:
    here: asyncio.StreamWriter
    there: asyncio.StreamWriter | None = None
    # It was open while nothing got through: what it lost on the way never comes back.
    is_lost: bool = False

    def abort(self) -> None:
        for end in (self.here, self.there):
            if end:
                end.transport.abort()


class Forwarder:
    """Takes connections on `port` and carries them to `target`. Its methods may be called from any thread, and return
    when what they do is done."""

    def __init__(self, target: int):
        self.target = target
        self.port = free_port()
        self.server: asyncio.Server | None = None
        self.connections: dict[Connection, asyncio.Task] = {}
        self.is_frozen = False
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self._do(self._restore())

    def cut(self) -> None:
        """Ends every connection with a reset; new ones are carried."""
        self._do(self._cut())

    def refuse(self) -> None:
        """Ends every connection, and refuses new ones until `restore`."""
        self._do(self._refuse())

    def freeze(self) -> None:
        """Swallows all bytes, on connections that are open and on new ones, and tells nobody, as a router does that
        has lost its memory. Connections opened after `restore` are carried again."""
        self._do(self._freeze())

    def restore(self) -> None:
        self._do(self._restore())

    def close(self) -> None:
        self._do(self._refuse())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def _do(self, coroutine) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    async def _cut(self) -> None:
        ending = dict(self.connections)
        for connection in ending:
            connection.abort()
        await asyncio.gather(*ending.values(), return_exceptions=True)

    async def _refuse(self) -> None:
        if self.server:
            self.server.close()
            self.server = None
        await self._cut()

    async def _freeze(self) -> None:
        self.is_frozen = True
        for connection in self.connections:
            connection.is_lost = True

    async def _restore(self) -> None:
        self.is_frozen = False
        if self.server is None:
            self.server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(writer, is_lost=self.is_frozen)
        self.connections[connection] = asyncio.current_task()
        try:
            if self.is_frozen:
                await self._copy(reader, None, connection)
                return
            answers, connection.there = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(
                self._copy(reader, connection.there, connection), self._copy(answers, connection.here, connection)
            )
        except OSError:
            pass
        finally:
            connection.abort()
            del self.connections[connection]

    async def _copy(self, reader, writer: asyncio.StreamWriter | None, connection: Connection) -> None:
        """Until the side that is read from ends, which is news to the other only while something gets through."""
        while data := await reader.read(1 << 16):
            if not connection.is_lost:
                writer.write(data)
                await writer.drain()
        if not connection.is_lost:
            writer.close()
