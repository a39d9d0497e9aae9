"""MCP 2026-07-28 at `/NAME/mcp`, on the wire, in front of a server of an earlier revision."""

import asyncio
import json
import signal

import pytest

from support import messages
from support.gateway import FIXTURE_SERVER, fixture
from support.http1 import Connection, request
from support.sessions import BOTH
from support.stateless import KEY, VERSION, answer, ask, body, headers, messages_in, stream


@pytest.fixture(scope="module")
def gateway():
    from conftest import running
    from support.gateway import configuration

    with running(configuration({"fixture": fixture()})) as gateway:
        yield gateway


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def code(response) -> tuple[int, int]:
    """The status and the error's code."""
    return response.status, json.loads(response.text)["error"]["code"]


def test_62_63_discover_tells_what_the_server_is(gateway):
    result = run(answer(gateway, "server/discover"))["result"]
    assert result["resultType"] == "complete"
    assert result["supportedVersions"] == [VERSION]
    assert result["capabilities"]["tools"]["listChanged"] is True
    assert result["ttlMs"] >= 0 and result["cacheScope"] in ("public", "private")
    assert result["_meta"][KEY + "serverInfo"]["name"] == "fixture"


def test_63_81_every_result_says_what_it_is_and_lists_how_long_they_may_be_kept(gateway):
    async def use():
        for method, params in (
            ("tools/list", {}), ("prompts/list", {}), ("resources/list", {}), ("resources/templates/list", {}),
            ("resources/read", {"uri": "test://static-text"}),
        ):
            result = (await answer(gateway, method, params))["result"]
            assert result["resultType"] == "complete", method
            assert result["ttlMs"] >= 0 and result["cacheScope"] == "private", method
            assert result["_meta"][KEY + "serverInfo"]["name"] == "fixture", method
        result = (await answer(gateway, "tools/call", {"name": "echo", "arguments": {"a": 1}}))["result"]
        assert result["resultType"] == "complete" and "ttlMs" not in result

    run(use())


def test_10_13_ids_and_unknown_members_come_back_as_they_were(gateway):
    async def use():
        for id in (9007199254740993, "9007199254740993", 0, ""):
            response = await ask(gateway, "tools/call", {"name": "echo", "arguments": {"é": [1e2]}}, id=id)
            assert messages_in(response)[0]["id"] == id
            assert response.status == 200

    run(use())


def test_64_66_67_68_69_the_ladder(gateway):
    async def use():
        assert code(await ask(gateway, "tools/list", extra={"Mcp-Method": None})) == (400, -32020)
        assert code(await ask(gateway, "tools/list", extra={"Mcp-Method": "Tools/List"})) == (400, -32020)
        assert code(await ask(gateway, "tools/list", extra={"MCP-Protocol-Version": None})) == (400, -32020)
        echo = {"name": "echo"}
        assert code(await ask(gateway, "tools/call", echo, extra={"Mcp-Name": None})) == (400, -32020)
        assert code(await ask(gateway, "tools/call", echo, extra={"Mcp-Name": "Echo"})) == (400, -32020)
        encoded = await ask(gateway, "tools/call", echo, extra={"Mcp-Name": "=?base64?ZWNobw==?="})
        assert encoded.status == 200
        assert code(await ask(gateway, "tools/call", echo, extra={"Mcp-Name": "=?base64?ZWNobw=?="})) == (400, -32020)
        unknown = await ask(gateway, "tools/list", version="v999.0.0")
        assert code(unknown) == (400, -32022)
        data = json.loads(unknown.text)["error"]["data"]
        assert data == {"supported": [VERSION], "requested": "v999.0.0"}
        later = await ask(gateway, "tools/list", version="v999.0.0", extra={"MCP-Protocol-Version": VERSION})
        assert code(later) == (400, -32020)
        bare = await request(gateway.port, "POST", "/fixture/mcp", headers("initialize"), messages.initialize())
        assert code(bare) == (400, -32602)
        assert json.loads(bare.text)["id"] == 0

    run(use())


@pytest.mark.parametrize(
    "method", ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "no/such"]
)
def test_73_what_this_revision_does_not_have_is_404(gateway, method):
    assert code(run(ask(gateway, method))) == (404, -32601)


def test_74_a_feature_that_the_server_does_not_offer_is_404(start):
    with start({"fixture": fixture("--no-prompts")}) as gateway:
        assert code(run(ask(gateway, "prompts/list"))) == (404, -32601)


def test_75_get_and_delete_are_refused_and_sessions_are_ignored(gateway):
    async def use():
        fields = {"MCP-Protocol-Version": VERSION, "Accept": "text/event-stream"}
        for method in ("GET", "DELETE"):
            response = await request(gateway.port, method, "/fixture/mcp", fields)
            assert (response.status, response.headers["allow"]) == (405, "POST")
        ignored = {"Mcp-Session-Id": "nobody's", "Last-Event-ID": "1.1"}
        response = await ask(gateway, "tools/list", extra=ignored)
        assert response.status == 200 and "mcp-session-id" not in response.headers

    run(use())


def test_76_77_arrays_and_responses_are_refused_and_notifications_dropped(gateway):
    async def use():
        fields = headers("tools/list")
        for text in (f"[{body('tools/list')}]", '{"jsonrpc":"2.0","id":1,"result":{}}'):
            response = await request(gateway.port, "POST", "/fixture/mcp", fields, text)
            assert code(response) == (400, -32600)
        for text in ("[]", "{", '{"jsonrpc":"2.0","id":null,"method":"tools/list"}'):
            refusal = json.loads((await request(gateway.port, "POST", "/fixture/mcp", fields, text)).text)
            assert "id" not in refusal and refusal["error"]["code"] in (-32600, -32700)
        cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}'
        response = await request(gateway.port, "POST", "/fixture/mcp", headers("notifications/cancelled"), cancel)
        assert (response.status, response.text) == (202, "")

    run(use())


def test_84_85_a_resource_that_is_not_there(gateway):
    error = run(answer(gateway, "resources/read", {"uri": "nowhere://at-all"}))["error"]
    assert error["code"] == -32602


def test_85_codes_of_the_server_that_are_reserved_do_not_get_out(gateway):
    error = run(answer(gateway, "tools/call", {"name": "fail", "arguments": {}}))["error"]
    assert error["code"] == -32603 and error["data"]["code"] == -32050


def test_86_log_messages_come_only_from_the_level_that_the_request_names(gateway):
    async def levels(**keys):
        response = await ask(gateway, "tools/call", {"name": "log", "arguments": {"level": "warning"}}, **keys)
        return [m["params"]["level"] for m in messages_in(response) if m.get("method") == "notifications/message"]

    async def use():
        assert await levels() == []
        assert await levels(log_level="warning") == ["warning"]
        assert await levels(log_level="error") == []
        bad = await ask(gateway, "tools/list", log_level="loud")
        assert json.loads(bad.text)["error"]["code"] == -32602

    run(use())


@pytest.mark.parametrize("token", ["t", 7])
def test_87_progress_comes_under_the_callers_token_before_the_result(gateway, token):
    async def use():
        keys = {"progressToken": token}
        response = await ask(gateway, "tools/call", {"name": "progress", "arguments": {"steps": 3}}, **keys)
        assert response.headers["x-accel-buffering"] == "no"
        *progress, last = messages_in(response)
        assert [m["params"]["progressToken"] for m in progress] == [token] * len(progress)
        values = [m["params"]["progress"] for m in progress]
        assert values == sorted(set(values)) and len(values) == 3
        assert "result" in last
        # Without a token, none.
        silent = await ask(gateway, "tools/call", {"name": "progress", "arguments": {"steps": 3}})
        assert len(messages_in(silent)) == 1

    run(use())


async def cancelled(gateway) -> list:
    result = await answer(gateway, "tools/call", {"name": "cancelled", "arguments": {}})
    return json.loads(messages.text_of(result))


def test_78_closing_the_response_cancels_the_call(gateway):
    async def use():
        before = len(await cancelled(gateway))
        params = {"name": "sleep", "arguments": {"ms": 600000}}
        # Once while nothing has been sent, and once after the response has become a stream.
        connection = await Connection.open(gateway.port)
        await connection.start("POST", "/fixture/mcp", headers("tools/call", params), body("tools/call", params).encode())
        await asyncio.sleep(0)
        await connection.close()
        while len(await cancelled(gateway)) < before + 1:
            await asyncio.sleep(0.02)
        async with stream(gateway, "tools/call", params) as (head, _):
            assert head.headers["content-type"] == "text/event-stream"
        while len(await cancelled(gateway)) < before + 2:
            await asyncio.sleep(0.02)

    run(use())


@pytest.mark.parametrize("id", [7, "seven"])
def test_90_91_92_95_a_subscription_is_acknowledged_and_tells_what_it_was_asked_for(gateway, id):
    async def use():
        wanted = {"toolsListChanged": True, "promptsListChanged": False, "unknown": True}
        async with stream(gateway, "subscriptions/listen", {"notifications": wanted}, id=id) as (head, received):
            assert head.headers["content-type"] == "text/event-stream"
            first = await anext(received)
            assert first["method"] == "notifications/subscriptions/acknowledged"
            assert first["params"]["notifications"] == {"toolsListChanged": True}
            assert first["params"]["_meta"][KEY + "subscriptionId"] == id
            await ask(gateway, "tools/call", {"name": "list_changed", "arguments": {"what": "prompts"}})
            await ask(gateway, "tools/call", {"name": "list_changed", "arguments": {"what": "tools"}})
            change = await anext(received)
            assert change["method"] == "notifications/tools/list_changed"
            assert change["params"]["_meta"][KEY + "subscriptionId"] == id

    run(use())


def test_92_155_a_subscription_at_several_servers_tells_that_their_lists_have_changed(start, tmp_path):
    program = tmp_path / "server"
    params = {"notifications": {"toolsListChanged": True}}

    async def use(gateway):
        async with (
            stream(gateway, "subscriptions/listen", params, server="") as (_, everywhere),
            stream(gateway, "subscriptions/listen", params, server="group/g") as (_, in_group),
        ):
            for received in (everywhere, in_group):
                first = await anext(received)
                assert first["params"]["notifications"] == {"toolsListChanged": True}
            program.symlink_to(FIXTURE_SERVER)
            for received in (everywhere, in_group):
                assert (await anext(received))["method"] == "notifications/tools/list_changed"
        tools = (await answer(gateway, "tools/list", server=""))["result"]["tools"]
        assert "gone__echo" in [tool["name"] for tool in tools]

    servers = {"well": fixture(), "gone": {"command": str(program)}}
    with start(servers, groups={"g": {"servers": ["gone"]}}) as gateway:
        run(use(gateway))


def test_a_subscription_needs_a_stream_and_a_filter(gateway):
    async def use():
        params = {"notifications": {}}
        response = await ask(gateway, "subscriptions/listen", params, extra={"Accept": "application/json"})
        assert response.status == 406
        assert json.loads((await ask(gateway, "subscriptions/listen")).text)["error"]["code"] == -32602

    run(use())


def test_94_a_gateway_that_stops_ends_its_subscriptions_in_order(start):
    with start({"fixture": fixture()}) as gateway:

        async def use():
            params = {"notifications": {"toolsListChanged": True}}
            async with stream(gateway, "subscriptions/listen", params, id="last") as (_, received):
                await anext(received)
                gateway.signal(signal.SIGTERM)
                rest = [message async for message in received]
                assert rest[-1]["id"] == "last"
                assert rest[-1]["result"]["resultType"] == "complete"
                assert rest[-1]["result"]["_meta"][KEY + "subscriptionId"] == "last"

        run(use())


def test_one_subscription_more_than_limits_listens_is_refused(start):
    async def use(gateway):
        params = {"notifications": {"toolsListChanged": True}}
        async with stream(gateway, "subscriptions/listen", params) as (_, received):
            await anext(received)
            error = (await answer(gateway, "subscriptions/listen", params))["error"]
            assert error["code"] == -32603 and "limits.listens" in error["message"]
        # Once the first is gone there is room.
        while True:
            async with stream(gateway, "subscriptions/listen", params) as (_, received):
                if "error" not in await anext(received):
                    break

    with start({"fixture": fixture()}, limits={"listens": 1}) as gateway:
        run(use(gateway))


ASKING = {"name": "test_elicitation", "arguments": {"message": "Who?"}}
ASKED = {"capabilities": {"elicitation": {"form": {}}}}


def test_one_call_more_than_limits_parked_calls_that_wants_input_is_refused(start):
    async def use(gateway):
        first = (await answer(gateway, "tools/call", ASKING, **ASKED))["result"]
        assert first["resultType"] == "input_required"
        error = (await answer(gateway, "tools/call", ASKING, **ASKED))["error"]
        assert error["code"] == -32603 and "limits.parkedCalls" in error["message"]
        (key,) = first["inputRequests"]
        retry = ASKING | {"requestState": first["requestState"], "inputResponses": {key: {"action": "decline"}}}
        assert (await answer(gateway, "tools/call", retry, **ASKED))["result"]["resultType"] == "complete"

    with start({"fixture": fixture(interactive=True)}, limits={"parkedCalls": 1}) as gateway:
        run(use(gateway))


def test_107_a_state_is_good_for_as_long_as_limits_parked_call_age_says(start):
    async def use(gateway):
        first = (await answer(gateway, "tools/call", ASKING, **ASKED))["result"]
        (key,) = first["inputRequests"]
        await asyncio.sleep(0.06)
        retry = ASKING | {"requestState": first["requestState"], "inputResponses": {key: {"action": "decline"}}}
        error = (await answer(gateway, "tools/call", retry, **ASKED))["error"]
        assert error["code"] == -32602 and "expired" in error["message"]

    with start({"fixture": fixture(interactive=True)}, limits={"parkedCallAge": "50ms"}) as gateway:
        run(use(gateway))


def test_107_states_that_nobody_was_given_are_refused(gateway):
    async def use():
        params = {"name": "echo", "arguments": {}, "requestState": "forged", "inputResponses": {}}
        error = (await answer(gateway, "tools/call", params))["error"]
        assert error["code"] == -32602 and "requestState" in error["message"]

    run(use())


def test_both_eras_share_one_path(gateway):
    async def use():
        fields = {"Content-Type": "application/json", "Accept": BOTH}
        opened = await request(gateway.port, "POST", "/fixture/mcp", fields, messages.initialize())
        assert opened.status == 200 and "mcp-session-id" in opened.headers
        assert "resultType" not in messages_in(opened)[0]["result"]
        assert (await ask(gateway, "tools/list")).status == 200

    run(use())
