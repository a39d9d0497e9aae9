"""Several servers together for clients of MCP 2026-07-28: one of that revision over HTTP, one of an earlier one."""

import asyncio
import json

import pytest

from conftest import running
from sdk.test_modern_servers import block
from support.gateway import configuration, fixture
from support.stateless import answer, ask, messages_in


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


@pytest.fixture(scope="module", params=("open", "tokens"))
def gateway(request):
    """`tokens`: each server wants one."""
    options = {"options": {"authTokens": ["token"]}} if request.param == "tokens" else {}
    with block("http") as modern:
        servers = {"modern": modern | options, "legacy": fixture(**options)}
        with running(configuration(servers, groups={"new": {"servers": ["modern"]}})) as gateway:
            yield gateway


# A stream has begun with 200 if an answer takes long.
TOKEN = {"Authorization": "Bearer token", "Accept": "application/json"}


async def tried(gateway, name: str, arguments: dict | None = None, server="", **headers):
    """The status, the error's code and what the tool said."""
    extra = TOKEN | {name.replace("_", "-"): value for name, value in headers.items()}
    response = await ask(gateway, "tools/call", {"name": name, "arguments": arguments or {}}, server=server, extra=extra)
    message = messages_in(response)[-1]
    content = message.get("result", {}).get("content", [{}])
    return response.status, message.get("error", {}).get("code"), content[0].get("text") if content else None


@pytest.mark.parametrize("server", ["", "group/new"])
def test_156_headers_say_the_exposed_name_here_and_the_servers_own_there(gateway, server):
    async def use():
        status, code, said = await tried(gateway, "modern__echo", {"region": "eu"}, server, Mcp_Param_Region="eu")
        assert (status, code) == (200, None)
        seen = json.loads(said)["headers"]
        assert seen["mcp-name"] == "echo" and seen["mcp-param-region"] == "eu" and seen["mcp-method"] == "tools/call"
        assert (await tried(gateway, "modern__echo", {}, server, Mcp_Name="echo"))[:2] == (400, -32020)
        assert (await tried(gateway, "echo", {}, server, Mcp_Name="modern__echo"))[:2] == (400, -32020)
        assert (await tried(gateway, "echo", {}, server))[:2] == (200, -32602)
        # What goes into headers is checked here as well.
        assert (await tried(gateway, "modern__echo", {"region": "eu"}, server))[:2] == (400, -32020)
        assert (await tried(gateway, "modern__echo", {"region": "eu"}, server, Mcp_Param_Region="us"))[:2] == (400, -32020)
        assert (await tried(gateway, "modern__echo", {}, server, Mcp_Param_Count="1"))[:2] == (400, -32020)

    run(use())


def test_156_prompts_and_resources_too(gateway):
    async def use():
        prompts = (await answer(gateway, "prompts/list", server="", extra=TOKEN))["result"]["prompts"]
        (name,) = [prompt["name"] for prompt in prompts if prompt["name"].startswith("modern__")]
        keys = {"server": "", "extra": TOKEN}
        got = await answer(gateway, "prompts/get", {"name": name}, **keys)
        assert got["result"]["messages"][0]["content"]["text"] == "gr\u00fc\u00dfe"
        read = await answer(gateway, "resources/read", {"uri": "modern://a"}, **keys)
        assert read["result"]["contents"][0]["text"] == "content"
        wrong = {"server": "", "extra": TOKEN | {"Mcp-Name": "modern://b"}}
        assert (await answer(gateway, "resources/read", {"uri": "modern://a"}, **wrong))["error"]["code"] == -32020

    run(use())


def test_157_lists_and_resources_say_how_they_may_be_kept(gateway):
    async def use():
        for method in ("tools/list", "prompts/list", "resources/list", "resources/templates/list"):
            result = (await answer(gateway, method, server="", extra=TOKEN))["result"]
            # One of the two servers says nothing of that, so that nothing is kept.
            assert (result["ttlMs"], result["cacheScope"]) == (0, "private"), method
            assert result["resultType"] == "complete"
        read = (await answer(gateway, "resources/read", {"uri": "modern://a"}, server="", extra=TOKEN))["result"]
        assert read["ttlMs"] >= 0 and read["cacheScope"] in ("public", "private")

    run(use())


def test_127_structured_content_is_what_the_schema_says_it_is(gateway):
    async def use():
        tools = (await answer(gateway, "tools/list", server="", extra=TOKEN))["result"]["tools"]
        (schema,) = [tool["outputSchema"] for tool in tools if tool["name"] == "modern__numbers"]
        assert schema["type"] == "array"
        keys = {"server": "", "extra": TOKEN}
        result = (await answer(gateway, "tools/call", {"name": "modern__numbers", "arguments": {}}, **keys))["result"]
        assert result["structuredContent"] == [1, 2, 3]

    run(use())
