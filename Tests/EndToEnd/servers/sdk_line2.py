"""The feature server on the 2.x line of the official SDK."""

import mcp_types as types
from mcp import MCPError
from mcp.server.lowlevel import NotificationOptions, Server
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import TypeAdapter

from features import METHODS, Refused

PARAMETERS = {
    "tools/call": types.CallToolRequestParams,
    "prompts/get": types.GetPromptRequestParams,
    "resources/read": types.ReadResourceRequestParams,
    "completion/complete": types.CompleteRequestParams,
    "logging/setLevel": types.SetLevelRequestParams,
}

NOTIFICATION = TypeAdapter(types.ServerNotification)


class Context:
    def __init__(self, request):
        self.request = request
        self.meta = dict((request.params or {}).get("_meta") or {})
        self.headers = dict(request.request.headers) if request.request else None

    async def notify(self, method, params):
        """In the course of the request."""
        await self.send({"method": method, "params": params}, self.request.request_id)

    async def announce(self, method):
        """To the client as a whole."""
        await self.send({"method": method}, None)

    async def send(self, message, related):
        notification = NOTIFICATION.validate_python(message, by_name=False)
        await self.request.session.send_notification(notification, related)

    async def close_stream(self):
        """Only with a client that can come back, and a server that keeps events."""
        await self.request.close_sse_stream()


def build(name: str, instructions: str):
    server = Server(name, version="1", instructions=instructions)

    async def answer(request):
        try:
            return await METHODS[request.method](dict(request.params or {}), Context(request))
        except Refused as error:
            raise MCPError(code=error.code, message=error.message, data=error.data) from None

    async def handle(request, params):
        return await answer(request)

    for method in METHODS:
        server.add_request_handler(method, PARAMETERS.get(method, types.PaginatedRequestParams), handle)

    async def keep_everything(request, call_next):
        """Answers before the handlers, from whose results the SDK sieves what this revision does not know."""
        if request.method in METHODS and request.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            return await answer(request)
        return await call_next(request)

    server.middleware.append(keep_everything)
    changes = NotificationOptions(prompts_changed=True, resources_changed=True, tools_changed=True)
    # The streamable transport asks the server itself, without arguments.
    options = server.create_initialization_options(changes)
    server.create_initialization_options = lambda *_, **__: options
    return server
