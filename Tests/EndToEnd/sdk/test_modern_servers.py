"""Legacy clients and a server of MCP 2026-07-28, over stdio and over HTTP: the gateway stands between the two."""

import asyncio
import json
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import running
from sdk.peer import LINE, connect as official, text_of
from support.client import DOWNSTREAMS, connect
from support.gateway import configuration
from support.interactive import UNANSWERED, interactive
from support.programs import free_port, listening

pytestmark = pytest.mark.skipif(LINE < 2, reason="the 1.x line has no server of this revision")

SERVER = Path(__file__).resolve().parents[1] / "servers" / "modern_server.py"
RESERVED = "io.modelcontextprotocol/"


@contextmanager
def block(upstream: str):
    if upstream == "stdio":
        yield {"command": sys.executable, "args": [str(SERVER)]}
        return
    port = free_port()
    with listening([sys.executable, SERVER, "--port", str(port)], port):
        yield {"url": f"http://127.0.0.1:{port}/mcp"}


@pytest.fixture(scope="module", params=("stdio", "http"))
def upstream(request):
    return request.param


@pytest.fixture(scope="module")
def gateway(upstream):
    with block(upstream) as server, running(configuration({"modern": server})) as gateway:
        yield gateway


@pytest.fixture(params=DOWNSTREAMS)
def downstream(request):
    return request.param


@pytest.fixture
def client(gateway, downstream):
    return lambda: connect(gateway, "modern", downstream)


@pytest.fixture
def asked(gateway, downstream):
    """A client that can be asked."""
    return lambda **keys: interactive(gateway.port, "modern", downstream, **keys)


def accept(**content):
    return lambda params: {"result": {"action": "accept", "content": content}}


def test_33_132_what_the_server_says_of_itself_answers_initialize(gateway, downstream):
    async def use():
        async with interactive(gateway.port, "modern", downstream) as one:
            result = one.session.description["result"]
            assert result["protocolVersion"] == "2025-11-25"
            assert result["serverInfo"]["name"] == "modern"
            assert result["instructions"] == "Speak as of 2026-07-28."
            assert {"tools", "resources", "prompts", "completions"} <= set(result["capabilities"])

    asyncio.run(use())


def test_144_every_request_says_for_whom_it_is_made(client):
    async def use():
        async with client() as one:
            said = json.loads(await one.text("echo", region="eu", count=3))
            assert said["arguments"] == {"region": "eu", "count": 3}
            assert said["meta"][RESERVED + "protocolVersion"] == "2026-07-28"
            assert RESERVED + "logLevel" not in said["meta"]
            assert isinstance(said["meta"][RESERVED + "clientCapabilities"], dict)
            assert said["meta"][RESERVED + "clientInfo"]["name"]

    asyncio.run(use())


def test_144_what_the_client_declared_goes_along_as_this_revision_has_it(asked):
    async def use():
        async with asked() as one:
            said = json.loads(await one.text("echo"))
            declared = said["meta"][RESERVED + "clientCapabilities"]
            assert declared == {"sampling": {}, "elicitation": {"form": {}, "url": {}}, "roots": {}}

    asyncio.run(use())


def test_141_arguments_go_into_header_fields_where_the_tool_wants_them(client, upstream):
    async def use():
        async with client() as one:
            headers = json.loads(await one.text("echo", region="Zürich", count=3))["headers"]
            if upstream == "stdio":
                assert headers == {}
                return
            assert headers == {
                "mcp-protocol-version": "2026-07-28",
                "mcp-method": "tools/call",
                "mcp-name": "echo",
                "mcp-param-region": "=?base64?WsO8cmljaA==?=",
                "mcp-param-count": "3",
            }
            # A server that finds them wrong refuses the call; one without values has none.
            assert json.loads(await one.text("echo", region=None))["arguments"] == {"region": None}

    asyncio.run(use())


def test_141_a_name_that_no_header_can_carry_is_encoded(client):
    async def use():
        async with client() as one:
            result = await one.result("prompts/get", name="grüße")
            assert result["messages"][0]["content"]["text"] == "grüße"

    asyncio.run(use())


def test_142_tools_that_no_client_may_use_over_http_are_hidden(client, upstream):
    async def use():
        async with client() as one:
            first = await one.result("tools/list")
            names = [tool["name"] for tool in first["tools"]]
            assert names[0] == "echo" and ("broken" in names) == (upstream == "stdio")
            assert "last" in [tool["name"] for tool in (await one.result("tools/list", cursor="more"))["tools"]]

    asyncio.run(use())


def test_116_117_lists_reads_completions_and_errors(client):
    async def use():
        async with client() as one:
            assert (await one.result("resources/list"))["resources"][0]["uri"] == "modern://a"
            assert (await one.result("resources/read", uri="modern://a"))["contents"][0]["text"] == "content"
            completion = await one.result(
                "completion/complete",
                ref={"type": "ref/prompt", "name": "grüße"},
                argument={"name": "a", "value": "v"},
            )
            assert completion["completion"]["values"] == ["v!"]
            assert (await one.error("tools/call", name="nobody", arguments={}))["code"] == -32602

    asyncio.run(use())


def test_the_official_client_of_before_uses_a_server_of_after(gateway, downstream):
    progress = []

    async def step(done, total, message):
        progress.append((done, total, message))

    async def use():
        async with official(gateway, "modern", downstream) as one:
            assert "echo" in [tool.name for tool in (await one.list_tools()).tools]
            assert json.loads(text_of(await one.call_tool("echo", {"count": 7})))["arguments"] == {"count": 7}
            assert text_of(await one.call_tool("steps", {"count": 3}, progress_callback=step)) == "made 3 steps"
            assert [done for done, _, _ in progress] == [1, 2, 3]

    asyncio.run(use())


def test_87_progress_comes_under_the_clients_token_and_before_the_result(client):
    async def use():
        async with client() as one, client() as other:
            for session in (one, other):
                result = await session.result(
                    "tools/call", name="steps", arguments={"count": 5}, _meta={"progressToken": "the same"}
                )
                assert result["content"][0]["text"] == "made 5 steps"
                progress = session.notifications("notifications/progress")
                assert [(params["progressToken"], params["progress"]) for params in progress] == [
                    ("the same", step) for step in range(1, 6)
                ]

    asyncio.run(use())


def test_78_130_a_cancelled_call_is_cancelled_at_the_server(client):
    async def use():
        async with client() as one, client() as watching:
            name = str(uuid.uuid4())
            call = asyncio.create_task(one.ask("tools/call", name="waits", arguments={"name": name}))
            await until(watching, lambda seen: name in seen["waiting"])
            await one.notify("notifications/cancelled", requestId=1, reason="enough")
            await until(watching, lambda seen: name in seen["cancelled"] and name not in seen["waiting"])
            call.cancel()

    asyncio.run(use())


async def until(client, holds):
    for _ in range(500):
        if holds(json.loads(await client.text("seen"))):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(await client.text("seen"))


def test_93_a_changed_list_reaches_every_client(client):
    async def use():
        async with client() as one, client() as other:
            name = f"grown_{uuid.uuid4().hex}"
            assert await one.text("grows", name=name) == "grown"
            await one.notification("notifications/tools/list_changed")
            await other.notification("notifications/tools/list_changed")
            assert await other.text(name) == name

    asyncio.run(use())


def test_a_server_that_does_not_know_the_question_is_opened_as_before(upstream, downstream):
    """The same server, but for one that is told what it is."""

    async def use(gateway):
        async with connect(gateway, "legacy", downstream) as one:
            said = json.loads(await one.text("echo"))
            assert RESERVED + "protocolVersion" not in said["meta"]

    with block(upstream) as server, running(configuration({"legacy": server | {"era": "legacy"}})) as gateway:
        asyncio.run(use(gateway))


@pytest.mark.parametrize("name, arguments", [("greet", {}), ("interview", {}), ("insatiable", {})])
def test_101_a_client_that_cannot_be_asked_is_told_so_in_the_result(client, name, arguments):
    async def use():
        async with client() as one:
            result = await one.call(name, **arguments)
            assert result["isError"] is True and "did not offer" in result["content"][0]["text"], result

    asyncio.run(use())


def test_103_a_server_that_only_wants_to_be_asked_again_is(client):
    async def use():
        async with client() as one:
            assert await one.text("later") == "asked 2 times"

    asyncio.run(use())
