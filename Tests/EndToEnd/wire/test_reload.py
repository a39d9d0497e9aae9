"""A changed configuration is brought into the running gateway by SIGHUP: all of it or nothing."""

import asyncio
import json
import os
import signal

import pytest

from support import http1, messages, sessions, waiting
from support.gateway import configuration, fixture

SAID = ("configuration reloaded", "configuration not reloaded")


def reload(gateway, servers: dict | str, **proxy) -> str:
    """Writes the file, sends SIGHUP and returns what the gateway then says."""

    def said() -> list[str]:
        return [line for line in gateway.log.splitlines() if any(text in line for text in SAID)]

    before = len(said())
    gateway.file.write_text(servers if isinstance(servers, str) else json.dumps(configuration(servers, **proxy)))
    gateway.signal(signal.SIGHUP)
    return waiting.until(lambda: said()[before:], "the reload")[0]


def named(name: str, **keys) -> dict:
    """A server whose process can be told by its command line."""
    return fixture("--name", name, **keys)


async def listing(session) -> dict:
    return await session.ask(messages.request('"list"', "tools/list"))


@pytest.mark.parametrize("kind", sessions.TRANSPORTS)
def test_only_what_changed_is_touched(start, kind):
    async def use(gateway):
        gone = gateway.wait_for_child("gone")
        kept = gateway.wait_for_child("kept")
        old = gateway.wait_for_child("before")
        async with sessions.TRANSPORTS[kind](gateway, "a") as session:
            said = await asyncio.to_thread(
                reload, gateway, {"a": named("kept"), "b": named("after"), "c": named("new")}
            )
            assert 'changes="stop d, restart b, start c"' in said
            gateway.wait_for_child("after")
            gateway.wait_for_child("new")
            await asyncio.to_thread(waiting.until, lambda: not (gone.is_alive() or old.is_alive()), "their end")
            # Its process and its client's session have noticed nothing.
            assert kept.is_alive() and "result" in await listing(session)
        for name, status in {"a": 200, "b": 200, "c": 200, "d": 404}.items():
            headers = {"Content-Type": "application/json", "Accept": sessions.BOTH}
            response = await http1.request(gateway.port, "POST", f"/{name}/mcp", headers, messages.initialize())
            assert response.status == status, (name, response)

    with start({"a": named("kept"), "b": named("before"), "d": named("gone")}) as gateway:
        asyncio.run(use(gateway))


@pytest.mark.parametrize("kind", sessions.TRANSPORTS)
def test_a_session_goes_on_with_the_server_in_its_new_form(start, kind):
    async def use(gateway):
        async with sessions.TRANSPORTS[kind](gateway, "a") as session:
            slow = asyncio.create_task(session.ask(messages.call('"slow"', "sleep", {"ms": 1500})))
            await sessions.arrival_of_sleep(session)
            await asyncio.to_thread(reload, gateway, {"a": named("second")})
            # The call in flight is answered by the old process, those after it by the new one.
            assert "result" in await listing(session)
            assert "result" in await slow
            first = gateway.child("first")
            await asyncio.to_thread(waiting.until, lambda: not (first and first.is_alive()), "the end of the old one")
            assert "result" in await listing(session)

    with start({"a": named("first")}) as gateway:
        asyncio.run(use(gateway))


def test_clients_of_a_changed_server_are_told_that_its_lists_may_have_changed(start):
    async def use(gateway):
        async with sessions.legacy(gateway, "a") as session:
            await asyncio.to_thread(reload, gateway, {"a": named("second")})
            await session.wait_for(lambda message: message.get("method") == "notifications/tools/list_changed")

    with start({"a": named("first")}) as gateway:
        asyncio.run(use(gateway))


BROKEN = {
    "no JSON": ('{"mcpServers": ', "config.json:1:"),
    "a mistake in one server": (
        json.dumps(configuration({"a": fixture(), "b": {"args": []}})),
        "mcpServers.b has neither",
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_file_with_a_mistake_changes_nothing_and_says_so(start, mistake):
    text, expected = BROKEN[mistake]
    with start({"a": named("first")}) as gateway:
        first = gateway.wait_for_child("first")
        assert "not reloaded, the gateway runs on as before" in reload(gateway, text)
        assert expected in gateway.log
        assert first.is_alive()
        # And the next good one is taken.
        assert 'changes="restart a"' in reload(gateway, {"a": named("second")})
        gateway.wait_for_child("second")


def test_a_file_that_is_gone_changes_nothing(start):
    with start({"a": named("first")}) as gateway:
        first = gateway.wait_for_child("first")
        gateway.file.unlink()
        gateway.signal(signal.SIGHUP)
        gateway.wait_for_log("the file cannot be read")
        gateway.wait_for_log("configuration not reloaded")
        assert first.is_alive()


def test_a_pipe_in_the_place_of_the_file_holds_up_neither_the_reload_nor_the_stop(start):
    with start({"a": named("first")}) as gateway:
        first = gateway.wait_for_child("first")
        gateway.file.unlink()
        os.mkfifo(gateway.file)
        gateway.signal(signal.SIGHUP)
        gateway.wait_for_log("a pipe or a device cannot be read again")
        gateway.wait_for_log("configuration not reloaded")
        assert first.is_alive()
        # And the next good one is taken.
        gateway.file.unlink()
        assert 'changes="restart a"' in reload(gateway, {"a": named("second")})
        gateway.file.unlink()
        os.mkfifo(gateway.file)
        gateway.signal(signal.SIGHUP)
        gateway.signal(signal.SIGTERM)
        assert gateway.wait() == 0


def test_the_same_file_again_changes_nothing(start):
    servers = {"a": named("first")}
    with start(servers) as gateway:
        first = gateway.wait_for_child("first")
        assert 'changes="nothing changed"' in reload(gateway, servers)
        assert first.is_alive()


def test_a_token_that_is_taken_away_ends_its_sessions_and_no_others(start):
    def guarded(*tokens):
        return named("first", options={"authTokens": list(tokens)})

    def bearer(token):
        return {"Authorization": f"Bearer {token}"}

    async def use(gateway):
        first = await asyncio.to_thread(gateway.wait_for_child, "first")
        async with (
            sessions.streamable(gateway, "a", headers=bearer("one")) as leaving,
            sessions.streamable(gateway, "a", headers=bearer("two")) as staying,
        ):
            assert 'changes="update a"' in await asyncio.to_thread(
                reload, gateway, {"a": guarded("two", "three")}
            )
            assert "result" in await listing(staying)
            assert (await leaving.post(messages.request("1", "tools/list"))).status == 401
            # Nor does the new token that now stands where the old one stood find the session.
            stolen = await leaving.post(messages.request("1", "tools/list"), bearer("three"))
            assert stolen.status == 404
            assert first.is_alive()
            leaving.headers = staying.headers

    with start({"a": guarded("one", "two")}) as gateway:
        asyncio.run(use(gateway))


def test_what_needs_a_restart_is_named(start):
    with start({"a": named("first")}) as gateway:
        said = reload(gateway, {"a": named("first")}, allowedHosts=["elsewhere.example"])
        assert "mcpProxy.allowedHosts takes effect only when the gateway is restarted" in said


def test_calls_under_load_survive_many_reloads(start):
    async def use(gateway):
        async with sessions.legacy(gateway, "a") as one, sessions.streamable(gateway, "a") as two:
            counts = {"one": 0, "two": 0}
            grown = asyncio.Condition()

            async def call(session, name):
                while True:
                    sent = {"count": counts[name]}
                    answer = await session.ask(messages.call(f'"{name} {sent["count"]}"', "echo", sent))
                    assert json.loads(messages.text_of(answer)) == sent
                    async with grown:
                        counts[name] += 1
                        grown.notify_all()

            async def reload_often():
                for number in range(8):
                    before = dict(counts)
                    await asyncio.to_thread(reload, gateway, {"a": named(f"form-{number}")})
                    async with grown:
                        await grown.wait_for(lambda: all(counts[name] > before[name] + 1 for name in counts))

            callers = [asyncio.create_task(call(one, "one")), asyncio.create_task(call(two, "two"))]
            reloads = asyncio.create_task(reload_often())
            await asyncio.wait([reloads, *callers], return_when=asyncio.FIRST_COMPLETED)
            assert reloads.done(), [caller.exception() for caller in callers if caller.done()]
            reloads.result()
            for caller in callers:
                caller.cancel()
            await asyncio.wait(callers)

    with start({"a": named("first")}) as gateway:
        asyncio.run(use(gateway))
