"""[146] How the gateway ends: children first, nobody left, status 0."""

import asyncio
import json
import os
import re
import signal
import time

from support import processes, waiting
from support.control import controlled
from support.gateway import assert_gone, configuration, fixture
from support.messages import call, text_of
from support.sessions import arrival_of_sleep, legacy

STUBBORN = ("--ignore-sigterm", "--ignore-eof")


def touch(gateway, name="fixture"):
    """Makes sure that the server is up."""

    async def use():
        async with legacy(gateway, name) as session:
            assert "result" in await session.ask(call("1", "echo"))

    asyncio.run(use())


def grandchild_of(gateway) -> processes.Process:
    life = processes.read(int(gateway.wait_for_log(r"grandchild (\d+)").group(1)))
    assert life
    return life


def test_sigterm_stops_all_servers_and_exits_with_0(start):
    with start({name: fixture() for name in ("one", "two", "three")}) as gateway:
        for name in ("one", "two", "three"):
            touch(gateway, name)
        children = [process for process in gateway.descendants() if "fixture-server" in process.command]
        assert len(children) == 3
        gateway.signal(signal.SIGTERM)
        assert gateway.wait(15) == 0
        assert_gone(children)


def test_146_a_server_that_ignores_eof_and_sigterm_is_killed_after_its_stop_timeout(start):
    with start({"fixture": fixture(*STUBBORN, stopTimeout="300ms")}) as gateway:
        touch(gateway)
        child = gateway.child("fixture-server")
        gateway.signal(signal.SIGTERM)
        assert gateway.wait(10) == 0
        assert_gone([child])


def test_146_grandchildren_go_with_their_server(start):
    with start({"fixture": fixture("--stubborn-grandchild", stopTimeout="300ms")}) as gateway:
        touch(gateway)
        grandchild = grandchild_of(gateway)
        gateway.signal(signal.SIGTERM)
        assert gateway.wait(15) == 0
        assert_gone([grandchild])


def test_146_grandchildren_of_a_crashed_server_go_before_it_starts_again(start):
    with start({"fixture": fixture("--stubborn-grandchild", stopTimeout="300ms")}) as gateway:
        touch(gateway)
        grandchild = grandchild_of(gateway)
        child = gateway.child("fixture-server --")
        os.kill(child.pid, signal.SIGKILL)
        gateway.wait_for_child("fixture-server --", other_than=child)
        assert_gone([grandchild])
        touch(gateway)


def test_a_call_in_flight_at_sigterm_is_answered(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            asked = asyncio.create_task(session.ask(call("1", "sleep", {"ms": 1000})))
            await arrival_of_sleep(session)
            gateway.signal(signal.SIGTERM)
            assert text_of(await asked) == "slept"
            session.close = no_farewell

    async def no_farewell():
        """The gateway is gone: there is nobody to say good-bye to."""

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))
        assert gateway.wait(20) == 0


def test_a_call_that_outlasts_the_stop_is_answered_with_an_error(start, transport):
    async def use(gateway):
        async with transport(gateway) as session:
            asked = asyncio.create_task(session.ask(call("1", "sleep", {"ms": 600_000})))
            await arrival_of_sleep(session)
            gateway.signal(signal.SIGTERM)
            answer = await asked
            assert "the gateway is stopping" in answer["error"]["message"]
            session.close = no_farewell

    async def no_farewell():
        """The gateway is gone: there is nobody to say good-bye to."""

    with start({"fixture": fixture(stopTimeout="1s")}) as gateway:
        asyncio.run(use(gateway))
        assert gateway.wait(20) == 0


def test_a_reload_during_the_stop_is_refused_and_changes_nothing():
    """Its clients have time to get their answers, and then its servers to end: for both a reload comes too late."""

    async def use(gateway):
        async with legacy(gateway) as session:
            asked = asyncio.create_task(session.ask(call("1", "sleep", {"ms": 2_000})))
            await arrival_of_sleep(session)
            gateway.file.write_text(json.dumps(configuration({"fixture": server, "late": fixture()})))
            gateway.signal(signal.SIGTERM)
            await asyncio.to_thread(gateway.wait_for_log, "gateway stopping")
            gateway.signal(signal.SIGHUP)
            await asyncio.to_thread(waiting.until, lambda: ignored(gateway) == 1, "the word on the first reload")
            result = await asyncio.to_thread(gateway.cli, "reload")
            assert result.returncode == 75 and "the gateway is stopping" in result.stderr, result
            assert "error" not in await asked

    def ignored(gateway) -> int:
        return gateway.log.count("configuration not read again, because the gateway is stopping")

    server = fixture(*STUBBORN, stopTimeout="1s")
    with controlled({"fixture": server}) as gateway:
        asyncio.run(use(gateway))
        gateway.wait_for_log("fixture: server stopping")
        gateway.signal(signal.SIGHUP)
        waiting.until(lambda: ignored(gateway) == 3, "the word on the last reload")
        assert gateway.wait(20) == 0
        assert "configuration reloaded" not in gateway.log and "late: " not in gateway.log


def test_a_gateway_that_is_stopped_before_it_was_ready_never_says_that_it_is(start):
    with start({"a": fixture("--start-delay", "1500", required=True, stopTimeout="3s")}) as gateway:
        gateway.wait_for_log("a: server spawned")
        gateway.signal(signal.SIGTERM)
        assert gateway.wait() == 0
        assert "gateway stopping" in gateway.log and "gateway ready" not in gateway.log


def test_a_second_sigint_quits_at_once(start):
    with start({"fixture": fixture(*STUBBORN, stopTimeout="60s")}) as gateway:
        touch(gateway)
        child = gateway.child("fixture-server")
        gateway.signal(signal.SIGINT)
        gateway.wait_for_log(re.compile("stopping|shutting down", re.IGNORECASE))
        began = time.monotonic()
        gateway.signal(signal.SIGINT)
        gateway.process.wait(10)
        assert time.monotonic() - began < 5
        assert_gone([child])
        gateway.expected_status = None


def test_children_do_not_outlive_a_killed_gateway(start):
    with start({"fixture": fixture(*STUBBORN)}) as gateway:
        touch(gateway)
        lives = gateway.descendants()
        gateway.process.kill()
        gateway.process.wait(10)
        assert_gone(lives)
        gateway.expected_status = -signal.SIGKILL


def test_a_crash_loop_leaves_no_zombie(start):
    with start({"fixture": fixture("--exit-on-start", "1", restart={"initial": "50ms", "max": "100ms"})}) as gateway:
        waiting.until(lambda: gateway.log.count("told to exit on start") >= 3, "three lives of the server")
        waiting.until(lambda: not processes.zombies_of(gateway.pid), "the last life to be reaped")
