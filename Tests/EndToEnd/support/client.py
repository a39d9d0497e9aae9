"""A client that speaks JSON, so that nothing is lost on the way to what a test looks at."""

import itertools
import json
from contextlib import asynccontextmanager

from support import messages
from support.gateway import BINARY
from support.listening import ListeningSession
from support.sessions import LegacySession
from support.stdio import StdioSession

DOWNSTREAMS = ("sse", "mcp")


class Client:
    def __init__(self, session):
        self.session = session
        self.numbers = itertools.count(1)

    async def ask(self, method: str, /, **params) -> dict:
        """The whole answer."""
        return await self.session.ask(messages.request(str(next(self.numbers)), method, json.dumps(params)))

    async def result(self, method: str, /, **params) -> dict:
        answer = await self.ask(method, **params)
        assert "result" in answer, answer
        return answer["result"]

    async def error(self, method: str, /, **params) -> dict:
        answer = await self.ask(method, **params)
        assert "error" in answer, answer
        return answer["error"]

    async def call(self, tool: str, /, **arguments) -> dict:
        return await self.result("tools/call", name=tool, arguments=arguments)

    async def text(self, tool: str, /, **arguments) -> str:
        return (await self.call(tool, **arguments))["content"][0]["text"]

    async def notify(self, method: str, /, **params) -> None:
        response = await self.session.post(messages.notification(method, json.dumps(params)))
        assert response.status == 202, response

    async def notification(self, method: str, wanted=lambda params: True) -> dict:
        """The parameters of the first such notification for which `wanted` is true; waits for it."""
        message = await self.session.wait_for(
            lambda message: message.get("method") == method and wanted(message.get("params"))
        )
        return message.get("params")

    def notifications(self, method: str) -> list[dict]:
        """The parameters of all that have come so far."""
        decoded = (json.loads(text) for text in self.session.received)
        return [message["params"] for message in decoded if message.get("method") == method]


@asynccontextmanager
async def connect(gateway, name: str, downstream: str, **keys):
    """Besides `DOWNSTREAMS` there is `stdio`, which is `mcp-gateway connect`."""
    if downstream == "stdio":
        fields = [word for field in keys.get("headers", {}).items() for word in ("--header", ": ".join(field))]
        session = await StdioSession.open([BINARY, "connect", f"{gateway.url}/{name}/mcp", *fields])
        assert "result" in await session.initialize()
    elif downstream == "sse":
        session = await LegacySession.open(gateway.port, name, **keys)
        answer = await session.initialize()
        assert "result" in answer, answer
    else:
        session = await ListeningSession.open(gateway.port, name, **keys)
    try:
        yield Client(session)
    finally:
        await session.close()
