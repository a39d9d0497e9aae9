"""Whether messages are what the protocol's types say, by the models of the official SDK, whichever line is installed."""

from importlib.metadata import version

from pydantic import TypeAdapter

if int(version("mcp").split(".")[0]) >= 2:
    import mcp_types as types
else:
    from mcp import types

REQUEST = TypeAdapter(types.ServerRequest)
NOTIFICATION = TypeAdapter(types.ServerNotification)
RESULTS = {
    "initialize": types.InitializeResult,
    "ping": types.EmptyResult,
    "logging/setLevel": types.EmptyResult,
    "completion/complete": types.CompleteResult,
    "tools/list": types.ListToolsResult,
    "tools/call": types.CallToolResult,
    "resources/list": types.ListResourcesResult,
    "resources/templates/list": types.ListResourceTemplatesResult,
    "resources/read": types.ReadResourceResult,
    "resources/subscribe": types.EmptyResult,
    "resources/unsubscribe": types.EmptyResult,
    "prompts/list": types.ListPromptsResult,
    "prompts/get": types.GetPromptResult,
}


def assert_valid(message: dict, method: str | None) -> None:
    """`method` is that of the request which the message answers."""
    assert message["jsonrpc"] == "2.0", message
    if "method" in message:
        model = REQUEST if "id" in message else NOTIFICATION
        model.validate_python({"method": message["method"], "params": message.get("params") or {}}, by_name=False)
    elif "error" in message:
        error = message["error"]
        assert type(error["code"]) is int and type(error["message"]) is str, message
    elif method:
        RESULTS[method].model_validate(message["result"], by_name=False)
