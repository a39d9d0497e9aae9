"""[61][148] A server killed under the load of ten clients."""

import asyncio
import json
import os
import signal

from sdk.peer import ProtocolError, connect, text_of
from support.gateway import fixture, installed
from support.waiting import until_async

CLIENTS = 10


class Load:
    """Ten clients that call without pause until told to stop, counting what they get."""

    def __init__(self, tool, arguments, check):
        self.tool, self.arguments, self.check = tool, arguments, check
        self.stopped = False
        self.succeeded = [0] * CLIENTS
        self.refused = [0] * CLIENTS

    async def run_one(self, gateway, name, transport, number):
        async with connect(gateway, name, transport) as client:
            step = 0
            while not self.stopped:
                step += 1
                try:
                    # Neither lost nor late: an answer of either kind has to come, well within the client's own limit.
                    async with asyncio.timeout(20):
                        answer = await client.call_tool(self.tool, self.arguments(number, step))
                    self.check(number, step, text_of(answer))
                    self.succeeded[number] += 1
                except ProtocolError as error:
                    self.refused[number] += 1
                    assert name in str(error), f"the error does not name the server: {error}"
            # The session outlived the server.
            assert (await client.list_tools()).tools

    async def run(self, gateway, name, transport, kill):
        async with asyncio.TaskGroup() as group:
            for number in range(CLIENTS):
                group.create_task(self.run_one(gateway, name, transport, number))
            await until_async(lambda: min(self.succeeded) >= 10, "ten calls of each client")
            kill()
            before = list(self.succeeded)
            await until_async(
                lambda: all(now >= then + 10 for now, then in zip(self.succeeded, before)),
                "ten more calls of each client after the kill",
                seconds=30,
            )
            self.stopped = True


def kill_child(gateway, text):
    first = gateway.child(text)
    assert first
    os.kill(first.pid, signal.SIGKILL)
    return first


def test_every_call_is_answered_and_every_session_goes_on_after_kill_9_of_the_fixture(start, transport):
    def check(number, step, text):
        assert json.loads(text) == {"client": number, "step": step}

    load = Load("echo", lambda number, step: {"client": number, "step": step}, check)
    with start({"fixture": fixture()}) as gateway:
        killed = []
        asyncio.run(
            load.run(gateway, "fixture", transport, lambda: killed.append(kill_child(gateway, "fixture-server")))
        )
        assert not killed[0].is_alive() and gateway.child("fixture-server")


def test_every_call_is_answered_and_every_session_goes_on_after_kill_9_of_a_real_server(start, transport):
    def arguments(number, step):
        return {"source_timezone": "UTC", "target_timezone": "Asia/Tokyo", "time": f"{number:02}:{step % 60:02}"}

    def check(number, step, text):
        assert f"T{number:02}:{step % 60:02}:00" in json.loads(text)["source"]["datetime"]

    load = Load("convert_time", arguments, check)
    with start({"time": installed("mcp-server-time", "--local-timezone", "UTC")}) as gateway:
        asyncio.run(load.run(gateway, "time", transport, lambda: kill_child(gateway, "mcp-server-time")))
