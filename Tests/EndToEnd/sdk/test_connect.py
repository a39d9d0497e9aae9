"""mcp-gateway connect, started by the official SDK's stdio client as Claude Desktop would start it."""

import asyncio
import json
import signal
from contextlib import asynccontextmanager

import pytest

from sdk.peer import LINE, ProtocolError, bridge, text_of
from support.gateway import Gateway, configuration, fixture
from support.programs import free_port

MODES = ["legacy", "auto"] if LINE >= 2 else ["legacy"]


@pytest.fixture(params=MODES)
def mode(request):
    """What the client speaks: the 2.x line finds out by itself that it can do without `initialize`."""
    return request.param


@pytest.fixture(params=["mcp", "sse", "aggregate"])
def path(request):
    return {"mcp": "fixture/mcp", "sse": "fixture/sse", "aggregate": "mcp"}[request.param]


@asynccontextmanager
async def client(url: str, mode: str, *arguments: str, **environment: str):
    streams = bridge(url, *arguments, **environment)
    if LINE >= 2:
        from mcp import Client

        async with Client(streams, mode=mode, read_timeout_seconds=60) as client:
            yield client
    else:
        from datetime import timedelta

        from mcp import ClientSession

        async with streams as (read, write):
            async with ClientSession(read, write, read_timeout_seconds=timedelta(seconds=60)) as session:
                await session.initialize()
                yield session


def test_a_stdio_client_uses_each_kind_of_url(start, mode, path):
    prefix = "fixture__" if path == "mcp" else ""

    async def use(gateway):
        async with client(f"{gateway.url}/{path}", mode) as one:
            assert f"{prefix}echo" in [tool.name for tool in (await one.list_tools()).tools]
            answers = await asyncio.gather(*(one.call_tool(f"{prefix}echo", {"n": n}) for n in range(20)))
            assert [json.loads(text_of(answer)) for answer in answers] == [{"n": n} for n in range(20)]

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_a_token_is_taken_from_the_environment(start, mode):
    async def use(gateway):
        async with client(f"{gateway.url}/fixture/mcp", mode, "--token-env", "TOKEN", TOKEN="very-secret") as one:
            assert text_of(await one.call_tool("echo", {"a": 1})) == '{"a":1}'

    with start({"fixture": fixture()}, options={"authTokens": ["very-secret"]}) as gateway:
        asyncio.run(use(gateway))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_the_client_does_not_notice_that_the_gateway_was_started_again(mode, number, path, tmp_path):
    prefix = "fixture__" if path == "mcp" else ""
    config = configuration({"fixture": fixture()}, addr=f"127.0.0.1:{free_port()}")
    lives = []

    def live() -> Gateway:
        gateway = Gateway(config, tmp_path)
        lives.append(gateway)
        gateway.expected_status = None
        gateway.wait_until_listening()
        return gateway

    async def use():
        gateway = live()
        async with client(f"{gateway.url}/{path}", mode) as one:
            assert text_of(await one.call_tool(f"{prefix}echo", {"a": 1})) == '{"a":1}'
            in_flight = asyncio.create_task(one.call_tool(f"{prefix}sleep", {"ms": 60_000}))
            while "sleep" not in text_of(await one.call_tool(f"{prefix}received", {"method": "tools/call"})):
                pass
            gateway.signal(number)
            # It was on its way, and may have had its effect.
            with pytest.raises(ProtocolError, match="not repeated"):
                async with asyncio.timeout(20):
                    await in_flight
            gateway.wait()
            # What is asked while nobody is there waits.
            waiting = asyncio.create_task(one.call_tool(f"{prefix}echo", {"a": 2}))
            live()
            assert text_of(await waiting) == '{"a":2}'
            assert (await one.list_tools()).tools

    try:
        asyncio.run(use())
    finally:
        for gateway in lives:
            gateway.finish()
