"""Bytes pass: what the server wrote is what the client reads, and the other way round."""

import asyncio
import json
import subprocess

from support import http1, messages
from support.gateway import FIXTURE_SERVER, fixture
from support.messages import call, text_of
from support.sessions import BOTH, LegacySession, arrival_of_sleep, cancelled_calls, legacy, streamable, texts_in

ODD = (
    '{"z":9007199254740993,"a":123456789012345678901234567890,"f":1.10,"e":1E+2,"m":-0,'
    '"s":"\u2028\u2029 😀 \\ud83d\\ude00 \\u00e9 \\/ \\u0000","unknown":{"deep":[[[]]],"null":null}}'
)


def result_of(line: str) -> str:
    """The text of the result of a one-line answer of the fixture, which puts it last."""
    return line[line.index('"result":') + len('"result":') : line.rindex("}")]


def direct_tools() -> str:
    """What the server itself answers to tools/list, read from its own stdout."""
    sent = "\n".join([messages.initialize(), messages.request("1", "tools/list")]) + "\n"
    process = subprocess.Popen([FIXTURE_SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    process.stdin.write(sent)
    process.stdin.flush()
    for line in iter(process.stdout.readline, ""):
        if '"tools":[' in line:
            process.stdin.close()
            process.wait()
            return result_of(line.rstrip("\n"))
    raise AssertionError("the fixture did not list its tools")


def test_13_15_a_list_reaches_clients_of_both_transports_byte_for_byte(start):
    expected = direct_tools()

    async def use(gateway):
        async with legacy(gateway) as session:
            await session.ask(messages.request('"list"', "tools/list"))
            assert any(expected in text for text in session.received)
        async with streamable(gateway) as session:
            response = await session.post(messages.request('"list"', "tools/list"))
            assert expected in texts_in(response)[-1]

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_13_15_arguments_reach_the_server_byte_for_byte(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            answer = await session.ask(call("5", "echo", ODD))
            assert text_of(answer) == ODD
            assert f'"arguments":{ODD}' in answer["result"]["structuredContent"]["line"]

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_124_progress_comes_with_the_clients_own_token_before_the_result(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            answer = await session.ask(call("5", "progress", {"steps": 3}, token="9007199254740993"))
            assert text_of(answer) == "made 3 steps"
            if hasattr(session, "asides"):
                before = session.asides
            else:
                before = [json.loads(text) for text in session.received]
            progress = [m["params"] for m in before if m.get("method") == "notifications/progress"]
            assert [p["progress"] for p in progress] == [1, 2, 3]
            assert {p["progressToken"] for p in progress} == {9007199254740993}

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_a_keys_escapes_do_not_hide_it(start):
    """`"i\\u0064"` is the key `id`: a gateway that searches for the plain spelling loses the call."""

    async def use(gateway):
        async with streamable(gateway) as session:
            response = await session.post(
                r'{"jsonrpc":"2.0","i\u0064":41,"m\u0065thod":"tools/call","params":{"n\u0061me":"echo","arguments":{}}}'
            )
            (text,) = texts_in(response)
            assert json.loads(text)["id"] == 41 and "result" in json.loads(text)

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_a_json_rpc_error_of_the_server_passes_with_its_code_and_data(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            error = (await session.ask(call("5", "fail")))["error"]
            assert (error["code"], error["message"]) == (-32050, "failed as asked")
            assert error["data"]["bigger"] == 123456789012345678901234567890

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_22_130_a_dropped_sse_stream_cancels_what_it_was_waiting_for(start):
    async def use(gateway):
        leaving = await LegacySession.open(gateway.port, "fixture")
        await leaving.initialize()
        assert (await leaving.post(call("77", "sleep", {"ms": 60_000}))).status == 202
        async with legacy(gateway) as staying:
            await arrival_of_sleep(staying)
            await leaving.close()
            await cancelled_calls(staying, 1)

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_45_a_dropped_post_does_not_cancel_its_call(start):
    async def use(gateway):
        async with streamable(gateway) as session:
            connection = await http1.Connection.open(gateway.port)
            fields = {"Content-Type": "application/json", "Accept": BOTH} | session.headers
            await connection.start("POST", session.target, fields, call("5", "sleep", {"ms": 60_000}).encode())
            await arrival_of_sleep(session)
            await connection.close()
            # The gateway has noticed the end of the connection by the time it has served a later one.
            for step in range(3):
                await session.ask(call(f"{100 + step}", "echo"))
            assert json.loads(text_of(await session.ask(call("200", "cancelled")))) == []

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_130_a_cancelled_notification_reaches_the_server_with_the_id_it_knows(start):
    async def use(gateway):
        async with legacy(gateway) as session:
            assert (await session.post(call('"mine"', "sleep", {"ms": 60_000}))).status == 202
            await arrival_of_sleep(session)
            cancel = messages.notification("notifications/cancelled", '{"requestId":"mine","reason":"enough"}')
            assert (await session.post(cancel)).status == 202
            ids = await cancelled_calls(session, 1)
            lines = json.loads(text_of(await session.ask(call('"l"', "received", {"method": "tools/call"}))))
            sleeping = [json.loads(line) for line in lines if '"sleep"' in line]
            assert ids == [message["id"] for message in sleeping]

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_130_an_answer_after_a_cancel_reaches_nobody(start):
    async def use(gateway):
        async with legacy(gateway) as session:
            assert (await session.post(call("31", "late", {"ms": 60_000}))).status == 202
            cancel = messages.notification("notifications/cancelled", '{"requestId":31}')
            assert (await session.post(cancel)).status == 202
            await cancelled_calls(session, 1)
            for step in range(3):
                await session.ask(call(f'"{step}"', "echo"))
            assert not any("result" in answer for answer in session.answers(31))

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))
