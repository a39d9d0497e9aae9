"""A client that can be asked: it answers the requests of its server, or leaves them to the test."""

import asyncio
import json
from contextlib import asynccontextmanager

from support import messages
from support.client import Client
from support.sessions import LegacySession
from support.stdio import StdioSession
from support.streaming import StreamingSession

EVERYTHING = {
    "sampling": {},
    "elicitation": {"form": {}, "url": {}},
    "roots": {"listChanged": True},
}
UNANSWERED = object()


class InteractiveClient(Client):
    """`handlers` has a function for each method: from the parameters to `{"result": …}` or `{"error": …}`. What is
    asked without one is kept in `asked` all the same, and not answered."""

    def __init__(self, session):
        super().__init__(session)
        self.asked: list[dict] = []
        # By the ids of requests, what they were.
        self.methods: dict[int, str] = {}
        self.handlers = {"ping": lambda params: {"result": {}}}
        self.answering: set[asyncio.Task] = set()
        session.on_request = self._on_request

    def _on_request(self, message: dict) -> None:
        self.asked.append(message)
        if handler := self.handlers.get(message["method"]):
            outcome = handler(message.get("params") or {})
            if outcome is not UNANSWERED:
                task = asyncio.create_task(self.respond(message, **outcome))
                self.answering.add(task)
                task.add_done_callback(self._responded)

    def _responded(self, task: asyncio.Task) -> None:
        """A session that ended in the meantime takes no answer; where one is missing, the test sees it."""
        self.answering.discard(task)
        if not task.cancelled():
            task.exception()

    def requests(self, method: str) -> list[dict]:
        return [message for message in self.asked if message["method"] == method]

    async def asked_for(self, method: str) -> dict:
        """The first such request of the server's; waits for it."""
        return await self.session.wait_for(lambda message: message.get("method") == method and "id" in message)

    async def respond(self, request: dict, **outcome) -> None:
        response = await self.session.post(json.dumps({"jsonrpc": "2.0", "id": request["id"], **outcome}))
        assert response.status == 202, response

    async def ask(self, method: str, /, **params) -> dict:
        return await self.start(method, **params)[1]

    def start(self, method: str, /, **params) -> tuple[int, asyncio.Task]:
        """A request whose answer is waited for elsewhere, and its id."""
        id = next(self.numbers)
        self.methods[id] = method
        message = messages.request(str(id), method, json.dumps(params))
        return id, asyncio.create_task(self.session.ask(message))

    async def cancel(self, id: int, reason: str = "enough") -> None:
        await self.notify("notifications/cancelled", requestId=id, reason=reason)


@asynccontextmanager
async def interactive(port: int, name: str, downstream: str, capabilities=EVERYTHING, version="2025-11-25", **keys):
    """At a gateway's NAME, or at a server itself if that is empty; `downstream` is `sse` or `mcp`."""
    declared = json.dumps(capabilities)
    if downstream == "sse":
        session = await LegacySession.open(port, name, **keys)
        session.description = await session.initialize(version=version, capabilities=declared)
    else:
        session = await StreamingSession.open(port, name, version=version, capabilities=declared, **keys)
    try:
        yield InteractiveClient(session)
    finally:
        await session.close()


@asynccontextmanager
async def interactive_over_stdio(command: list[str], capabilities=EVERYTHING, version="2025-11-25"):
    session = await StdioSession.open(command)
    session.description = await session.initialize(version=version, capabilities=json.dumps(capabilities))
    try:
        yield InteractiveClient(session)
    finally:
        await session.close()
