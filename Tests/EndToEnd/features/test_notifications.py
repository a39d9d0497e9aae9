"""What servers say without being asked, and between question and answer."""

import asyncio
import uuid


def test_124_two_clients_with_equal_tokens_get_their_own_progress_before_their_result(client):
    async def one_of(one, count):
        result = await one.result(
            "tools/call", name="steps", arguments={"count": count}, _meta={"progressToken": "the same"}
        )
        assert result["content"][0]["text"] == f"made {count} steps"
        progress = one.notifications("notifications/progress")
        assert {params["progressToken"] for params in progress} == {"the same"}
        assert [(params["progress"], params["total"]) for params in progress] == [
            (step, count) for step in range(1, count + 1)
        ]

    async def use():
        async with client() as one, client() as other:
            await asyncio.gather(one_of(one, 20), one_of(other, 30))

    asyncio.run(use())


def test_log_messages_of_a_call_reach_its_caller(client):
    async def use():
        async with client() as one:
            assert await one.result("logging/setLevel", level="debug") == {}
            # For half a minute after somebody has cancelled a call, as tests before this one do, what the server says
            # could be about that, and reaches nobody. What reaches its caller comes before the answer.
            while not (messages := await logged(one)):
                await asyncio.sleep(0.5)
            levels = ["debug", "info", "warning", "error"]
            assert [(params["level"], params["logger"]) for params in messages] == [(level, "features") for level in levels]

    async def logged(one):
        tag = str(uuid.uuid4())
        assert await one.text("logs", tag=tag) == "logged"
        return [params for params in one.notifications("notifications/message") if params["data"]["tag"] == tag]

    asyncio.run(asyncio.wait_for(use(), 60))


def test_every_client_learns_that_the_list_of_tools_has_changed(client):
    async def use():
        async with client() as one, client() as other:
            name = f"grown_{uuid.uuid4().hex}"
            assert await one.text("grows", name=name) == "grown"
            await one.notification("notifications/tools/list_changed")
            await other.notification("notifications/tools/list_changed")
            assert await other.text(name) == name

    asyncio.run(use())
