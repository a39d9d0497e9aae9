"""Calls that take long, many at once, and calls that are given up."""

import asyncio
import json
import uuid

from features.waiting import until_cancelled, until_waiting

MANY = 100


def test_56_a_hundred_calls_of_one_session_run_at_once(client):
    async def use():
        async with client() as one, client() as other:
            names = [f"{number} {uuid.uuid4()}" for number in range(MANY)]
            calls = [asyncio.create_task(one.text("waits", name=name)) for name in names]
            await until_waiting(other, names)
            for name in reversed(names):
                await other.text("release", name=name)
            assert await asyncio.gather(*calls) == [f"released {name}" for name in names]

    asyncio.run(use())


def test_24_answers_never_cross_between_clients(client):
    async def one_of(number):
        async with client() as one:
            for step in range(20):
                sent = {"client": number, "step": step, "seconds": 0}
                assert json.loads(await one.text("sleeps", **sent)) == sent

    async def use():
        await asyncio.gather(*(one_of(number) for number in range(10)))

    asyncio.run(use())


def test_130_a_cancelled_call_is_cancelled_at_the_server_and_nobody_elses(client):
    async def use():
        async with client() as one, client() as other:
            mine, theirs = f"mine {uuid.uuid4()}", f"theirs {uuid.uuid4()}"
            # The ids of the two clients are equal.
            given_up = asyncio.create_task(one.ask("tools/call", name="waits", arguments={"name": mine}))
            kept = asyncio.create_task(other.text("waits", name=theirs))
            async with client() as watching:
                await until_waiting(watching, [mine, theirs])
                await one.notify("notifications/cancelled", requestId=1, reason="enough")
                await until_cancelled(watching, mine)
                assert mine not in json.loads(await watching.text("seen"))["waiting"]
                await watching.text("release", name=theirs)
            assert await kept == f"released {theirs}"
            # On an event stream a cancelled call has no answer, and its waiting ends with the session.
            given_up.cancel()

    asyncio.run(use())


def test_131_a_call_without_an_answer_times_out_and_is_cancelled_at_the_server(client):
    async def use():
        async with client("impatient") as one:
            name = str(uuid.uuid4())
            error = await one.error("tools/call", name="waits", arguments={"name": name})
            assert error["code"] == -32603 and "impatient" in error["message"], error
            await until_cancelled(one, name)

    asyncio.run(use())


def test_131_progress_keeps_a_call_alive(client):
    """Ten times 100 ms are three times the limit."""

    async def use():
        async with client("impatient") as one:
            arguments = {"count": 10, "pause": 0.1}
            result = await one.result(
                "tools/call", name="steps", arguments=arguments, _meta={"progressToken": 1}
            )
            assert result["content"][0]["text"] == "made 10 steps"

    asyncio.run(use())
