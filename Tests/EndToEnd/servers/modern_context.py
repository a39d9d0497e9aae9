"""The feature server's requests of MCP 2026-07-28: what is asked of the client is the result of a round, and the tool
is run once more with the answers; what is announced goes to those who listen."""

import mcp_types as types
from mcp import MCPError
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated, ToolsListChanged
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import TypeAdapter

from context import LEVELS, RequestContext
from questions import State

KEY = "io.modelcontextprotocol/"
NOTIFICATION = TypeAdapter(types.ServerNotification)
# Results that have to say for how long they are good.
CACHEABLE = ("tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read")

bus = InMemorySubscriptionBus()
# There is no connection that anything could be kept for.
state = State()


class NeedsInput(Exception):
    def __init__(self, requests: dict):
        super().__init__("the client is to be asked")
        self.result = {"resultType": "input_required", "inputRequests": requests, "requestState": "asked"}


class ModernContext(RequestContext):
    modern = True
    can_close_stream = False

    def __init__(self, request):
        self.request = request
        self.params = request.params or {}
        self.meta = dict(self.params.get("_meta") or {})
        self.headers = dict(request.request.headers) if request.request else None
        self.questions = 0

    @property
    def state(self):
        return state

    @property
    def capabilities(self):
        return self.meta[KEY + "clientCapabilities"]

    def is_watched(self, uri):
        return True

    async def log(self, level, data, in_call=True):
        wanted = self.meta.get(KEY + "logLevel")
        if wanted and in_call and LEVELS.index(level) >= LEVELS.index(wanted):
            await self.send("notifications/message", {"level": level, "logger": "features", "data": data}, True)

    async def send(self, method, params, in_call):
        if method == "notifications/tools/list_changed":
            await bus.publish(ToolsListChanged())
        elif method == "notifications/resources/updated":
            await bus.publish(ResourceUpdated(uri=params["uri"]))
        elif in_call:
            notification = NOTIFICATION.validate_python({"method": method, "params": params}, by_name=False)
            await self.request.session.send_notification(notification, self.request.request_id)

    async def ask(self, method, params, in_call=True):
        if not in_call:
            return {"error": {"code": -32601, "message": "nobody can be asked outside of a request"}}
        self.questions += 1
        key = f"question {self.questions}"
        answers = self.params.get("inputResponses") or {}
        if key not in answers:
            raise NeedsInput({key: {"method": method, "params": params}})
        return {"result": answers[key]}


def complete(method: str, result: dict) -> dict:
    good_for = {"ttlMs": 0, "cacheScope": "private"} if method in CACHEABLE else {}
    return {"resultType": "complete", **good_for, **result}


def serve(server) -> None:
    """Has a server listened to, and makes it refuse everything of before."""

    async def refuse(request, call_next):
        if request.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            raise MCPError(code=-32000, message="only 2026-07-28 is spoken here")
        return await call_next(request)

    server.middleware.append(refuse)
    server.add_request_handler("subscriptions/listen", types.SubscriptionsListenRequestParams, ListenHandler(bus))
