"""Clients of the revisions with a handshake, on the 1.x line of the official SDK. It would open every session as of
2025-11-25; so its handshake is made by hand, with the revision wanted and what a client of that declares."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

from mcp import ClientSession, McpError, types
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client

from matrix.face import Face, Refused

TRANSPORTS = {"sse": sse_client, "mcp": streamable_http_client}
RESULTS = {
    "tools/list": types.ListToolsResult,
    "tools/call": types.CallToolResult,
    "prompts/list": types.ListPromptsResult,
    "prompts/get": types.GetPromptResult,
    "resources/list": types.ListResourcesResult,
    "resources/templates/list": types.ListResourceTemplatesResult,
    "resources/read": types.ReadResourceResult,
    "resources/subscribe": types.EmptyResult,
    "resources/unsubscribe": types.EmptyResult,
    "completion/complete": types.CompleteResult,
    "logging/setLevel": types.EmptyResult,
    "tasks/list": types.ListTasksResult,
}


def capabilities(revision: str) -> dict:
    """All that a client of the revision can declare."""
    declared = {"sampling": {}, "roots": {"listChanged": True}}
    if revision == "2025-06-18":
        declared["elicitation"] = {}
    elif revision >= "2025-11-25":
        declared["elicitation"] = {"form": {}, "url": {}}
    return declared


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


class Line1(Face):
    session: ClientSession
    description: dict

    async def initialize(self, declared: dict) -> None:
        info = {"name": "matrix", "version": "1"}
        params = {"protocolVersion": self.revision, "capabilities": declared, "clientInfo": info}
        request = types.ClientRequest.model_validate({"method": "initialize", "params": params})
        self.description = plain(await self.session.send_request(request, types.InitializeResult))
        await self.notify("notifications/initialized", None)

    async def ask(self, method, params=None, progress=None):
        request = types.ClientRequest.model_validate({"method": method, "params": params or {}})
        try:
            result = await self.session.send_request(request, RESULTS[method], progress_callback=progress)
        except McpError as error:
            raise Refused(error.error.code, error.error.message, error.error.data) from None
        return plain(result)

    async def notify(self, method, params):
        message = {"method": method} if params is None else {"method": method, "params": params}
        await self.session.send_notification(types.ClientNotification.model_validate(message))

    @asynccontextmanager
    async def abandoned(self, method, params):
        """A request that is under way until the end of the block, and then is cancelled."""
        number = self.session._request_id
        asking = asyncio.create_task(self.ask(method, params))
        try:
            yield
            # The SDK tells nobody.
            await self.notify("notifications/cancelled", {"requestId": number, "reason": "enough"})
        finally:
            asking.cancel()
            await asyncio.wait([asking])

    async def level(self, level):
        assert await self.ask("logging/setLevel", {"level": level}) == {}

    @asynccontextmanager
    async def listening(self, uris=()):
        """To changes of these resources; to those of lists every client listens."""
        for uri in uris:
            assert await self.ask("resources/subscribe", {"uri": uri}) == {}
        yield
        for uri in uris:
            assert await self.ask("resources/unsubscribe", {"uri": uri}) == {}

    async def report(self, token):
        await self.session.send_progress_notification(token, 1, 2)

    async def on_message(self, message):
        if isinstance(message, types.ServerNotification):
            await self.arrived(message.root.method, plain(message.root).get("params") or {})

    async def sample(self, context, params):
        return types.CreateMessageResult.model_validate(await self.answer("sampling/createMessage", plain(params)))

    async def elicit(self, context, params):
        return types.ElicitResult.model_validate(await self.answer("elicitation/create", plain(params)))

    async def roots(self, context):
        return types.ListRootsResult.model_validate(await self.answer("roots/list", {}))


@asynccontextmanager
async def connect(url: str, transport: str, revision: str, answering: bool = True):
    """`url` is that of the server at the gateway, but for the transport."""
    face = Line1(revision)
    async with TRANSPORTS[transport](f"{url}/{transport}") as (read, write, *_):
        async with ClientSession(
            read,
            write,
            timedelta(seconds=30),
            sampling_callback=face.sample,
            elicitation_callback=face.elicit,
            list_roots_callback=face.roots,
            message_handler=face.on_message,
        ) as face.session:
            await face.initialize(capabilities(revision) if answering else {})
            yield face
