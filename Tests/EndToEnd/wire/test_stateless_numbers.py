"""MCP 2026-07-28 in front of a server of an earlier revision: what several requests, connections and lives have in
common, and what they must not."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from support import messages, waiting
from support.gateway import fixture
from support.http1 import Connection
from support.stateless import KEY, answer, ask, body, headers, messages_in, stream
from wire.test_stateless import ASKED, ASKING, code, run

ASKER = Path(__file__).resolve().parents[1] / "servers" / "asker.py"
URLS = {"capabilities": {"elicitation": {"url": {}}}}


@pytest.fixture(scope="module")
def gateway():
    from conftest import running
    from support.gateway import configuration

    with running(configuration({"fixture": fixture(interactive=True), "other": fixture()})) as gateway:
        yield gateway


async def call(gateway, tool: str, arguments: dict | None = None, **keys) -> dict:
    return await answer(gateway, "tools/call", {"name": tool, "arguments": arguments or {}}, **keys)


def test_82_83_lists_are_the_same_for_everybody_and_after_a_restart(gateway):
    async def lists(server) -> list[str]:
        found = []
        for method in ("tools/list", "prompts/list", "resources/list", "resources/templates/list"):
            response = await ask(gateway, method, server=server)
            found.append(response.text)
        return found

    async def use():
        first = await lists("other"), await lists("")
        await call(gateway, "echo", server="other")
        await call(gateway, "log", {"level": "error"}, server="other", log_level="debug")
        assert (await lists("other"), await lists("")) == first
        died = await call(gateway, "crash", server="other")
        assert "error" in died
        # The answer to a request that waits for the next life comes from it.
        await call(gateway, "echo", server="other")
        again = await lists("other")
        assert again == first[0]
        while (together := await lists("")) != first[1]:
            assert json.loads(together[0])["result"]["tools"], "a server that restarts keeps its place"
            await asyncio.sleep(0.05)

    run(use())


def test_89_requests_on_one_connection_have_nothing_to_do_with_each_other(start):
    async def use(gateway):
        connection = await Connection.open(gateway.port)

        async def send(method, params=None, token="one", **keys):
            fields = headers(method, params, keys.get("version", "2026-07-28"))
            if token:
                fields["Authorization"] = f"Bearer {token}"
            await connection.start("POST", "/fixture/mcp", fields, body(method, params, **keys).encode())
            return await connection.read_response()

        asked = await send("tools/call", ASKING, **ASKED)
        first = messages_in(asked)[-1]["result"]
        assert first["resultType"] == "input_required"
        (key,) = first["inputRequests"]
        retry = ASKING | {"requestState": first["requestState"], "inputResponses": {key: {"action": "decline"}}}
        assert code(await send("tools/list", version="2099-01-01")) == (400, -32022)
        # Another's token, and none, on the connection that has just shown a good one.
        assert code(await send("tools/call", retry, token="two", **ASKED)) == (200, -32602)
        assert (await send("tools/call", retry, token=None, **ASKED)).status == 401
        # What was declared a moment ago is declared no more.
        plain = messages_in(await send("tools/call", ASKING))[-1]
        assert "inputRequests" not in json.dumps(plain)
        levels = [m for m in messages_in(await send("tools/call", {"name": "log"}, log_level="debug")) if "method" in m]
        assert levels and not [m for m in messages_in(await send("tools/call", {"name": "log"})) if "method" in m]
        assert messages_in(await send("tools/call", retry, **ASKED))[-1]["result"]["resultType"] == "complete"
        await connection.close()

    with start({"fixture": fixture(interactive=True, options={"authTokens": ["one", "two"]})}) as gateway:
        run(use(gateway))


def test_79_80_nothing_is_asked_on_a_stream(gateway):
    async def use():
        response = await ask(gateway, "tools/call", ASKING, extra={"Accept": "text/event-stream"}, **ASKED)
        assert response.headers["x-accel-buffering"] == "no"
        received = messages_in(response)
        assert received[-1]["result"]["resultType"] == "input_required"
        assert not [message for message in received if "method" in message and "id" in message]

    run(use())


WATCHED = "test://watched-resource"


async def watched(gateway) -> list:
    """What the server was asked in its present life, in order."""
    return json.loads(messages.text_of(await call(gateway, "subscriptions", server="other")))


def listening(gateway, *uris: str, **keys):
    wanted = {"toolsListChanged": True, "resourceSubscriptions": list(uris)}
    return stream(gateway, "subscriptions/listen", {"notifications": wanted}, server="other", **keys)


def test_95_a_server_that_has_restarted_may_have_changed_everything(gateway):
    async def use():
        async with listening(gateway, WATCHED, id="s") as (_, received):
            acknowledged = await anext(received)
            assert acknowledged["params"]["notifications"]["resourceSubscriptions"] == [WATCHED]
            await call(gateway, "crash", server="other")
            heard = {}
            while len(heard) < 2:
                message = await anext(received)
                assert message["params"]["_meta"][KEY + "subscriptionId"] == "s"
                heard[message["method"]] = message["params"].get("uri")
            assert heard == {
                "notifications/tools/list_changed": None, "notifications/resources/updated": WATCHED,
            }
            assert ["subscribe", WATCHED] in await watched(gateway), "the new life was asked again"

    run(use())


def test_92_96_the_last_who_listens_leaves_nothing_behind(gateway):
    async def use():
        before = len(await watched(gateway))
        async with listening(gateway, WATCHED, id=1) as (_, one):
            await anext(one)
            async with listening(gateway, WATCHED, id=1) as (_, other):
                await anext(other)
                await call(gateway, "updates", {"uri": WATCHED}, server="other")
                for received in (one, other):
                    assert (await anext(received))["params"]["uri"] == WATCHED
            await call(gateway, "updates", {"uri": WATCHED}, server="other")
            assert (await anext(one))["params"]["uri"] == WATCHED
            assert (await watched(gateway))[before:] == [["subscribe", WATCHED]]
        while (await watched(gateway))[before:] != [["subscribe", WATCHED], ["unsubscribe", WATCHED]]:
            await asyncio.sleep(0.02)

    run(use())


def test_97_what_belongs_to_a_call_is_not_told_to_who_listens(gateway):
    async def use():
        async with listening(gateway, id="l") as (_, received):
            await anext(received)
            loud = await ask(gateway, "tools/call", {"name": "logs"}, server="other", log_level="debug")
            assert [m for m in messages_in(loud) if m.get("method") == "notifications/message"]
            await ask(gateway, "tools/call", {"name": "progress"}, server="other", progressToken="l")
            await call(gateway, "list_changed", {"what": "tools"}, server="other")
            assert (await anext(received))["method"] == "notifications/tools/list_changed"

    run(use())


# MARK: Calls whose clients are asked


def asker(file, *options, **keys) -> dict:
    return {"command": sys.executable, "args": [str(ASKER), str(file), *options], "era": "legacy", **keys}


def received(file, method: str) -> list[dict]:
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [message for message in lines if message.get("method") == method]


def test_109_a_client_that_does_not_come_back_leaves_nothing_behind(start, tmp_path):
    file = tmp_path / "received"

    async def use(gateway):
        first = (await call(gateway, "asks", server="asker", **ASKED))["result"]
        assert first["resultType"] == "input_required"
        waiting.until(lambda: received(file, "notifications/cancelled"), "the end of the call")
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        (answered,) = [line["result"] for line in lines if "result" in line]
        assert answered == {"action": "cancel"}
        (called,) = received(file, "tools/call")
        assert received(file, "notifications/cancelled")[0]["params"]["requestId"] == called["id"]
        # There is room for another.
        again = (await call(gateway, "asks", server="asker", **ASKED))["result"]
        assert again["resultType"] == "input_required"

    servers = {"asker": asker(file, "--silent", interactive=True)}
    with start(servers, limits={"parkedCalls": 1, "parkedCallAge": "100ms"}) as gateway:
        run(use(gateway))


def test_78_105_one_call_whose_client_is_gone_while_it_waits_again_is_cancelled(start, tmp_path):
    file = tmp_path / "received"

    async def use(gateway):
        first = (await call(gateway, "asks", server="asker", **ASKED))["result"]
        (key,) = first["inputRequests"]
        retry = {"name": "asks", "arguments": {}, "requestState": first["requestState"]}
        retry["inputResponses"] = {key: {"action": "accept", "content": {"name": "Ada"}}}
        async with stream(gateway, "tools/call", retry, server="asker", id=2, **ASKED):
            assert not received(file, "notifications/cancelled")
        waiting.until(lambda: received(file, "notifications/cancelled"), "the end of the call")
        assert len(received(file, "tools/call")) == 1

    with start({"asker": asker(file, "--silent", interactive=True)}, limits={"parkedCalls": 1}) as gateway:
        run(use(gateway))


def test_106_108_what_was_left_out_is_asked_again_and_what_nobody_asked_is_ignored(gateway):
    async def use():
        first = (await answer(gateway, "tools/call", ASKING, **ASKED))["result"]
        (key,) = first["inputRequests"]
        retry = ASKING | {"requestState": first["requestState"], "inputResponses": {"nobody": {"action": "accept"}}}
        second = (await answer(gateway, "tools/call", retry, **ASKED))["result"]
        assert second["inputRequests"] == first["inputRequests"]
        assert second["requestState"] != first["requestState"]
        retry |= {"requestState": second["requestState"], "inputResponses": {key: {"action": "cancel"}, "x": {}}}
        assert (await answer(gateway, "tools/call", retry, **ASKED))["result"]["resultType"] == "complete"

    run(use())


def test_112_a_url_that_must_be_visited_is_a_round(gateway):
    params = {"name": "needs_url", "arguments": {"id": "e-1", "url": "https://example.org/login"}}

    async def use():
        async def again(result: dict, **responses) -> dict:
            retry = params | {"requestState": result["requestState"], "inputResponses": responses}
            return (await answer(gateway, "tools/call", retry, **URLS))["result"]

        first = (await answer(gateway, "tools/call", params, **URLS))["result"]
        assert first["resultType"] == "input_required" and "ttlMs" not in first
        (key, question), = first["inputRequests"].items()
        assert question["method"] == "elicitation/create"
        assert question["params"]["mode"] == "url" and question["params"]["url"] == "https://example.org/login"
        assert "elicitationId" not in json.dumps(first)
        # Who has not said anything is asked again; who has been there has the call made anew, which this server
        # answers as before; who does not want to ends it.
        second = await again(first)
        assert second["inputRequests"] == first["inputRequests"]
        third = await again(second, **{key: {"action": "accept"}})
        assert third["resultType"] == "input_required"
        last = await again(third, **{key: {"action": "decline"}})
        assert last["isError"] is True and last["resultType"] == "complete"
        assert last["_meta"][KEY + "serverInfo"]

    run(use())


def test_112_156_who_sends_the_user_to_a_url_is_named_where_there_are_several_servers(gateway):
    params = {"name": "fixture__needs_url", "arguments": {"id": "e-1", "url": "https://example.org/login"}}
    result = run(answer(gateway, "tools/call", params, server="", **URLS))["result"]
    (question,) = result["inputRequests"].values()
    assert question["params"]["message"].startswith("fixture: ")
    refused = run(answer(gateway, "tools/call", params, server="", **ASKED))["error"]
    assert refused["code"] == -32021 and "https://example.org/login" in refused["message"]


def test_88_112_a_client_that_can_visit_no_url_is_told_what_it_lacks(gateway):
    params = {"name": "needs_url", "arguments": {"id": "e-1", "url": "https://example.org/login"}}
    refused = run(ask(gateway, "tools/call", params, extra={"Accept": "application/json"}, **ASKED))
    assert code(refused) == (400, -32021)
    assert json.loads(refused.text)["error"]["data"] == {"requiredCapabilities": {"elicitation": {"url": {}}}}


def test_131_a_call_without_an_answer_times_out_and_is_cancelled(start):
    async def use(gateway):
        error = (await call(gateway, "sleep", {"ms": 600_000}))["error"]
        assert error["code"] == -32603 and "callTimeout" in error["message"]
        while not json.loads(messages.text_of(await call(gateway, "cancelled"))):
            await asyncio.sleep(0.02)

    with start({"fixture": fixture(callTimeout="300ms")}) as gateway:
        run(use(gateway))
