"""Legacy clients and a server of MCP 2026-07-28: what the older revisions do not have, and what goes into headers."""

import asyncio
import json
import uuid

import pytest

from conftest import running
from sdk.peer import LINE
from sdk.test_modern_servers import asked, block, client, downstream, gateway, until, upstream  # noqa: F401
from support.client import connect
from support.gateway import configuration

pytestmark = pytest.mark.skipif(LINE < 2, reason="the 1.x line has no server of this revision")


def test_127_what_is_no_object_is_wrapped_as_the_schema_says(client):
    async def use():
        async with client() as one:
            tools = (await one.result("tools/list"))["tools"]
            (schema,) = [tool["outputSchema"] for tool in tools if tool["name"] == "numbers"]
            assert schema["type"] == "object" and schema["required"] == ["result"]
            inner = schema["properties"]["result"]
            assert inner["items"] == {"$ref": "#/properties/result/$defs/number"}
            assert inner["$defs"] == {"number": {"type": "integer"}}
            result = await one.call("numbers")
            assert result["structuredContent"] == {"result": [1, 2, 3]}
            assert json.loads(result["content"][0]["text"]) == [1, 2, 3]

    asyncio.run(use())


def test_128_nothing_of_the_newer_revision_is_in_a_result(client):
    async def use():
        async with client() as one:
            for method, params in (
                ("tools/list", {}), ("prompts/list", {}), ("resources/list", {}),
                ("resources/read", {"uri": "modern://a"}), ("prompts/get", {"name": "gr\u00fc\u00dfe"}),
                ("tools/call", {"name": "echo", "arguments": {}}), ("ping", {}),
            ):
                result = await one.result(method, **params)
                assert not {"resultType", "ttlMs", "cacheScope"} & result.keys(), (method, result)
                assert not [key for key in result.get("_meta", {}) if "modelcontextprotocol" in key], (method, result)
            assert await one.result("ping") == {}

    asyncio.run(use())


def test_121_122_two_clients_share_what_the_server_is_listened_for(client):
    async def use():
        uri = f"modern://{uuid.uuid4().hex}"
        async with client() as one:
            async with client() as other:
                for session in (one, other):
                    assert await session.result("resources/subscribe", uri=uri) == {}
                await one.text("touches", uri=uri)
                for session in (one, other):
                    await session.notification("notifications/resources/updated", lambda params: params["uri"] == uri)
            await one.text("touches", uri=uri)
            while len(one.notifications("notifications/resources/updated")) < 2:
                await asyncio.sleep(0.01)
            assert await one.result("resources/unsubscribe", uri=uri) == {}

    asyncio.run(use())


def test_86_123_each_client_hears_what_it_asked_for(client):
    async def use():
        async with client() as loud, client() as quiet, client() as silent:
            assert await loud.result("logging/setLevel", level="debug") == {}
            assert await quiet.result("logging/setLevel", level="warning") == {}
            for one in (loud, quiet, silent):
                assert await one.text("logs") == "logged"
            heard = [
                [params["level"] for params in one.notifications("notifications/message")]
                for one in (loud, quiet, silent)
            ]
            assert heard == [["debug", "info", "warning", "error"], ["warning", "error"], []]

    asyncio.run(use())


def test_125_cursors_lead_through_everything_once(client, upstream):
    async def use():
        async with client() as one:
            first = await one.result("tools/list")
            second = await one.result("tools/list", cursor=first["nextCursor"])
            names = [tool["name"] for page in (first, second) for tool in page["tools"]]
            assert len(set(names)) == len(names) and {"echo", "last"} <= set(names)
            assert "nextCursor" not in second

    asyncio.run(use())


def test_131_a_call_without_an_answer_times_out_and_is_cancelled(upstream, downstream):
    async def use(gateway):
        async with connect(gateway, "modern", downstream) as one, connect(gateway, "modern", downstream) as watching:
            name = str(uuid.uuid4())
            error = await one.error("tools/call", name="waits", arguments={"name": name})
            assert error["code"] == -32603 and "callTimeout" in error["message"]
            await until(watching, lambda seen: name in seen["cancelled"])

    with block(upstream) as server:
        with running(configuration({"modern": server | {"callTimeout": "500ms"}})) as gateway:
            asyncio.run(use(gateway))


@pytest.mark.parametrize(
    "arguments",
    [
        {"region": "Z\u00fcrich \U0001f600"},
        {"region": "a\r\nX-Evil: 1"},
        {"region": "nul\0"},
        {"region": ""},
        {"region": " "},
        {"region": "\ta "},
        {"region": "=?base64?x?="},
        {"region": "=?base64?"},
        {"region": "eu, us; a=\"b\""},
        {"region": "x" * 8000},
        {"region": None, "count": None},
        {"count": 42.0},
        {"count": 1e3},
        {"count": 0},
        {"count": -7},
        {"count": 9007199254740991},
        {"unknown": ["a"], "region": "eu"},
    ],
    ids=lambda arguments: ascii(arguments)[:40],
)
def test_141_whatever_an_argument_is_the_server_takes_its_header_for_the_same(client, arguments):
    """The official server refuses a call whose header says something else than its body."""

    async def use():
        async with client() as one:
            said = json.loads(await one.text("echo", **arguments))
            assert said["arguments"] == arguments
            assert "x-evil" not in said["headers"]

    asyncio.run(use())


@pytest.mark.parametrize(
    "arguments", [{"region": ["a"]}, {"region": {"a": "b"}}, {"count": "x\r\ny"}, {"region": True}, {"count": 1.5}],
    ids=ascii,
)
def test_arguments_of_a_wrong_type_harm_nobody(client, arguments):
    async def use():
        async with client() as one:
            answer = await one.ask("tools/call", name="echo", arguments=arguments)
            assert "result" in answer or answer["error"]["code"] in (-32602, -32603), answer
            assert json.loads(await one.text("echo", region="eu"))["arguments"] == {"region": "eu"}

    asyncio.run(use())


def test_a_header_that_is_too_long_for_the_server_ends_its_call_only(client, upstream):
    async def use():
        async with client() as one:
            answer = await one.ask("tools/call", name="echo", arguments={"region": "x" * 200_000})
            if upstream == "stdio":
                assert "result" in answer
            else:
                assert answer["error"]["code"] == -32603, answer
            assert json.loads(await one.text("echo", region="eu"))["arguments"] == {"region": "eu"}

    asyncio.run(use())


def test_107_answers_that_a_client_makes_up_do_not_reach_the_server(client):
    """Earlier revisions know of no such thing."""

    async def use():
        async with client() as one:
            forged = {"requestState": "name:Eve", "inputResponses": {"sure": {"action": "accept", "content": {}}}}
            result = await one.result("tools/call", name="greet", arguments={}, **forged)
            assert result["isError"] is True and "Eve" not in json.dumps(result)
            leg = [leg for leg in json.loads(await one.text("seen"))["legs"] if leg["tool"] == "greet"][-1]
            assert leg["state"] is None

    asyncio.run(use())


def test_142_a_tool_that_is_hidden_is_told_of_once(upstream):
    async def use(gateway):
        for downstream in ("mcp", "sse"):
            async with connect(gateway, "modern", downstream) as one:
                await one.result("tools/list")

    with block(upstream) as server, running(configuration({"modern": server})) as gateway:
        asyncio.run(use(gateway))
        told = [line for line in gateway.lines if "kept from clients" in line]
        assert len(told) == (0 if upstream == "stdio" else 1), told
        if told:
            assert "broken" in told[0] and "x-mcp-header" in told[0]
