"""Requests of MCP 2026-07-28 by hand: each says all of itself, in its body and in its headers."""

import json
from contextlib import asynccontextmanager

from support.http1 import Connection, request
from support.sessions import BOTH
from support.sse import events

VERSION = "2026-07-28"
KEY = "io.modelcontextprotocol/"
NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}


def body(method: str, params: dict | None = None, id=1, version: str = VERSION, capabilities=None, **meta) -> str:
    """`meta` goes into `_meta`; `log_level` under its own name."""
    own = {KEY + "protocolVersion": version, KEY + "clientCapabilities": capabilities or {}}
    if level := meta.pop("log_level", None):
        own[KEY + "logLevel"] = level
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": {**(params or {}), "_meta": own | meta}})


def headers(method: str, params: dict | None = None, version: str = VERSION) -> dict[str, str]:
    fields = {"Content-Type": "application/json", "Accept": BOTH, "MCP-Protocol-Version": version, "Mcp-Method": method}
    if method in NAMED:
        fields["Mcp-Name"] = params[NAMED[method]]
    return fields


async def ask(gateway, method: str, params: dict | None = None, server: str = "fixture", extra=None, **keys):
    """The response to one request: its head, and its body as it came."""
    fields = headers(method, params, keys.get("version", VERSION)) | (extra or {})
    return await request(gateway.port, "POST", path(server), fields, body(method, params, **keys))


async def answer(gateway, method: str, params: dict | None = None, **keys) -> dict:
    """The JSON-RPC response to one request, in whichever form it came."""
    response = await ask(gateway, method, params, **keys)
    return messages_in(response)[-1]


def messages_in(response) -> list[dict]:
    if response.headers.get("content-type") == "text/event-stream":
        lines = response.text.split("\n")
        return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    return [json.loads(response.text)]


def path(server: str) -> str:
    """Where a server is; all of them together if it has no name."""
    return f"/{server}/mcp" if server else "/mcp"


@asynccontextmanager
async def stream(gateway, method: str, params: dict | None = None, server: str = "fixture", **keys):
    """The events of a response as they come; leaving closes the connection."""
    connection = await Connection.open(gateway.port)
    try:
        fields = headers(method, params)
        await connection.start("POST", path(server), fields, body(method, params, **keys).encode())
        await connection.read_head()
        yield connection.head, parsed(connection)
    finally:
        await connection.close()


async def parsed(connection):
    """The messages of the events that carry one."""
    async for event in events(connection.pieces()):
        if event.data:
            assert event.id is None and event.retry is None, event
            yield json.loads(event.text)
