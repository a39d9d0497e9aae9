"""The feature server on the 1.x line of the official SDK."""

import asyncio
from typing import get_args

from mcp import McpError, types
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.shared.message import ServerMessageMetadata

from context import Refused, RequestContext, states
from features import METHODS
from questions import State

REQUESTS = {
    types.ListToolsRequest: types.ListToolsResult,
    types.CallToolRequest: types.CallToolResult,
    types.ListPromptsRequest: types.ListPromptsResult,
    types.GetPromptRequest: types.GetPromptResult,
    types.ListResourcesRequest: types.ListResourcesResult,
    types.ListResourceTemplatesRequest: types.ListResourceTemplatesResult,
    types.ReadResourceRequest: types.ReadResourceResult,
    types.SubscribeRequest: types.EmptyResult,
    types.UnsubscribeRequest: types.EmptyResult,
    types.CompleteRequest: types.CompleteResult,
    types.SetLevelRequest: types.EmptyResult,
}
NOTIFICATIONS = (types.RootsListChangedNotification, types.ProgressNotification)


class Context(RequestContext):
    def __init__(self, request):
        self.request = request
        self.connection = request.session
        self.meta = request.meta.model_dump(mode="json", exclude_unset=True) if request.meta else {}
        self.headers = dict(request.request.headers) if request.request else None
        self.can_close_stream = request.close_sse_stream is not None

    @property
    def capabilities(self):
        return self.connection.client_params.capabilities.model_dump(mode="json", exclude_unset=True)

    def related(self, in_call):
        return str(self.request.request_id) if in_call else None

    async def send(self, method, params, in_call):
        message = {"method": method} if params is None else {"method": method, "params": params}
        notification = types.ServerNotification.model_validate(message)
        await self.connection.send_notification(notification, self.related(in_call))

    async def ask(self, method, params, in_call=True):
        request = types.ServerRequest.model_validate({"method": method, "params": params})
        metadata = ServerMessageMetadata(related_request_id=self.related(in_call)) if in_call else None
        try:
            result = await self.connection.send_request(request, types.EmptyResult, metadata=metadata)
            return {"result": result.model_dump(mode="json", by_alias=True, exclude_unset=True)}
        except McpError as error:
            return {"error": error.error.model_dump(mode="json", exclude_none=True)}

    async def abandon(self, asking: asyncio.Task):
        """The SDK gives each request the next number, and tells nobody."""
        params = {"requestId": self.connection._request_id - 1, "reason": "no longer wanted"}
        await self.send("notifications/cancelled", params, True)
        asking.cancel()


class ListeningServer(Server):
    """Handlers of notifications are not told whose they are."""

    async def _handle_message(self, message, session, *rest, **keys):
        if isinstance(message, types.ClientNotification) and isinstance(message.root, NOTIFICATIONS):
            heard = message.root.model_dump(by_alias=True, mode="json", exclude_none=True)
            states.setdefault(session, State()).heard(heard["method"], heard.get("params"))
        await super()._handle_message(message, session, *rest, **keys)


def build(name: str, instructions: str, tasks: bool = False):
    server = ListeningServer(name, version="1", instructions=instructions)
    if tasks:
        server.experimental.enable_tasks()

    def register(request_type, result_type):
        (method,) = get_args(request_type.model_fields["method"].annotation)

        async def handle(request):
            params = request.params.model_dump(by_alias=True, mode="json", exclude_unset=True) if request.params else {}
            try:
                result = await METHODS[method](params, Context(server.request_context))
            except Refused as error:
                raise McpError(types.ErrorData(code=error.code, message=error.message, data=error.data)) from None
            return types.ServerResult(result_type.model_validate(result))

        server.request_handlers[request_type] = handle

    for request_type, result_type in REQUESTS.items():
        register(request_type, result_type)
    changes = NotificationOptions(prompts_changed=True, resources_changed=True, tools_changed=True)
    # The streamable transport asks the server itself, without arguments.
    options = server.create_initialization_options(changes)
    # The SDK never says so, whatever the handlers are.
    options.capabilities.resources.subscribe = True
    server.create_initialization_options = lambda *_, **__: options
    return server
