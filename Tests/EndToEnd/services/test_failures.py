"""[61][148] Every server lost in every way while all of them are used by several clients.

Each call gets exactly one answer, a result or an error that names the server. /healthz tells what has happened in
time. The gateway comes back by itself as soon as the server does, for the sessions that were there before. And nobody
else notices."""

import asyncio

import pytest

from services.conftest import CALL_TIMEOUT, CHILDREN, FAILING, PROBE, PROBE_TIMEOUT
from services.faults import Cut, HalfOpen, Killed, KilledChild, Paused, PausedChild, Restarted, Unreachable
from services.health import is_well, seconds_until
from services.load import Load, Work

SQL = Work("execute_sql", lambda mark: {"sql": f"SELECT '{mark}' AS mark"})
ECHO = Work("echo", lambda mark: {"mark": mark})
# What a busy machine may add to any of them.
SLACK = 5


def works(setting) -> dict[str, Work]:
    file = str(setting.files / "shared.txt")
    every = {
        "postgres": SQL,
        "timescaledb": SQL,
        "features-sse": ECHO,
        "features-http": ECHO,
        "fetch": Work("fetch", lambda _: {"url": setting.page_url, "raw": True}, lambda _: "A page of our own", 0.2),
        "filesystem": Work("write_file", lambda mark: {"path": file, "content": mark}, lambda _: "bytes_written"),
        "playwright": Work("browser_tabs", lambda _: {"action": "list"}, lambda _: "about:blank", 0.5),
    }
    return {name: work for name, work in every.items() if name in setting.environment.services}


def pairs(names, faults) -> list:
    return [pytest.param((name, fault), id=spelled((name, fault))) for name in names for fault in faults]


def spelled(pair) -> str:
    return f"{pair[0]}-{pair[1].__name__}"


LASTING = pairs(FAILING, (Killed, Paused, Unreachable, HalfOpen))
PASSING = pairs(FAILING, (Restarted, Cut)) + pairs(CHILDREN, (KilledChild, PausedChild))
SILENT = [(name, fault) for name in FAILING for fault in (Paused, HalfOpen)]


def others_are_well(load: Load, name: str) -> None:
    errors = [(worker.mark, worker.errors) for worker in load.workers if worker.server != name and worker.errors]
    assert not errors, f"the others noticed: {errors}"


@pytest.mark.parametrize("pair", LASTING)
def test_a_server_that_is_gone_for_a_while(setting, pair):
    name, kind = pair
    setting.need(name)
    fault = kind(setting, name)

    async def use():
        gateway = setting.gateway
        async with Load(gateway, works(setting), crowded=name) as load:
            fault.inflict()
            try:
                limit = CALL_TIMEOUT + PROBE + PROBE_TIMEOUT + SLACK
                await seconds_until(gateway, name, lambda server: not is_well(server), "reported", limit)
            finally:
                fault.heal()
            await seconds_until(gateway, name, is_well, "well again", 20)
            await load.more_successes(load.of(name))
            await load.more_successes(load.workers)
        others_are_well(load, name)

    asyncio.run(use())


@pytest.mark.parametrize("pair", PASSING)
def test_a_server_that_is_lost_and_back_at_once(setting, pair):
    name, kind = pair
    setting.need(name)
    fault = kind(setting, name)

    async def use():
        gateway = setting.gateway
        async with Load(gateway, works(setting), crowded=name) as load:
            fault.inflict()
            fault.heal()
            await load.more_successes(load.of(name))
            await seconds_until(gateway, name, is_well, "well again", 20)
        others_are_well(load, name)

    asyncio.run(use())


@pytest.mark.parametrize("pair", SILENT, ids=spelled)
def test_a_server_that_nobody_calls_is_found_dead_by_a_probe(setting, pair):
    name, kind = pair
    setting.need(name)
    fault = kind(setting, name)

    async def use():
        gateway = setting.gateway
        async with Load(gateway, {other: work for other, work in works(setting).items() if other != name}) as load:
            await seconds_until(gateway, name, is_well, "well", 20)
            fault.inflict()
            try:
                limit = PROBE + PROBE_TIMEOUT + SLACK
                await seconds_until(gateway, name, lambda server: not is_well(server), "reported", limit)
            finally:
                fault.heal()
            await seconds_until(gateway, name, is_well, "well again", 20)
        others_are_well(load, name)

    asyncio.run(use())
