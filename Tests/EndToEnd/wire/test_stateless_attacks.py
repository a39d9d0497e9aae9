"""Requests of MCP 2026-07-28 that nobody means well with: each is refused with its own code, and harms nobody else."""

import asyncio
import json

import pytest

from support import messages
from support.gateway import configuration, fixture
from support.http1 import Connection, request
from support.sessions import BOTH
from support.stateless import KEY, VERSION, answer, ask, body, headers, messages_in, stream
from wire.test_reload import reload
from wire.test_stateless import ASKED, ASKING, code, run

META = {KEY + "protocolVersion": VERSION, KEY + "clientCapabilities": {}}
ECHO = {"name": "echo", "arguments": {"a": 1}}
FIELDS = headers("tools/call", ECHO)
PLAIN = {"Content-Type": "application/json", "Accept": BOTH}


@pytest.fixture(scope="module")
def gateway():
    from conftest import running

    with running(configuration({"fixture": fixture()})) as gateway:
        yield gateway


async def post(gateway, text: str | bytes, fields=FIELDS, path="/fixture/mcp") -> tuple[int, int | None]:
    """The status and the error's code, if there is one."""
    response = await request(gateway.port, "POST", path, fields, text)
    message = messages_in(response)[-1] if response.body else {}
    return response.status, message.get("error", {}).get("code")


def text(params="", id="1", method="tools/call") -> str:
    """A request of these JSON texts."""
    return f'{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params or json.dumps({**ECHO, "_meta": META})}}}'


def with_meta(**changes) -> str:
    return text(json.dumps({**ECHO, "_meta": META | changes}))


@pytest.mark.parametrize("meta", ['"x"', "[]", "null", "5", "true", "{}"])
def test_64_meta_of_a_wrong_type(gateway, meta):
    assert run(post(gateway, text(f'{{"name":"echo","_meta":{meta}}}'))) == (400, -32602)


@pytest.mark.parametrize(
    "key, values",
    [
        ("protocolVersion", [5, None, [VERSION], {}]),
        ("clientCapabilities", [[], None, "x", True]),
        ("clientInfo", ["x", [], None]),
        ("logLevel", [5, None, []]),
    ],
)
def test_64_members_of_meta_of_a_wrong_type(gateway, key, values):
    for value in values:
        assert run(post(gateway, with_meta(**{KEY + key: value}))) == (400, -32602), value


def test_capabilities_that_make_no_sense_declare_nothing(start):
    async def use(gateway):
        for capabilities in ({"elicitation": 5, "sampling": []}, {"elicitation": None}, {"elicitation": [{"form": {}}]}):
            result = (await answer(gateway, "tools/call", ASKING, capabilities=capabilities))["result"]
            assert result["resultType"] == "complete", capabilities

    with start({"fixture": fixture(interactive=True)}) as gateway:
        run(use(gateway))


@pytest.mark.parametrize("token", [[], {"a": 1}, True, None])
def test_87_a_progress_token_that_is_none_gets_no_progress(gateway, token):
    params = {"name": "progress", "arguments": {"steps": 2}, "_meta": META | {"progressToken": token}}
    response = run(request(gateway.port, "POST", "/fixture/mcp", headers("tools/call", params), text(json.dumps(params))))
    assert response.status == 200 and len(messages_in(response)) == 1


def test_what_routes_a_message_stands_in_it_once(gateway):
    meta = json.dumps(META)
    for wrong in (
        text(f'{{"name":"echo","_meta":{meta},"_meta":{meta}}}'),
        text(f'{{"name":"echo","n\\u0061me":"fail","_meta":{meta}}}'),
        text(f'{{"name":"echo","_meta":{meta}}},"params":{{"name":"fail","_meta":{meta}}}'),
        text(f'{{"name":"echo","_meta":{meta}}},"method":"tools/list"'),
    ):
        assert run(post(gateway, wrong)) == (400, -32600), wrong


@pytest.mark.parametrize("id", ["null", "1.5", "{}", "[]", "true", "1e400"])
def test_9_ids_that_are_none(gateway, id):
    assert run(post(gateway, text(id=id))) == (400, -32600)


def test_69_70_names_are_compared_byte_by_byte(gateway):
    async def use():
        meta = json.dumps(META)

        async def named(header, name):
            return await post(gateway, text(f'{{"name":{name},"_meta":{meta}}}'), FIELDS | {"Mcp-Name": header})

        # What Unicode takes for the same, and what the server knows nothing of.
        assert await named("=?base64?w6k=?=", '"e\\u0301"') == (400, -32020)
        assert await named("=?base64?w6k=?=", '"\\u00e9"') == (200, -32602)
        assert await named("echo \t ", '"echo"') == (200, None)
        for header, name in (("ECHO", '"echo"'), ("", '"echo"'), ("echo", '""'), ("echo, echo", '"echo"')):
            assert await named(header, name) == (400, -32020), (header, name)
        # Damaged Base64, other spellings of the mark, and Base64 of what is no text.
        for header in ("=?base64?ZWNobw?=", "=?base64?ZWNobx==?=", "=?BASE64?ZWNobw==?=", "=?base64?/w==?=", "=?base64??="):
            assert await named(header, '"echo"') == (400, -32020), header
        doubled = FIELDS | {"mcp-name": "echo"}
        assert await post(gateway, text(), doubled) == (400, -32020)

    run(use())


@pytest.mark.parametrize("name", ["5", "null", "[]", "{}"])
def test_a_tool_whose_name_is_no_text(gateway, name):
    meta = json.dumps(META)
    assert run(post(gateway, text(f'{{"name":{name},"_meta":{meta}}}'))) == (200, -32602)


def test_eras_are_not_mixed(gateway):
    async def use():
        opened = await request(gateway.port, "POST", "/fixture/mcp", PLAIN, messages.initialize(version="2025-03-26"))
        session = PLAIN | {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
        plain = messages.call("7", "echo", {})
        modern = text()
        initialize = messages.initialize()[:-2] + f',"_meta":{json.dumps(META)}}}}}'
        # A session's id lends a modern request nothing, and takes nothing from it.
        assert await post(gateway, modern, session) == (400, -32020)
        assert await post(gateway, plain, session | FIELDS) == (400, -32602)
        assert await post(gateway, modern, session | FIELDS) == (200, None)
        assert await post(gateway, modern, FIELDS | {"MCP-Protocol-Version": "2025-11-25"}) == (400, -32020)
        assert await post(gateway, with_meta(**{KEY + "protocolVersion": "2025-11-25"})) == (400, -32020)
        assert await post(gateway, modern, FIELDS | {"mcp-protocol-version": "2025-11-25"}) == (400, -32020)
        assert await post(gateway, plain, session | {"MCP-Protocol-Version": "1999-01-01"}) == (400, -32600)
        assert await post(gateway, plain, PLAIN | {"MCP-Protocol-Version": "1999-01-01"}) == (400, -32602)
        assert await post(gateway, initialize, PLAIN) == (400, -32020)
        assert await post(gateway, f"[{modern}]", session | FIELDS) == (400, -32600)
        assert await post(gateway, f"[{modern}]", FIELDS) == (400, -32600)
        # The session has suffered nothing.
        assert await post(gateway, plain, session) == (200, None)

    run(use())


# MARK: States


TWO = {"options": {"authTokens": ["one", "two"]}, "interactive": True}


def bearer(token: str) -> dict:
    return {"extra": {"Authorization": f"Bearer {token}"}, **ASKED}


async def asked(gateway, token="one", server="fixture", params=ASKING) -> dict:
    result = (await answer(gateway, "tools/call", params, server=server, **bearer(token)))["result"]
    assert result["resultType"] == "input_required", result
    return result


async def retried(gateway, first: dict, token="one", server="fixture", params=ASKING, **changes) -> dict:
    (key,) = first["inputRequests"]
    retry = params | {"requestState": first["requestState"], "inputResponses": {key: {"action": "decline"}}} | changes
    return await answer(gateway, "tools/call", retry, server=server, **bearer(token))


def test_107_a_state_is_of_one_client_one_place_and_one_request(start):
    async def use(gateway):
        first = await asked(gateway)
        state = first["requestState"]
        together = {"name": "fixture__test_elicitation", "arguments": ASKING["arguments"]}
        strangers = [
            retried(gateway, first, token="two"),
            retried(gateway, first, server="other"),
            retried(gateway, first, server="", params=together),
            retried(gateway, first, server="group/g", params=together),
            retried(gateway, first, arguments={"message": "Who else?"}),
            retried(gateway, first, name="echo"),
            retried(gateway, first, requestState=state.swapcase()),
            retried(gateway, first, requestState=state + " "),
            retried(gateway, first, requestState=state[:-1]),
            retried(gateway, first, requestState=""),
            retried(gateway, first, requestState=state * 1000),
        ]
        for stranger in strangers:
            assert (await stranger)["error"]["code"] == -32602
        for malformed in ({"requestState": 5}, {"requestState": None}, {"inputResponses": []}, {"inputResponses": {"a": 1}}):
            assert (await retried(gateway, first, **malformed))["error"]["code"] == -32602
        # All that has not spoiled it, and it is good once; of two that come at once, for one.
        both = await asyncio.gather(retried(gateway, first), retried(gateway, first))
        assert sorted("error" in one for one in both) == [False, True]
        # The states of several servers together are of no use at one of them.
        second = await asked(gateway, server="", params=together)
        assert (await retried(gateway, second))["error"]["code"] == -32602
        assert (await retried(gateway, second, server="group/g", params=together))["error"]["code"] == -32602
        assert (await retried(gateway, second, server="", params=together))["result"]["resultType"] == "complete"

    servers = {"fixture": fixture(**TWO), "other": fixture(**TWO)}
    with start(servers, groups={"g": {"servers": ["fixture"]}}) as gateway:
        run(use(gateway))


def test_107_a_state_stays_its_clients_when_the_tokens_change_places(start):
    servers = {"fixture": fixture(**TWO)}

    async def use(gateway):
        first = await asked(gateway)
        swapped = {"fixture": fixture(**TWO | {"options": {"authTokens": ["two", "one"]}})}
        await asyncio.to_thread(reload, gateway, swapped)
        assert (await retried(gateway, first, token="two"))["error"]["code"] == -32602
        assert "error" not in await retried(gateway, first)

    with start(servers) as gateway:
        run(use(gateway))


def test_107_answers_without_a_state_begin_anew(start):
    async def use(gateway):
        params = ASKING | {"inputResponses": {"input-1": {"action": "accept", "content": {"username": "x"}}}}
        result = (await answer(gateway, "tools/call", params, **ASKED))["result"]
        assert result["resultType"] == "input_required"

    with start({"fixture": fixture(interactive=True)}) as gateway:
        run(use(gateway))


def test_nobody_parks_more_calls_than_one_token_may(start):
    async def use(gateway):
        first = await asked(gateway)
        error = (await answer(gateway, "tools/call", ASKING, **bearer("one")))["error"]
        assert error["code"] == -32603 and "limits.parkedCallsPerToken" in error["message"]
        other = await asked(gateway, "two")
        assert "error" not in await retried(gateway, other, "two")
        assert "error" not in await retried(gateway, first)
        await asked(gateway)

    with start({"fixture": fixture(**TWO)}, limits={"parkedCallsPerToken": 1}) as gateway:
        run(use(gateway))


# MARK: Subscriptions


def test_nobody_opens_more_subscriptions_than_one_token_may(start):
    params = {"notifications": {"toolsListChanged": True}}

    async def use(gateway):
        async def opened(token: str) -> Connection:
            connection = await Connection.open(gateway.port)
            fields = headers("subscriptions/listen") | {"Authorization": f"Bearer {token}"}
            await connection.start("POST", "/fixture/mcp", fields, body("subscriptions/listen", params).encode())
            await connection.read_head()
            return connection

        async def first(connection) -> dict:
            async for piece in connection.pieces():
                return json.loads(piece.decode().split("data: ")[-1])

        mine = [await opened("one") for _ in range(2)]
        for connection in mine:
            assert (await first(connection))["method"] == "notifications/subscriptions/acknowledged"
        for _ in range(20):
            refused = await opened("one")
            error = (await first(refused))["error"]
            assert error["code"] == -32603 and "limits.listensPerToken" in error["message"]
            await refused.close()
        other = await opened("two")
        assert (await first(other))["method"] == "notifications/subscriptions/acknowledged"
        await mine[0].close()
        while True:
            again = await opened("one")
            if "method" in await first(again):
                break
            await again.close()
        for connection in (mine[1], other, again):
            await connection.close()

    with start({"fixture": fixture(options={"authTokens": ["one", "two"]})}, limits={"listensPerToken": 2}) as gateway:
        run(use(gateway))


def test_subscriptions_that_ask_for_too_much(gateway):
    async def use():
        def resources(*uris):
            return {"notifications": {"resourceSubscriptions": list(uris)}}

        for params in (
            resources(*(f"u:{number}" for number in range(1025))),
            resources(*(f"u:{number}" + "x" * 400 for number in range(1000))),
        ):
            error = (await answer(gateway, "subscriptions/listen", params))["error"]
            assert error["code"] == -32602, error
        long = await answer(gateway, "subscriptions/listen", {"notifications": {}}, id="i" * 2000)
        assert long["error"]["code"] == -32602
        # A URI that no server is asked for is left out.
        async with stream(gateway, "subscriptions/listen", resources("u:" + "x" * 9000)) as (_, received):
            assert (await anext(received))["params"]["notifications"] == {}

    run(use())


def test_many_subscriptions_that_are_left_at_once_cost_nothing_lasting(gateway):
    async def use():
        uris = [f"test://static-text?{number}" for number in range(20)]
        params = {"notifications": {"resourceSubscriptions": uris, "toolsListChanged": True}}
        text = body("subscriptions/listen", params).encode()
        for _ in range(3):
            connections = [await Connection.open(gateway.port) for _ in range(40)]
            for connection in connections:
                await connection.start("POST", "/fixture/mcp", headers("subscriptions/listen"), text)
            for connection in connections:
                await connection.close()
        assert (await ask(gateway, "tools/list")).status == 200

        async def requests() -> list:
            return json.loads(messages.text_of(await answer(gateway, "tools/call", {"name": "subscriptions"})))

        # In the end the server holds none of them.
        while True:
            held = set()
            for what, uri in await requests():
                held.add(uri) if what == "subscribe" else held.discard(uri)
            if not held:
                break
            await asyncio.sleep(0.05)

    run(use())
