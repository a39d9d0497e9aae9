"""Real servers together at one endpoint, used by the real client of each SDK line over each transport."""

import asyncio
import json

import pytest

from sdk.peer import ProtocolError, connect, failed, text_of
from support.gateway import fixture, installed


def test_real_servers_appear_as_one(start, transport):
    async def use(gateway):
        # The name ends before the transport, as that of any server.
        async with connect(gateway, "group/both", transport) as client:
            # A server that starts slowly is added when it is there.
            wanted = {"time__get_current_time", "berlin__get_current_time", "fixture__echo"}
            async with asyncio.timeout(60):
                while not wanted <= {tool.name for tool in (await client.list_tools()).tools}:
                    await asyncio.sleep(0.05)
            for name, zone in {"time": "UTC", "berlin": "Europe/Berlin"}.items():
                answer = await client.call_tool(f"{name}__convert_time", {
                    "source_timezone": zone, "time": "12:00", "target_timezone": "Asia/Tokyo"
                })
                assert json.loads(text_of(answer))["source"]["timezone"] == zone
            assert failed(await client.call_tool("time__get_current_time", {"timezone": "No/Where"}))
            down = await client.call_tool("fixture__crash", {})
            assert failed(down)
            with pytest.raises(ProtocolError):
                await client.call_tool("time__no_such_tool", {})

    servers = {
        "time": installed("mcp-server-time", "--local-timezone", "UTC"),
        "berlin": installed("mcp-server-time", "--local-timezone", "Europe/Berlin"),
        "fixture": fixture(),
        "gone": {"command": "/nonexistent/program"},
    }
    groups = {"both": {"servers": ["time", "berlin", "fixture", "gone"]}}
    with start(servers, groups=groups) as gateway:
        asyncio.run(use(gateway))
