"""The feature server on the 2.x line of the official SDK."""

import asyncio

import mcp_types as types
from mcp import MCPError
from mcp.server.lowlevel import NotificationOptions, Server
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import TypeAdapter

import modern_context
from context import Refused, RequestContext, states
from features import METHODS
from modern_context import ModernContext, NeedsInput
from questions import State

PARAMETERS = {
    "tools/call": types.CallToolRequestParams,
    "prompts/get": types.GetPromptRequestParams,
    "resources/read": types.ReadResourceRequestParams,
    "resources/subscribe": types.SubscribeRequestParams,
    "resources/unsubscribe": types.UnsubscribeRequestParams,
    "completion/complete": types.CompleteRequestParams,
    "logging/setLevel": types.SetLevelRequestParams,
}
NOTIFICATIONS = {
    "notifications/roots/list_changed": types.NotificationParams,
    "notifications/progress": types.ProgressNotificationParams,
}

NOTIFICATION = TypeAdapter(types.ServerNotification)


class Context(RequestContext):
    def __init__(self, request):
        self.request = request
        self.connection = request.session._connection
        self.meta = dict((request.params or {}).get("_meta") or {})
        self.headers = dict(request.request.headers) if request.request else None
        self.can_close_stream = request.close_sse_stream is not None

    @property
    def capabilities(self):
        declared = self.request.session.client_capabilities
        return declared.model_dump(mode="json", by_alias=True, exclude_unset=True) if declared else {}

    async def send(self, method, params, in_call):
        message = {"method": method} if params is None else {"method": method, "params": params}
        notification = NOTIFICATION.validate_python(message, by_name=False)
        await self.request.session.send_notification(notification, self.request.request_id if in_call else None)

    async def ask(self, method, params, in_call=True):
        """Past the SDK's models, which keep only what they know."""
        channel = self.request.session._request_outbound if in_call else self.connection.outbound
        try:
            return {"result": await channel.send_raw_request(method, params)}
        except MCPError as error:
            return {"error": error.error.model_dump(mode="json", exclude_none=True)}

    async def abandon(self, asking: asyncio.Task):
        """The SDK tells the client of it."""
        asking.cancel()
        await asyncio.wait([asking])


def build(name: str, instructions: str, modern: bool = False):
    """`modern` serves MCP 2026-07-28 and nothing of before."""
    server = Server(name, version="1", instructions=instructions)
    if modern:
        modern_context.serve(server)

    async def answer(request):
        context = ModernContext(request) if modern else Context(request)
        try:
            return await METHODS[request.method](dict(request.params or {}), context)
        except NeedsInput as needed:
            return needed.result
        except Refused as error:
            raise MCPError(code=error.code, message=error.message, data=error.data) from None

    async def handle(request, params):
        result = await answer(request)
        return modern_context.complete(request.method, result) if modern else result

    def hear(method):
        async def heard(request, params):
            state = states.setdefault(request.session._connection, State())
            state.heard(method, params.model_dump(mode="json", by_alias=True, exclude_none=True))

        server.add_notification_handler(method, NOTIFICATIONS[method], heard)

    for method in METHODS:
        server.add_request_handler(method, PARAMETERS.get(method, types.PaginatedRequestParams), handle)
    for method in NOTIFICATIONS:
        hear(method)

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
