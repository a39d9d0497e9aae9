"""Sixty clients on one server that is killed again and again."""

import asyncio
import os
import random
import signal

from chaos.official import OfficialPlayer
from chaos.player import Player
from chaos.sessionless import SessionlessPlayer
from chaos.tally import Tally
from support import processes, waiting
from support.gateway import fixture
from wire.test_soak import PATIENT, descriptors, health, resident_kilobytes, threads

SECONDS = float(os.environ.get("CHAOS_SECONDS", 60))
SEED = int(os.environ.get("CHAOS_SEED", random.randrange(1 << 32)))
RAW, OFFICIAL, SESSIONLESS = 40, 10, 10
LIMITS = {"requestsPerSecond": 1_000_000, "parkedCallAge": "2s"}


def servers(gateway) -> list[processes.Process]:
    return [process for process in gateway.descendants() if "fixture-server" in process.command]


async def kill(gateway, dice: random.Random, stop: asyncio.Event, tally: Tally) -> None:
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), 1 + 3 * dice.random())
        except TimeoutError:
            if victims := servers(gateway):
                os.kill(dice.choice(victims).pid, signal.SIGKILL)
                tally["kills"] += 1


async def play(gateway, seed: int, seconds: float) -> Tally:
    tally, stop = Tally(), asyncio.Event()
    raw = [Player(number, seed, gateway.port, "fixture", tally) for number in range(RAW)]
    url = f"{gateway.url}/fixture"
    official = [OfficialPlayer(number, seed, url, tally) for number in range(RAW, RAW + OFFICIAL)]
    first = RAW + OFFICIAL
    sessionless = [
        SessionlessPlayer(number, seed, gateway, tally) for number in range(first, first + SESSIONLESS)
    ]
    players = raw + official + sessionless
    async with asyncio.TaskGroup() as group:
        playing = [group.create_task(player.play(stop), name=str(player.number)) for player in players]
        group.create_task(kill(gateway, random.Random(seed), stop, tally))
        await asyncio.sleep(seconds)
        stop.set()
        _, late = await asyncio.wait(playing, timeout=90)
        for task in late:
            task.print_stack()
        assert not late, f"players {[task.get_name() for task in late]} still wait for something: {tally.report()}"
    await settle(gateway)
    return tally


async def settle(gateway) -> None:
    """Until every session is gone, and the server is up."""
    async with asyncio.timeout(60):
        while True:
            state = await health(gateway)
            if state["sessions"] == 0 and all(server["ready"] for server in state["servers"]):
                return
            await asyncio.sleep(0.05)


def test_sixty_clients_on_a_server_that_is_killed_every_few_seconds_get_what_is_theirs_and_all_of_it(start):
    print(f"CHAOS_SEED={SEED} CHAOS_SECONDS={SECONDS}")
    block = fixture(restart=PATIENT, instances={"idle": "2s"})
    with start({"fixture": block}, limits=LIMITS) as gateway:
        # Once, so that what is kept for good is there.
        asyncio.run(play(gateway, SEED, SECONDS / 6))
        waiting.until(lambda: len(servers(gateway)) == 1, "the end of all instances but one", 30)
        before = descriptors(gateway.pid), threads(gateway.pid), resident_kilobytes(gateway.pid)

        tally = asyncio.run(play(gateway, SEED + 1, SECONDS * 5 / 6))
        print(tally.report())
        wanted = ("answered", "refused", "progress", "cancelled", "elicitations", "resumed", "kills", "sessions")
        without = ("answered", "progress", "logged", "left")
        wanted += tuple(f"{what} without a session" for what in without) + ("listened", "rounds", "never came back")
        for what in wanted + ("left in the middle", "questions answered"):
            assert tally[what] > 0, f"none {what}: {tally.report()}"
        assert tally["answered"] > 5 * SECONDS and tally["kills"] > SECONDS / 10, tally.report()

        waiting.until(lambda: len(servers(gateway)) == 1, "the end of all instances but one", 30)
        waiting.until(lambda: descriptors(gateway.pid) <= before[0], f"{before[0]} descriptors, as before")
        waiting.until(lambda: threads(gateway.pid) <= before[1], f"{before[1]} threads, as before")
        assert processes.zombies_of(gateway.pid) == []
        grown = resident_kilobytes(gateway.pid) - before[2]
        assert grown < 8 << 10, f"{grown} KiB more than before"
