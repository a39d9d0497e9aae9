"""The official Python SDK, whichever of its two lines this environment has, with one face."""

from contextlib import asynccontextmanager
from importlib.metadata import version

from mcp import StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

LINE = int(version("mcp").split(".")[0])

from support.gateway import BINARY

TRANSPORTS = {"sse": sse_client, "mcp": streamable_http_client}


def bridge(url: str, *arguments: str, **environment: str):
    """The streams of `mcp-gateway connect`."""
    return stdio_client(
        StdioServerParameters(command=str(BINARY), args=["connect", url, *arguments], env=environment or None)
    )


@asynccontextmanager
async def connect(gateway, name: str, transport: str):
    """An initialized client of /NAME/sse or /NAME/mcp, or over stdio by `mcp-gateway connect`. The 2.x line is held to the handshake of the 1.x line."""
    if transport == "stdio":
        streams = bridge(f"{gateway.url}/{name}/mcp")
    else:
        streams = TRANSPORTS[transport](f"{gateway.url}/{name}/{transport}")
    if LINE >= 2:
        from mcp import Client

        async with Client(streams, mode="legacy", read_timeout_seconds=60) as client:
            yield client
    else:
        from datetime import timedelta

        from mcp import ClientSession

        async with streams as (read, write, *_):
            async with ClientSession(read, write, read_timeout_seconds=timedelta(seconds=60)) as session:
                await session.initialize()
                yield session


if LINE >= 2:
    from mcp import MCPError as ProtocolError
else:
    from mcp import McpError as ProtocolError


def failed(result) -> bool:
    return result.is_error if LINE >= 2 else result.isError


def text_of(result) -> str:
    assert not failed(result), result
    return result.content[0].text
