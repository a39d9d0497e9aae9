"""Clients of MCP 2026-07-28 in front of servers of the same revision: nothing of it is lost in between."""

import asyncio
import json

import mcp_types as types
import pytest
from mcp import Client, MCPError

from conftest import running
from sdk.test_modern_servers import block
from support.gateway import configuration
from support.stateless import KEY, answer, ask, messages_in

VERSION = "2026-07-28"


@pytest.fixture(scope="module", params=("stdio", "http"))
def gateway(request):
    with block(request.param) as server, running(configuration({"modern": server})) as gateway:
        yield gateway


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


class Person:
    def __init__(self):
        self.asked = []

    async def elicit(self, context, params):
        self.asked.append(params.message)
        if params.mode == "url":
            return types.ElicitResult(action="accept")
        content = {"sure": True} if "sure" in params.message else {"name": "Ada"}
        return types.ElicitResult(action="accept", content=content)

    async def sample(self, context, params):
        return types.CreateMessageResult(
            role="assistant", content=types.TextContent(type="text", text="Paris"), model="none"
        )

    async def roots(self, context):
        return types.ListRootsResult(roots=[types.Root(uri="file:///home/ada")])

    def connect(self, gateway):
        return Client(
            f"{gateway.url}/modern/mcp",
            mode=VERSION,
            read_timeout_seconds=30,
            elicitation_callback=self.elicit,
            sampling_callback=self.sample,
            list_roots_callback=self.roots,
        )


async def text(client, tool: str, **arguments) -> str:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result
    return result.content[0].text


async def legs(gateway, tool: str) -> list[dict]:
    seen = await answer(gateway, "tools/call", {"name": "seen", "arguments": {}}, server="modern")
    return [leg for leg in json.loads(seen["result"]["content"][0]["text"])["legs"] if leg["tool"] == tool]


def test_99_several_rounds_with_the_servers_own_state_under_new_ids(gateway):
    async def use():
        person = Person()
        async with person.connect(gateway) as client:
            assert await text(client, "greet") == 'Hello Ada, {"sure": true}'
        assert person.asked == ["What is your name?", "Are you sure?"]
        seen = (await legs(gateway, "greet"))[-3:]
        assert [leg["state"] for leg in seen] == [None, "ask/1 + =\u00fc", "name:Ada"]
        assert len({leg["id"] for leg in seen}) == 3

    run(use())


def test_106_110_everything_at_once_and_urls(gateway):
    async def use():
        async with Person().connect(gateway) as client:
            said = json.loads(await text(client, "interview"))
            assert said["form"]["content"] == {"name": "Ada"}
            assert said["model"]["content"]["text"] == "Paris"
            assert said["roots"]["roots"][0]["uri"] == "file:///home/ada"
            assert await text(client, "login") == "accept"
            assert await text(client, "later") == "asked 2 times"

    run(use())


def test_the_client_is_named_to_the_server(gateway):
    async def use():
        async with Person().connect(gateway) as client:
            meta = json.loads(await text(client, "echo"))["meta"]
            assert meta[KEY + "protocolVersion"] == VERSION
            assert set(meta[KEY + "clientCapabilities"]) >= {"sampling", "elicitation", "roots"}

    run(use())


def test_71_72_headers_of_arguments_must_say_what_the_arguments_say(gateway):
    async def use():
        async def status(arguments, **headers):
            extra = {name.replace("_", "-"): value for name, value in headers.items()}
            params = {"name": "echo", "arguments": arguments}
            response = await ask(gateway, "tools/call", params, server="modern", extra=extra)
            error = messages_in(response)[-1].get("error", {})
            return response.status, error.get("code")

        assert await status({"region": "eu", "count": 42}, Mcp_Param_Region="eu", Mcp_Param_Count="42.0") == (200, None)
        assert await status({}, Mcp_Param_Nobody="x") == (200, None)
        assert await status({"region": "eu"}) == (400, -32020)
        assert await status({"region": "eu"}, Mcp_Param_Region="us") == (400, -32020)
        assert await status({"region": None}, Mcp_Param_Region="eu") == (400, -32020)

    run(use())


def test_107_a_state_is_good_once_and_for_its_own_request(gateway):
    async def use():
        declared = {"capabilities": {"elicitation": {"form": {}}}, "server": "modern"}
        params = {"name": "greet", "arguments": {}}
        first = (await answer(gateway, "tools/call", params, **declared))["result"]
        assert first["resultType"] == "input_required"
        (key, question), = first["inputRequests"].items()
        assert question["method"] == "elicitation/create"
        answers = {key: {"action": "accept", "content": {"name": "Eve"}}}
        state = first["requestState"]

        async def again(**changes):
            retry = {**params, "inputResponses": answers, "requestState": state} | changes
            return await answer(gateway, "tools/call", retry, **declared)

        assert (await again(requestState=state[:-1] + "x"))["error"]["code"] == -32602
        assert (await again(name="echo"))["error"]["code"] == -32602
        assert (await again(arguments={"x": 1}))["error"]["code"] == -32602
        second = (await again(inputResponses={}))["result"]
        assert list(second["inputRequests"]) == [key], "what is missing is asked again"
        assert (await again())["error"]["code"] == -32602, "it was used"
        state = second["requestState"]
        third = (await again())["result"]
        assert third["resultType"] == "input_required" and third["requestState"] != state

    run(use())


def test_88_what_the_client_did_not_declare_is_not_asked(gateway):
    async def use():
        for tool, required in (
            ("greet", {"elicitation": {"form": {}}}), ("login", {"elicitation": {"url": {}}}),
        ):
            # A stream has begun with 200 if the answer takes long.
            params, json_only = {"name": tool, "arguments": {}}, {"Accept": "application/json"}
            response = await ask(gateway, "tools/call", params, server="modern", extra=json_only)
            (message,) = messages_in(response)
            assert response.status == 400 and message["error"]["code"] == -32021, message
            assert message["error"]["data"] == {"requiredCapabilities": required}

    run(use())


def test_92_93_96_subscriptions_of_resources_reach_the_server_and_back(gateway):
    async def use():
        async with Person().connect(gateway) as client:
            async with client.listen(tools_list_changed=True, resource_subscriptions=["modern://a"]) as subscription:
                heard = aiter(subscription)
                await text(client, "touches", uri="modern://a")
                assert "modern://a" in str(await anext(heard))
                await text(client, "grows", name=f"grown {id(gateway)}")
                assert "tools" in str(await anext(heard)).lower()

    run(use())


def test_73_84_85_errors(gateway):
    async def use():
        async with Person().connect(gateway) as client:
            with pytest.raises(MCPError) as absent:
                await client.read_resource("modern://nowhere")
            assert absent.value.code == -32602

    run(use())
