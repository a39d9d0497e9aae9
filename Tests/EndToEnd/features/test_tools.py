"""Results of tools, of every kind."""

import asyncio
import json

import pytest

from servers.features import PNG, TEXT, UNKNOWN, WAV


def test_116_a_result_holds_each_kind_of_content(client):
    async def use():
        async with client() as one:
            result = await one.call("contents")
            text, image, audio, resource, blob, link = result["content"]
            assert text == {"type": "text", "text": TEXT, "annotations": {"audience": ["user"], "priority": 0.5}}
            assert image == {"type": "image", "data": PNG, "mimeType": "image/png"}
            assert audio == {"type": "audio", "data": WAV, "mimeType": "audio/wav"}
            assert (resource["type"], resource["resource"]["text"]) == ("resource", TEXT)
            assert (blob["type"], blob["resource"]["blob"]) == ("resource", PNG)
            assert (link["type"], link["uri"], link["name"]) == ("resource_link", "feature://text/2", "second")

    asyncio.run(use())


def test_116_structured_content_comes_beside_its_text(client):
    async def use():
        async with client() as one:
            result = await one.call("structured")
            expected = {"temperature": 22.5, "unit": "°C", "history": [20, 21], "nested": {"empty": {}}}
            assert result["structuredContent"] == expected
            assert json.loads(result["content"][0]["text"]) == expected

    asyncio.run(use())


def test_116_117_an_error_of_a_tool_is_a_result(client):
    async def use():
        async with client() as one:
            result = await one.call("fails")
            assert result["isError"] is True
            assert result["content"] == [{"type": "text", "text": "this tool always fails"}]

    asyncio.run(use())


def test_117_an_unknown_tool_is_the_servers_error(client):
    async def use():
        async with client() as one:
            error = await one.error("tools/call", name="nobody", arguments={})
            assert (error["code"], error["message"]) == (-32602, "Unknown tool: nobody")

    asyncio.run(use())


def test_an_error_of_the_server_passes_with_its_code_and_data(client):
    async def use():
        async with client() as one:
            error = await one.error("tools/call", name="refuses", arguments={})
            assert (error["code"], error["message"]) == (-32050, "refused as asked")
            assert error["data"] == {"big": 123456789012345678901234567890}

    asyncio.run(use())


def test_13_what_the_protocol_does_not_know_passes_both_ways(client):
    async def use():
        async with client() as one:
            result = await one.call("odd")
            assert result["x-unknown"] == UNKNOWN["x-unknown"]
            assert result["_meta"]["example.org/odd"] == UNKNOWN["x-unknown"]
            sent = {"arguments": UNKNOWN, "_meta": {"example.org/mine": UNKNOWN}}
            result = await one.result("tools/call", name="echo", **sent)
            arrived = json.loads(result["content"][0]["text"])
            assert arrived["arguments"] == UNKNOWN
            assert arrived["meta"]["example.org/mine"] == UNKNOWN

    asyncio.run(use())


@pytest.mark.parametrize("size", [1, 65_536, 1 << 20, 5 << 20])
def test_results_of_any_size_arrive_whole(client, size):
    async def use():
        async with client() as one:
            assert await one.text("big", bytes=size) == "x" * size

    asyncio.run(use())


def test_arguments_of_a_mebibyte_arrive_whole(client):
    async def use():
        async with client() as one:
            sent = {"text": "ü" * (1 << 19)}
            assert json.loads(await one.text("echo", **sent))["arguments"] == sent

    asyncio.run(use())
