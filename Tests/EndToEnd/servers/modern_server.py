"""An MCP server of 2026-07-28 on the 2.x line of the official SDK, with what that revision does in its own way.

    python modern_server.py                                       over stdio
    python modern_server.py --port 8000                           http://127.0.0.1:8000/mcp
    python modern_server.py --only                                refuses everything of before 2026-07-28
"""

import argparse
import asyncio
import contextlib
import json

import anyio
import mcp_types as types
import uvicorn
from mcp import MCPError
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    ResourceUpdated,
    ToolsListChanged,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from starlette.applications import Starlette
from starlette.routing import Route

from recording import recorded, streams

bus = InMemorySubscriptionBus()
grown: list[str] = []
waiting: dict[str, asyncio.Event] = {}
cancelled: list[str] = []
# What each leg of each call looked like, in the order they came.
legs: list[dict] = []

FORM = types.ElicitRequest(
    params=types.ElicitRequestFormParams(
        message="What is your name?",
        requested_schema={"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    )
)
SECOND = types.ElicitRequest(
    params=types.ElicitRequestFormParams(
        message="Are you sure?", requested_schema={"type": "object", "properties": {"sure": {"type": "boolean"}}}
    )
)
URL = types.ElicitRequest(
    params=types.ElicitRequestURLParams(
        message="Log in there", url="https://example.org/login", elicitation_id="unused"
    )
)
SAMPLING = types.CreateMessageRequest(
    params=types.CreateMessageRequestParams(
        messages=[types.SamplingMessage(role="user", content=types.TextContent(type="text", text="Capital of France?"))],
        max_tokens=10,
    )
)
ROOTS = types.ListRootsRequest()


def text(content: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=content)])


def plain(responses) -> dict:
    return {
        key: value if isinstance(value, dict) else value.model_dump(mode="json", by_alias=True, exclude_none=True)
        for key, value in (responses or {}).items()
    }


async def echo(request, params):
    headers = {}
    if request.request is not None:
        headers = {name: value for name, value in request.request.headers.items() if name.startswith("mcp-")}
    return text(json.dumps({"arguments": params.arguments, "meta": dict(request.meta or {}), "headers": headers}))


async def greet(request, params):
    """Asks for a name, then whether that is right."""
    answers = plain(params.input_responses)
    if params.request_state is None:
        return types.InputRequiredResult(input_requests={"name": FORM}, request_state="ask/1 + =\u00fc")
    if params.request_state == "ask/1 + =\u00fc":
        if answers["name"]["action"] != "accept":
            return text(f"then not: {answers['name']['action']}")
        state = "name:" + answers["name"]["content"]["name"]
        return types.InputRequiredResult(input_requests={"sure": SECOND}, request_state=state)
    name = params.request_state.removeprefix("name:")
    return text(f"Hello {name}, {json.dumps(answers['sure']['content'], sort_keys=True)}")


async def interview(request, params):
    """Asks for everything at once, without a state of its own."""
    if params.input_responses is None:
        return types.InputRequiredResult(input_requests={"form": FORM, "model": SAMPLING, "roots": ROOTS})
    return text(json.dumps(plain(params.input_responses), sort_keys=True))


async def login(request, params):
    if params.input_responses is None:
        return types.InputRequiredResult(input_requests={"url": URL})
    return text(plain(params.input_responses)["url"]["action"])


async def later(request, params):
    """Wants to be asked again, twice."""
    count = int(params.request_state or 0)
    return types.InputRequiredResult(request_state=str(count + 1)) if count < 2 else text(f"asked {count} times")


async def insatiable(request, params):
    return types.InputRequiredResult(input_requests={"again": FORM}, request_state="more")


async def steps(request, params):
    token = (request.meta or {}).get("progress_token") or (request.meta or {}).get("progressToken")
    for step in range(1, params.arguments["count"] + 1):
        if token is not None:
            await request.session.send_progress_notification(
                token, step, params.arguments["count"], f"step {step}", related_request_id=request.request_id
            )
    return text(f"made {params.arguments['count']} steps")


async def logs(request, params):
    for level in ("debug", "info", "warning", "error"):
        await request.session.send_log_message(level, {"level": level}, "modern", request.request_id)
    return text("logged")


async def numbers(request, params):
    """What is structured is no object, and stands nowhere as text."""
    return types.CallToolResult(content=[], structured_content=[1, 2, 3])


async def waits(request, params):
    name = params.arguments["name"]
    waiting[name] = asyncio.Event()
    try:
        await waiting[name].wait()
    except BaseException:
        cancelled.append(name)
        raise
    finally:
        del waiting[name]
    return text("released")


async def seen(request, params):
    return text(json.dumps({"waiting": sorted(waiting), "cancelled": cancelled, "legs": legs}))


async def grows(request, params):
    grown.append(params.arguments["name"])
    await bus.publish(ToolsListChanged())
    return text("grown")


async def touches(request, params):
    await bus.publish(ResourceUpdated(uri=params.arguments["uri"]))
    return text("touched")


TOOLS = [echo, greet, interview, login, later, insatiable, steps, logs, numbers, waits, seen, grows, touches]


def describe(name: str) -> types.Tool:
    schema = {"type": "object"}
    if name == "echo":
        schema["properties"] = {
            "region": {"type": "string", "x-mcp-header": "Region"},
            "count": {"type": "integer", "x-mcp-header": "Count"},
        }
    if name == "numbers":
        item = {"$ref": "#/$defs/number"}
        output = {"type": "array", "items": item, "$defs": {"number": {"type": "integer"}}}
        return types.Tool(name=name, input_schema=schema, output_schema=output)
    return types.Tool(name=name, input_schema=schema)


# A tool whose schema asks for what no client may do.
BROKEN = types.Tool(
    name="broken", input_schema={"type": "object", "properties": {"a": {"type": "number", "x-mcp-header": "A"}}}
)


async def list_tools(request, params):
    cursor = params.cursor if params else None
    if cursor is None:
        tools = [describe(tool.__name__) for tool in TOOLS]
        return types.ListToolsResult(tools=[*tools, BROKEN], next_cursor="more")
    return types.ListToolsResult(tools=[describe(name) for name in ["last", *grown]])


async def call_tool(request, params):
    legs.append({"tool": params.name, "id": request.request_id, "state": params.request_state})
    for tool in TOOLS:
        if tool.__name__ == params.name:
            return await tool(request, params)
    if params.name in grown:
        return text(params.name)
    raise MCPError(code=-32602, message=f"Unknown tool: {params.name}")


async def list_resources(request, params):
    return types.ListResourcesResult(resources=[types.Resource(uri="modern://a", name="a")])


async def read_resource(request, params):
    if params.uri == "modern://guarded" and params.input_responses is None:
        return types.InputRequiredResult(input_requests={"form": FORM})
    if params.uri not in ("modern://a", "modern://guarded"):
        raise MCPError(code=-32602, message="Resource not found", data={"uri": params.uri})
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=params.uri, text="content")])


async def list_prompts(request, params):
    return types.ListPromptsResult(prompts=[types.Prompt(name="gr\u00fc\u00dfe")])


async def get_prompt(request, params):
    message = types.PromptMessage(role="user", content=types.TextContent(type="text", text=params.name))
    return types.GetPromptResult(messages=[message])


async def complete(request, params):
    return types.CompleteResult(completion=types.Completion(values=[params.argument.value + "!"]))


async def set_level(request, params):
    return types.EmptyResult()


def build(only: bool) -> Server:
    server = Server(
        "modern",
        version="2",
        instructions="Speak as of 2026-07-28.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
        on_completion=complete,
        on_set_logging_level=set_level,
        on_subscriptions_listen=ListenHandler(bus),
    )

    async def refuse_legacy(request, call_next):
        if only and request.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            raise MCPError(code=-32000, message="only 2026-07-28 is spoken here")
        return await call_next(request)

    server.middleware.append(refuse_legacy)
    return server


async def serve_stdio(server):
    async with stdio_server(*streams()) as (read, write):
        await server.run(read, write, server.create_initialization_options())


def application(server):
    manager = StreamableHTTPSessionManager(server)

    @contextlib.asynccontextmanager
    async def lifespan(_):
        async with manager.run():
            yield

    class Endpoint:
        async def __call__(self, scope, receive, send):
            await manager.handle_request(scope, receive, send)

    return Starlette(routes=[Route("/mcp", endpoint=Endpoint())], lifespan=lifespan)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, help="on the loopback interface; over stdio without")
    parser.add_argument("--only", action="store_true", help="refuse everything of before 2026-07-28")
    options = parser.parse_args()
    server = build(options.only)
    if options.port is None:
        anyio.run(serve_stdio, server)
        return
    uvicorn.run(
        recorded(application(server)), host="127.0.0.1", port=options.port, log_level="warning", timeout_graceful_shutdown=1
    )


if __name__ == "__main__":
    main()
