"""The same through the official client, whose types are strict about what they read."""

import asyncio

import pytest

from sdk.peer import ProtocolError, connect, failed, text_of


def test_116_the_official_client_uses_every_feature(gateway, downstream):
    progress = []

    async def step(done, total, message):
        progress.append((done, total, message))

    async def use():
        async with connect(gateway, "features", downstream) as one:
            assert len((await one.list_tools()).tools) == 3
            assert [tool.name for tool in (await one.list_tools()).tools] == ["echo", "contents", "structured"]
            kinds = [content.type for content in (await one.call_tool("contents", {})).content]
            assert kinds == ["text", "image", "audio", "resource", "resource", "resource_link"]
            assert failed(await one.call_tool("fails", {}))
            with pytest.raises(ProtocolError, match="Unknown tool: nobody"):
                await one.call_tool("nobody", {})
            assert text_of(await one.call_tool("steps", {"count": 3}, progress_callback=step)) == "made 3 steps"
            assert [done for done, _, _ in progress] == [1, 2, 3]
            prompt = await one.get_prompt("greet", {"name": "Ada"})
            assert prompt.messages[0].content.text == "Greet Ada in the style plain"
            assert (await one.read_resource("feature://text/1")).contents[0].text.startswith("Grüße")

    asyncio.run(use())
