"""Much at once on few sessions: nothing lost, nothing answered twice."""

import asyncio
import itertools
import json
import os
import signal

from support import http1, messages, processes
from support.gateway import FIXTURE_SERVER, fixture
from support.messages import call, text_of
from support.arrivals import same_id
from support.sessions import LegacySession, legacy, streamable


def test_10_300_calls_in_flight_on_one_sse_session_all_come_back_with_their_own_id(start):
    odd = ["9007199254740993", "-9007199254740993", '"1"', "1", '"9007199254740993"', "-1", '""', '"ü😀\\n"']
    ids = odd + [str(number) for number in range(2, 148)] + [f'"{number}"' for number in range(2, 148)]
    assert len(ids) == 300

    async def use(gateway):
        async with legacy(gateway) as session:
            # All of them wait in the server until the last has been sent.
            posts = (session.post(call(id, "sleep", {"ms": 1500, "n": id})) for id in ids)
            assert {response.status for response in await asyncio.gather(*posts)} == {202}
            await session.wait_for_answers(1 + len(ids))
            answers = session.answered[1:]
            assert {text_of(answer) for answer in answers} == {"slept"}
            # By its spelling, an id is told from its like of another type.
            assert sorted(json.dumps(answer["id"]) for answer in answers) == sorted(json.dumps(json.loads(i)) for i in ids)
            # The spelling, not only the value: Python would forgive 9.007199254740993E15.
            spelled = "".join(session.received)
            for id in odd[:2]:
                assert f'"id":{id}' in spelled.replace('"id": ', '"id":')

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_24_two_sessions_with_equal_ids_do_not_cross(start):
    async def use(gateway):
        async with legacy(gateway) as one, legacy(gateway) as other, streamable(gateway) as third:
            asked = []
            for step in range(20):
                for who, session in (("one", one), ("other", other), ("third", third)):
                    asked.append(session.ask(call(str(step + 1), "echo", {"who": who, "step": step})))
            answers = [json.loads(text_of(answer)) for answer in await asyncio.gather(*asked)]
            expected = [{"who": who, "step": step} for step in range(20) for who in ("one", "other", "third")]
            assert answers == expected

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_26_calls_of_one_session_reach_the_server_in_the_order_they_were_posted(start):
    async def use(gateway):
        async with legacy(gateway) as session:
            connection = await http1.Connection.open(gateway.port)
            for number in range(50):
                body = call(str(number + 1), "echo", {"n": number}).encode()
                await connection.start("POST", session.endpoint, {"Content-Type": "application/json"}, body)
                assert (await connection.read_response()).status == 202
            await connection.close()
            lines = json.loads(text_of(await session.ask(call('"last"', "received", {"method": "tools/call"}))))
            numbers = [json.loads(line)["params"]["arguments"].get("n") for line in lines]
            assert numbers == [*range(50), None]

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_148_kill_9_under_load_answers_every_call_exactly_once(start):
    sent: dict[int, list[int]] = {}

    async def one(session: LegacySession, stop: asyncio.Event):
        mine = sent[id(session)] = []
        while not stop.is_set():
            number = len(mine) + 1
            mine.append(number)
            answer = await session.ask(call(str(number), "sleep", {"ms": 3}))
            if "error" in answer:
                assert "fixture" in answer["error"]["message"], answer

    async def use(gateway):
        sessions = [await LegacySession.open(gateway.port, "fixture") for _ in range(10)]
        for session in sessions:
            await session.initialize()
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for session in sessions:
                group.create_task(one(session, stop))
            for _ in range(2):
                await asyncio.sleep(0.5)
                os.kill(gateway.wait_for_child("fixture-server").pid, signal.SIGKILL)
            probes = (call(f'"probe {number}"', "echo") for number in itertools.count())
            while "result" not in await sessions[0].ask(next(probes)):
                pass
            stop.set()
        # An answer that came twice would have come by the time a later call on the same stream is answered.
        for session in sessions:
            assert "result" in await session.ask(call('"end"', "echo"))
            answered = [message["id"] for message in session.answered]
            for number in sent[id(session)]:
                assert sum(same_id(number, one) for one in answered) == 1
            await session.close()
        assert not processes.zombies_of(gateway.pid)

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_148_a_server_killed_after_a_good_life_is_back_within_its_own_start_time(start):
    """A life of ten seconds or more is followed at once by the next; the load of ten clients stays on all the time."""

    async def own_start() -> float:
        """How long the program needs from its start to its answer to initialize, started by hand."""
        begin = asyncio.get_running_loop().time()
        process = await asyncio.create_subprocess_exec(
            FIXTURE_SERVER, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        process.stdin.write(messages.initialize().encode() + b"\n")
        await process.stdout.readline()
        elapsed = asyncio.get_running_loop().time() - begin
        process.stdin.close()
        await process.wait()
        return elapsed

    async def one(session, stop):
        step = 0
        while not stop.is_set():
            step += 1
            await session.ask(call(str(step), "sleep", {"ms": 20}))

    async def use(gateway):
        loop = asyncio.get_running_loop()
        ready = loop.time()
        sessions = [await LegacySession.open(gateway.port, "fixture") for _ in range(10)]
        for session in sessions:
            await session.initialize()
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for session in sessions[1:]:
                group.create_task(one(session, stop))
            usual = max([await own_start() for _ in range(5)])
            # The policy counts real seconds, so this test has to live through them.
            await asyncio.sleep(10.5 - (loop.time() - ready))
            killed = loop.time()
            os.kill(gateway.child("fixture-server").pid, signal.SIGKILL)
            step = 0
            while True:
                step += 1
                if "result" in await sessions[0].ask(call(str(step), "echo")):
                    break
            back = loop.time() - killed
            stop.set()
        for session in sessions:
            await session.close()
        assert back <= usual + 0.1, f"back after {back:.3f} s; the server itself needs {usual:.3f} s"

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))
