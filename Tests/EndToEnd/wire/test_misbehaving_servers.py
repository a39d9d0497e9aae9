"""Servers that crash, hang, flood and chatter: clients get their answers or an error that says why."""

import asyncio
import json
import os
import signal

import pytest

from support import messages
from support.gateway import fixture
from support.http1 import request
from support.messages import call, text_of
from support.sessions import BOTH, LegacySession, legacy

JSON = {"Content-Type": "application/json", "Accept": BOTH}


def run(use, start, servers, **keys):
    with start(servers, **keys) as gateway:
        asyncio.run(use(gateway))


def test_147_ten_megabytes_on_stderr_before_the_handshake_and_in_a_call_change_nothing(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            assert text_of(await session.ask(call("1", "flood_stderr", {"bytes": 10_000_000}))) == "flooded"
            assert text_of(await session.ask(call("2", "echo", "{}"))) == "{}"

    run(use, start, {"fixture": fixture("--flood-stderr", "10000000")})


def test_147_banners_and_broken_lines_on_stdout_are_skipped(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            await session.ask(call("1", "raw", {"line": '{"jsonrpc":"2.0","id":'}))
            await session.ask(call("2", "raw", {"line": "x" * 100_000}))
            await session.ask(call("3", "raw", {"line": '{"jsonrpc":"2.0","id":999999,"result":{}}'}))
            answer = await session.ask(call("4", "echo", '{"still":"here"}'))
            assert json.loads(text_of(answer)) == {"still": "here"}
        assert "Fixture server listening" in gateway.log

    run(use, start, {"fixture": fixture("--banner")})


def test_output_in_pieces_of_a_few_bytes_is_put_together(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            sent = {"text": "é😀\u2028" * 50}
            assert json.loads(text_of(await session.ask(call("1", "echo", sent)))) == sent

    run(use, start, {"fixture": fixture("--half-lines", "--banner")})


@pytest.mark.parametrize("id_last", [False, True], ids=["id first", "id last"])
def test_an_answer_of_many_megabytes_passes(start, transport, id_last):
    async def use(gateway):
        async with transport(gateway) as session:
            answer = await session.ask(call("1", "big", {"bytes": 12_000_000, "idLast": id_last}))
            assert len(text_of(answer)) == 12_000_000

    run(use, start, {"fixture": fixture()})


def test_an_answer_over_the_limit_is_an_error_for_its_caller_and_for_nobody_else(start):
    async def use(gateway):
        async with legacy(gateway) as session, legacy(gateway) as bystander:
            child = gateway.child("fixture-server")
            answer = await session.ask(call("1", "big", {"bytes": (64 << 20) + 1}), seconds=60)
            assert "fixture" in answer["error"]["message"]
            assert "result" in await bystander.ask(call("1", "echo"))
            assert gateway.child("fixture-server") == child

    run(use, start, {"fixture": fixture()})


def test_a_server_that_stops_reading_delays_no_other_server(start):
    async def use(gateway):
        async with legacy(gateway, "deaf") as deaf, legacy(gateway, "other") as other:
            assert (await deaf.post(call("0", "stop_reading", {"ms": 3000}))).status == 202
            filler = "x" * 65_536
            asked = [asyncio.create_task(deaf.ask(call(str(n), "echo", {"x": filler}))) for n in range(1, 51)]
            for number in range(20):
                assert "result" in await other.ask(call(str(number), "echo"), seconds=2)
            assert not any(task.done() for task in asked)
            assert all("result" in answer for answer in await asyncio.gather(*asked))

    run(use, start, {"deaf": fixture(), "other": fixture()})


def test_61_a_crash_answers_the_call_and_the_next_call_finds_the_server_back(start):
    async def use(gateway):
        async with legacy(gateway) as session, legacy(gateway) as other:
            error = (await session.ask(call("1", "crash", {"exit": 41})))["error"]
            for part in ("fixture", "41", "crashing as asked"):
                assert part in error["message"], error
            assert "result" in await session.ask(call("2", "echo"))
            for one in (session, other):
                await one.wait_for(lambda m: m.get("method") == "notifications/tools/list_changed")

    run(use, start, {"fixture": fixture()})


def test_an_answer_written_right_before_the_exit_is_not_lost(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            assert text_of(await session.ask(call("1", "crash", {"answer": True}))) == "my last words"

    run(use, start, {"fixture": fixture()})


def test_148_a_server_that_never_starts_says_who_why_and_what_it_said_last(start):
    async def use(gateway):
        response = await request(gateway.port, "POST", "/fixture/mcp", JSON, messages.initialize())
        assert response.status == 503
        assert int(response.headers["retry-after"]) >= 1
        for part in ("fixture", "33", "told to exit on start"):
            assert part in response.text
        session = await LegacySession.open(gateway.port, "fixture")
        error = (await session.ask(messages.initialize()))["error"]
        for part in ("fixture", "33", "told to exit on start"):
            assert part in error["message"]
        # The stream is still good.
        assert (await session.ask(messages.request("1", "ping")))["result"] == {}
        await session.close()
        async with legacy(gateway, "other") as other:
            assert "result" in await other.ask(call("1", "echo"))

    run(use, start, {"fixture": fixture("--exit-on-start", "33"), "other": fixture()})


@pytest.mark.parametrize(
    ("command", "expected"),
    [("no-such-launcher-anywhere", "no-such-launcher-anywhere"), ("/etc/passwd", "/etc/passwd")],
    ids=["not found", "not executable"],
)
def test_a_command_that_cannot_be_run_is_the_reason_clients_get(start, command, expected):
    async def use(gateway):
        session = await LegacySession.open(gateway.port, "broken")
        error = (await session.ask(messages.initialize()))["error"]
        assert "broken" in error["message"] and expected in error["message"]
        await session.close()
        async with legacy(gateway) as other:
            assert "result" in await other.ask(call("1", "echo"))

    run(use, start, {"broken": {"command": command}, "fixture": fixture()})


def test_a_server_that_hangs_on_initialize_is_given_up_after_its_start_timeout(start):
    async def use(gateway):
        session = await LegacySession.open(gateway.port, "fixture")
        error = (await session.ask(messages.initialize()))["error"]
        assert "fixture" in error["message"]
        await session.close()
        gateway.wait_for_log("fixture.*(start|initialize)")

    run(use, start, {"fixture": fixture("--hang-on-initialize", startTimeout="500ms")})


def test_a_server_that_exits_on_initialize_does_not_hang_clients(start):
    async def use(gateway):
        session = await LegacySession.open(gateway.port, "fixture")
        error = (await session.ask(messages.initialize()))["error"]
        assert "told to exit on initialize" in error["message"]
        await session.close()

    run(use, start, {"fixture": fixture("--exit-on-initialize", "9")})


def test_a_client_that_comes_while_a_slow_server_starts_is_served(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            assert "result" in await session.ask(call("1", "echo"))

    run(use, start, {"fixture": fixture("--start-delay", "1500")})


def test_a_call_that_comes_while_a_server_restarts_waits_for_it(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            child = gateway.child("fixture-server")
            os.kill(child.pid, signal.SIGKILL)
            gateway.wait_for_log("fixture.*(SIGKILL|signal 9)")
            assert "result" in await session.ask(call("1", "echo"))
            assert gateway.child("fixture-server") not in (None, child)

    run(use, start, {"fixture": fixture()})


@pytest.mark.parametrize("method", ["sampling/createMessage", "roots/list"])
def test_a_request_of_the_server_to_the_client_is_refused_and_not_left_hanging(start, transport, method):
    async def use(gateway):
        async with transport(gateway) as session:
            answer = json.loads(text_of(await session.ask(call("1", "ask", {"method": method}))))
            assert answer["error"]["code"] == -32601

    run(use, start, {"fixture": fixture()})


def test_a_ping_of_the_server_is_answered(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            answer = json.loads(text_of(await session.ask(call("1", "ask", {"method": "ping"}))))
            assert answer["result"] == {}

    run(use, start, {"fixture": fixture()})


def test_a_call_that_takes_longer_than_its_timeout_is_an_error_and_is_cancelled(start):
    async def use(gateway):
        async with legacy(gateway) as session:
            error = (await session.ask(call("1", "sleep", {"ms": 60_000})))["error"]
            assert "fixture" in error["message"]
            assert len(json.loads(text_of(await session.ask(call("2", "cancelled"))))) == 1

    run(use, start, {"fixture": fixture(callTimeout="500ms")})


def test_31_a_method_the_server_did_not_announce_is_32601(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            assert (await session.ask(messages.request("1", "prompts/list")))["error"]["code"] == -32601
            assert (await session.ask(messages.request("2", "no/such/method")))["error"]["code"] == -32601

    run(use, start, {"fixture": fixture("--no-prompts")})


def test_a_child_gets_its_own_group_and_no_descriptor_of_the_gateway(start):
    async def use(gateway):
        async with legacy(gateway) as session:
            report = json.loads(text_of(await session.ask(call("1", "environment"))))
            assert report["environment"]["FIXTURE_SAYS"] == "hello"
            assert report["pgid"] == report["pid"] != gateway.pid
            assert not any("socket:" in target for fd, target in report["descriptors"].items() if int(fd) > 2)
            assert int(report["signals"]["SigBlk"], 16) == 0

    run(use, start, {"fixture": fixture(env={"FIXTURE_SAYS": "hello"})})
