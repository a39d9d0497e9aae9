"""Streams that are lost and gone on with, whatever the server speaks behind the gateway."""


from conformance.clients import within_a_minute
from support import messages
from support.interactive import InteractiveClient, interactive
from support.streaming import Stream


async def start_steps(client: InteractiveClient, count: int) -> tuple[int, Stream]:
    id = next(client.numbers)
    arguments = {"count": count, "pause": 0.05, "message": f"call {id}"}
    stream = await client.session.start(messages.call(str(id), "steps", arguments, token=f'"token {id}"'))
    assert isinstance(stream, Stream)
    return id, stream


def test_46_47_48_two_streams_that_are_lost_are_gone_on_with_and_do_not_mix(everything):
    async def use():
        async with interactive(everything.gateway.port, "everything", "mcp") as one:
            started = [await start_steps(one, 6) for _ in range(2)]
            for id, _ in started:
                await one.notification("notifications/progress", lambda params: params["message"] == f"call {id}")
            for _, stream in started:
                stream.lose()
                await stream.ended()
            rests = [await one.session.get(stream.ids[-1]) for _, stream in started]
            for (id, stream), rest in zip(started, rests):
                await rest.ended()
                together = stream.messages + rest.messages
                assert {message.get("id", id) for message in together} == {id}
                progress = [message["params"] for message in together if "method" in message]
                assert [params["progress"] for params in progress] == [1, 2, 3, 4, 5, 6]
                assert {params["message"] for params in progress} == {f"call {id}"}
                assert together[-1]["result"]["content"][0]["text"] == "made 6 steps"
            ids = [id for stream in one.session.streams for id in stream.ids]
            assert len(ids) == len(set(ids))

    within_a_minute(use())


def test_52_a_call_that_is_cancelled_ends_its_stream_with_an_error(everything):
    async def use():
        async with interactive(everything.gateway.port, "everything", "mcp") as one:
            id, stream = await start_steps(one, 1000)
            await one.notification("notifications/progress")
            await one.cancel(id)
            await stream.ended()
            (answer,) = one.session.answers(id)
            assert answer["error"]["code"] == -32800

    within_a_minute(use())
