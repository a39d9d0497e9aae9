"""Streams of /NAME/mcp outlive their connections: event ids, Last-Event-ID, priming events and polling."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from support import http1, sse
from support.gateway import fixture
from support.messages import call, text_of
from support.sessions import BOTH, cancelled_calls, legacy, streamable

REVISIONS = ("2025-03-26", "2025-06-18", "2025-11-25")


class Stream:
    """One connection that carries a stream of a session. `events` leaves comments out."""

    def __init__(self, connection: http1.Connection, head: http1.Response):
        self.connection = connection
        self.head = head
        self.pieces = sse.events(connection.pieces())

    @classmethod
    async def open(cls, session, method: str, message: str = "", **headers: str):
        connection = await http1.Connection.open(session.port)
        fields = {"Content-Type": "application/json", "Accept": BOTH} | session.headers
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        await connection.start(method, session.target, fields, message.encode())
        stream = cls(connection, await asyncio.wait_for(connection.read_head(), 30))
        assert stream.head.status == 200, stream.head
        assert stream.head.headers["content-type"] == "text/event-stream"
        return stream

    async def event(self) -> sse.Event | None:
        """The next event; None at the end of the stream."""
        async with asyncio.timeout(30):
            async for event in self.pieces:
                if event.id or event.data:
                    return event
            return None

    async def message(self) -> tuple[str, dict] | None:
        """The next event with data: its id and its message."""
        while event := await self.event():
            if event.text:
                return event.id, json.loads(event.text)
        return None

    async def rest(self) -> list[tuple[str, dict]]:
        messages = []
        while message := await self.message():
            messages.append(message)
        return messages

    async def cut(self) -> None:
        self.connection.writer.transport.abort()


async def resume(session, id: str) -> Stream:
    return await Stream.open(session, "GET", Last_Event_ID=id)


async def refused(session, id: str) -> http1.Response:
    headers = {"Accept": "text/event-stream", "Last-Event-ID": id} | session.headers
    return await http1.request(session.port, "GET", session.target, headers)


def steps(messages: list[tuple[str, dict]]) -> list:
    """What progress was made, and the text of an answer."""
    return [m["params"]["progress"] if "method" in m else text_of(m) for _, m in messages]


def test_45_46_48_a_call_whose_connection_is_lost_goes_on_and_its_stream_can_be_gone_on_with(start):
    async def use(gateway, version):
        async with streamable(gateway, version=version) as session:
            stream = await Stream.open(session, "POST", call("7", "progress", {"steps": 40, "ms": 20}, token='"t"'))
            seen = [await stream.message(), await stream.message()]
            await stream.cut()
            resumed = await resume(session, seen[-1][0])
            # Lost once more, before any event has been read.
            await resumed.cut()
            seen += await (await resume(session, seen[-1][0])).rest()
            assert steps(seen) == [*range(1, 41), "made 40 steps"]
            assert seen[-1][1]["id"] == 7
            assert all(message["params"]["progressToken"] == "t" for _, message in seen[:-1])
            assert len({id for id, _ in seen}) == 41
            assert await cancelled_calls(session, 0) == []
            # Again, from where the first connection was lost: the same events with the same ids.
            assert await (await resume(session, seen[1][0])).rest() == seen[2:]
            assert await (await resume(session, seen[-1][0])).rest() == []

    with start({"fixture": fixture()}) as gateway:
        for version in REVISIONS:
            asyncio.run(use(gateway, version))


def test_47_48_streams_of_a_session_that_are_gone_on_with_never_mix(start):
    count = 12

    async def one(session, number):
        tag = f"call {number}"
        message = call(json.dumps(tag), "progress", {"steps": 30, "ms": 10}, token=json.dumps(tag))
        stream = await Stream.open(session, "POST", message)
        seen = []
        # Each loses its connection after as many events as its number says, again and again.
        while True:
            for _ in range(number + 1):
                if (message := await stream.message()) is None:
                    return tag, seen
                seen.append(message)
            await stream.cut()
            stream = await resume(session, seen[-1][0])

    async def use(gateway):
        async with streamable(gateway) as session:
            listener = await Stream.open(session, "GET")
            ids = [(await listener.event()).id]
            for tag, seen in await asyncio.gather(*(one(session, number) for number in range(count))):
                assert steps(seen) == [*range(1, 31), "made 30 steps"], tag
                assert {m["params"]["progressToken"] for _, m in seen[:-1]} == {tag}
                assert seen[-1][1]["id"] == tag
                ids += [id for id, _ in seen]
            await session.ask(call('"l"', "list_changed"))
            id, message = await listener.message()
            assert message["method"] == "notifications/tools/list_changed"
            ids.append(id)
            assert len(set(ids)) == len(ids) == 2 + 31 * count

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_46_57_the_stream_of_a_get_is_gone_on_with_and_the_newest_get_wins(start):
    async def use(gateway):
        async with streamable(gateway) as session:
            first = await Stream.open(session, "GET")
            start = (await first.event()).id
            await session.ask(call("1", "list_changed", {"what": "tools"}))
            heard = await first.message()
            await first.cut()
            # What was sent and not received comes again, and what came meanwhile follows.
            await session.ask(call("2", "list_changed", {"what": "prompts"}))
            second = await resume(session, start)
            assert await second.message() == heard
            id, message = await second.message()
            assert message["method"] == "notifications/prompts/list_changed"
            third = await Stream.open(session, "GET")
            await third.event()
            assert await second.message() is None
            # The older stream is known still; whoever goes on with it is the newest.
            fourth = await resume(session, id)
            await fourth.event()
            assert await third.message() is None
            await session.ask(call("3", "list_changed", {"what": "resources"}))
            assert (await fourth.message())[1]["method"] == "notifications/resources/list_changed"
            await fourth.cut()

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_46_what_is_not_kept_or_never_was_is_refused_with_400(start):
    async def use(gateway):
        async with streamable(gateway) as session, streamable(gateway) as other:
            stream = await Stream.open(session, "POST", call("1", "progress", {"steps": 10}, token="1"))
            seen = await stream.rest()
            assert len(seen) == 11
            # Four events are kept: the answer and three before it.
            assert steps(await (await resume(session, seen[6][0])).rest()) == [8, 9, 10, "made 10 steps"]
            for id in (seen[5][0], seen[0][0]):
                response = await refused(session, id)
                assert response.status == 400 and "too long ago" in response.text, response
            for id in ("nonsense", "99.1", "1.99", seen[-1][0] + "0", "1"):
                response = await refused(session, id)
                assert response.status == 400 and "Last-Event-ID" in response.text, response
            # Nor does another session know it.
            assert (await refused(other, seen[-1][0])).status == 400
            await session.delete()
            assert (await refused(session, seen[-1][0])).status == 404

    with start({"fixture": fixture()}, limits={"replayEvents": 4}) as gateway:
        asyncio.run(use(gateway))


@pytest.mark.parametrize("version", REVISIONS)
def test_49_50_the_first_event_has_an_id_and_no_data_for_clients_of_2025_11_25_only(start, version):
    async def use(gateway):
        async with streamable(gateway, version=version) as session:
            listener = await Stream.open(session, "GET")
            caller = await Stream.open(session, "POST", call("1", "progress", token="1"))
            await session.ask(call("2", "list_changed"))
            for stream in (listener, caller):
                event = await stream.event()
                assert event.id
                assert (event.text == "") == (version == "2025-11-25"), event
                assert event.data, "a block without a data line is no event"
            await caller.rest()
            await listener.cut()

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_51_a_stream_that_is_closed_early_asks_its_client_to_come_back_and_loses_nothing(start):
    async def use(gateway):
        async with streamable(gateway) as session:
            stream = await Stream.open(session, "POST", call("1", "progress", {"steps": 60, "ms": 10}, token="1"))
            seen, last, connections = [], "", 1
            while True:
                retry = None
                while event := await stream.event():
                    last, retry = event.id, event.retry or retry
                    if event.text:
                        seen.append((event.id, json.loads(event.text)))
                if seen and "result" in seen[-1][1]:
                    break
                assert retry == 500
                connections += 1
                stream = await resume(session, last)
            assert steps(seen) == [*range(1, 61), "made 60 steps"]
            assert connections > 1
        # A client that knows no such thing is left alone.
        async with streamable(gateway, version="2025-06-18") as session:
            stream = await Stream.open(session, "POST", call("1", "progress", {"steps": 60, "ms": 10}, token="1"))
            assert steps(await stream.rest()) == [*range(1, 61), "made 60 steps"]

    with start({"fixture": fixture()}, limits={"streamAge": "100ms"}) as gateway:
        asyncio.run(use(gateway))


def test_58_an_idle_session_ends_but_not_while_its_client_listens_or_may_come_back_for_an_answer(start):
    @asynccontextmanager
    async def keeping(gateway, wait):
        """A session that is expected to be there after the time in which an idle one ends."""
        async with streamable(gateway) as session:
            await wait(session)
            assert (await session.post(call("1", "echo"))).status == 200
            yield session

    async def listening(session):
        stream = await Stream.open(session, "GET")
        await until_another_ends(session.port)
        await stream.cut()

    async def calling(session):
        stream = await Stream.open(session, "POST", call("1", "sleep", {"ms": 4000}))
        first = (await stream.event()).id
        await stream.cut()
        await until_another_ends(session.port)
        assert steps(await (await resume(session, first)).rest()) == ["slept"]

    async def until_another_ends(port):
        async with streamable(gateway) as idle:
            headers = {"Accept": "text/event-stream", "Last-Event-ID": "none"} | idle.headers
            # A refused GET is no sign of life, so it can be asked again and again.
            while (await http1.request(port, "GET", idle.target, headers)).status != 404:
                await asyncio.sleep(0.1)

    async def use(gateway):
        for wait in (listening, calling):
            async with keeping(gateway, wait):
                pass

    with start({"fixture": fixture()}, limits={"sessionIdle": "1s"}) as gateway:
        asyncio.run(use(gateway))


def test_21_the_older_transport_has_no_event_ids(start):
    async def use(gateway):
        async with legacy(gateway) as session:
            await session.ask(call("1", "progress", token="1"))
            assert len(session.events) > 4
            assert all(event.id is None and event.retry is None for event in session.events)
            assert all(event.data or event.comments for event in session.events)

    with start({"fixture": fixture()}) as gateway:
        asyncio.run(use(gateway))
