"""An MCP server with every feature, over any transport, on whichever line of the official SDK is installed.

    python feature_server.py                                              over stdio
    python feature_server.py --transport sse --port 8000                  http://127.0.0.1:8000/sse
    python feature_server.py --transport streamable-http --port 8000      http://127.0.0.1:8000/mcp
"""

import argparse
import asyncio
import contextlib
from importlib.metadata import version

import uvicorn
from mcp.server.sse import SseServerTransport
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http import EventMessage, EventStore
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route

from recording import recorded, streams

if int(version("mcp").split(".")[0]) >= 2:
    from sdk_line2 import build
else:
    from sdk_line1 import build


class Events(EventStore):
    """Keeps every event, for clients that come back for what they missed."""

    def __init__(self):
        self.kept = []

    async def store_event(self, stream_id, message):
        self.kept.append((stream_id, message))
        return str(len(self.kept))

    async def replay_events_after(self, last_event_id, send_callback):
        last = int(last_event_id)
        stream = self.kept[last - 1][0]
        for number, (stream_id, message) in enumerate(self.kept[last:], last + 1):
            if stream_id == stream and message is not None:
                await send_callback(EventMessage(message, str(number)))
        return stream


async def serve_stdio(server):
    async with stdio_server(*streams()) as (read, write):
        await server.run(read, write, server.create_initialization_options())


def sse_application(server):
    transport = SseServerTransport("/messages/")

    async def open_stream(request):
        async with transport.connect_sse(request.scope, request.receive, request._send) as (read, write):
            await server.run(read, write, server.create_initialization_options())
        return Response()

    return Starlette(
        routes=[
            Route("/sse", endpoint=open_stream, methods=["GET"]),
            Mount("/messages/", app=transport.handle_post_message),
        ]
    )


def streamable_application(server, options):
    manager = StreamableHTTPSessionManager(
        server,
        event_store=Events() if options.resumable else None,
        retry_interval=options.retry,
        json_response=options.json,
        stateless=options.stateless,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_):
        async with manager.run():
            yield

    # A mount without a slash at its end would be answered with a redirect.
    class Endpoint:
        async def __call__(self, scope, receive, send):
            await manager.handle_request(scope, receive, send)

    return Starlette(routes=[Route("/mcp", endpoint=Endpoint())], lifespan=lifespan)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--transport", choices=("stdio", "sse", "streamable-http"), default="stdio")
    parser.add_argument("--port", type=int, default=0, help="on the loopback interface; for the HTTP transports")
    parser.add_argument("--name", default="features")
    parser.add_argument("--json", action="store_true", help="streamable-http: answer in JSON, not with event streams")
    parser.add_argument("--stateless", action="store_true", help="streamable-http: give no session ids")
    parser.add_argument("--resumable", action="store_true", help="streamable-http: keep events for Last-Event-ID")
    parser.add_argument("--retry", type=int, help="streamable-http: milliseconds that clients are told to wait")
    parser.add_argument("--modern", action="store_true", help="2.x line: MCP 2026-07-28, and nothing of before")
    parser.add_argument("--tasks", action="store_true", help="1.x line: the tasks of MCP 2025-11-25")
    options = parser.parse_args()

    extras = {name: True for name in ("modern", "tasks") if getattr(options, name)}
    server = build(options.name, "Ask for anything.", **extras)
    if options.transport == "stdio":
        asyncio.run(serve_stdio(server))
        return
    application = sse_application(server) if options.transport == "sse" else streamable_application(server, options)
    # Streams have no end, so that waiting for them at the end would have none either.
    uvicorn.run(
        recorded(application), host="127.0.0.1", port=options.port, log_level="warning", timeout_graceful_shutdown=1
    )


if __name__ == "__main__":
    main()
