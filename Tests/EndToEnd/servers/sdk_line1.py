"""The feature server on the 1.x line of the official SDK."""

from typing import get_args

from mcp import McpError, types
from mcp.server.lowlevel import NotificationOptions, Server

from features import METHODS, Refused

REQUESTS = {
    types.ListToolsRequest: types.ListToolsResult,
    types.CallToolRequest: types.CallToolResult,
    types.ListPromptsRequest: types.ListPromptsResult,
    types.GetPromptRequest: types.GetPromptResult,
    types.ListResourcesRequest: types.ListResourcesResult,
    types.ListResourceTemplatesRequest: types.ListResourceTemplatesResult,
    types.ReadResourceRequest: types.ReadResourceResult,
    types.CompleteRequest: types.CompleteResult,
    types.SetLevelRequest: types.EmptyResult,
}


class Context:
    def __init__(self, request):
        self.request = request
        self.meta = request.meta.model_dump(mode="json", exclude_unset=True) if request.meta else {}
        self.headers = dict(request.request.headers) if request.request else None

    async def notify(self, method, params):
        """In the course of the request."""
        await self.send({"method": method, "params": params}, str(self.request.request_id))

    async def announce(self, method):
        """To the client as a whole."""
        await self.send({"method": method}, None)

    async def send(self, message, related):
        await self.request.session.send_notification(types.ServerNotification.model_validate(message), related)

    async def close_stream(self):
        """Only with a client that can come back, and a server that keeps events."""
        await self.request.close_sse_stream()


def build(name: str, instructions: str):
    server = Server(name, version="1", instructions=instructions)

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
    server.create_initialization_options = lambda *_, **__: options
    return server
