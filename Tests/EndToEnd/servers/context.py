"""What the tools of the feature server know of their request, whichever line of the SDK it came through."""

import asyncio
import weakref

from questions import State

LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]

states: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


class Refused(Exception):
    """A JSON-RPC error."""

    def __init__(self, code: int, message: str, data=None):
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


class RequestContext:
    """A subclass sends: `send(method, params, in_call)` and `ask(method, params, in_call)`, which returns
    `{"result": …}` or `{"error": …}`; and it has `meta`, `headers`, `capabilities` and `connection`."""

    refusal = Refused
    # Whether the request is of MCP 2026-07-28.
    modern = False

    @property
    def state(self) -> State:
        return states.setdefault(self.connection, State())

    def is_watched(self, uri) -> bool:
        return any(uri == one or uri.startswith(one.rstrip("/") + "/") for one in self.state.subscribed)

    async def notify(self, method, params):
        """In the course of the request."""
        await self.send(method, params, True)

    async def announce(self, method, params=None):
        """To the client as a whole."""
        await self.send(method, params, False)

    async def log(self, level, data, in_call=True):
        """Unless the client has asked for less."""
        if self.state.levels and LEVELS.index(level) < LEVELS.index(self.state.levels[-1]):
            return
        await self.send("notifications/message", {"level": level, "logger": "features", "data": data}, in_call)

    async def progress(self, params):
        if "progressToken" in self.meta:
            await self.notify("notifications/progress", {"progressToken": self.meta["progressToken"], **params})

    async def close_stream(self):
        """Only with a client that can come back, and a server that keeps events."""
        if self.can_close_stream:
            await self.request.close_sse_stream()

    async def withdraw(self, method, params, seconds):
        asking = asyncio.create_task(self.ask(method, params))
        await asyncio.sleep(seconds)
        await self.abandon(asking)
