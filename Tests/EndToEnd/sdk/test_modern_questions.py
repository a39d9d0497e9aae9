"""What a server of MCP 2026-07-28 wants to know is asked of a legacy client, as that revision asks."""

import asyncio
import json

import pytest

from sdk.peer import LINE
from sdk.test_modern_servers import accept, asked, block, downstream, gateway, until, upstream  # noqa: F401
from support.interactive import UNANSWERED

pytestmark = pytest.mark.skipif(LINE < 2, reason="the 1.x line has no server of this revision")


def test_100_two_rounds_of_elicitation_and_a_state_between_them(asked):
    async def use():
        async with asked() as one:
            answers = iter([accept(name="Ada"), accept(sure=True)])
            one.handlers["elicitation/create"] = lambda params: next(answers)(params)
            assert await one.text("greet") == 'Hello Ada, {"sure": true}'
            asked_for = [request["params"]["message"] for request in one.requests("elicitation/create")]
            assert asked_for == ["What is your name?", "Are you sure?"]

    asyncio.run(use())


def test_99_each_leg_has_an_id_of_its_own(asked):
    async def use():
        async with asked() as one:
            one.handlers["elicitation/create"] = accept(name="Ada")
            await one.text("greet")
            legs = [leg for leg in json.loads(await one.text("seen"))["legs"] if leg["tool"] == "greet"][-3:]
            assert len({leg["id"] for leg in legs}) == 3
            assert [leg["state"] for leg in legs] == [None, "ask/1 + =ü", "name:Ada"]

    asyncio.run(use())


def test_100_elicitation_sampling_and_roots_in_one_round(asked):
    async def use():
        async with asked() as one:
            model = {"role": "assistant", "content": {"type": "text", "text": "Paris"}, "model": "m"}
            one.handlers["elicitation/create"] = accept(name="Ada")
            one.handlers["sampling/createMessage"] = lambda params: {"result": model}
            one.handlers["roots/list"] = lambda params: {"result": {"roots": [{"uri": "file:///a"}]}}
            assert json.loads(await one.text("interview")) == {
                "form": {"action": "accept", "content": {"name": "Ada"}},
                "model": model,
                "roots": {"roots": [{"uri": "file:///a"}]},
            }

    asyncio.run(use())


def test_111_a_url_comes_with_the_id_that_the_older_revision_wants(asked):
    async def use():
        async with asked() as one:
            one.handlers["elicitation/create"] = lambda params: {"result": {"action": "accept"}}
            assert await one.text("login") == "accept"
            params = one.requests("elicitation/create")[0]["params"]
            assert params["mode"] == "url" and params["url"] == "https://example.org/login"
            assert params["elicitationId"]

    asyncio.run(use())


def test_100_a_resource_may_ask_as_well(asked):
    async def use():
        async with asked() as one:
            one.handlers["elicitation/create"] = accept(name="Ada")
            read = await one.result("resources/read", uri="modern://guarded")
            assert read["contents"][0]["text"] == "content"
            assert len(one.requests("elicitation/create")) == 1

    asyncio.run(use())


def test_102_a_client_that_refuses_with_an_error_ends_the_call(asked):
    async def use():
        async with asked() as one:
            one.handlers["elicitation/create"] = lambda params: {"error": {"code": -1, "message": "rejected by user"}}
            result = await one.call("greet")
            assert result["isError"] is True and "rejected by user" in result["content"][0]["text"]
            error = await one.error("resources/read", uri="modern://guarded")
            assert error["message"] == "rejected by user"

    asyncio.run(use())


def test_100_a_declined_question_is_an_answer(asked):
    async def use():
        async with asked() as one:
            one.handlers["elicitation/create"] = lambda params: {"result": {"action": "decline"}}
            assert await one.text("greet") == "then not: decline"

    asyncio.run(use())


def test_104_a_server_that_never_has_enough_is_stopped(asked):
    async def use():
        async with asked() as one:
            one.handlers["elicitation/create"] = accept(name="Ada")
            result = await one.call("insatiable")
            assert result["isError"] is True and "more than 10 times" in result["content"][0]["text"]
            assert len(one.requests("elicitation/create")) == 10

    asyncio.run(use())


def test_101_nothing_is_asked_of_a_client_that_offered_only_a_part(asked):
    async def use():
        async with asked(capabilities={"elicitation": {}}) as one:
            one.handlers["elicitation/create"] = accept(name="Ada")
            result = await one.call("interview")
            assert result["isError"] is True and "sampling" in result["content"][0]["text"]
            result = await one.call("login")
            assert result["isError"] is True and "URL" in result["content"][0]["text"]
            assert one.asked == []

    asyncio.run(use())


def test_113_two_clients_are_asked_for_their_own_calls_only(asked):
    async def use():
        async with asked() as one, asked() as other:
            answers = {}
            for name, client in (("Ada", one), ("Grace", other)):
                client.handlers["elicitation/create"] = (
                    lambda params, name=name: {"result": {"action": "accept", "content": {"name": name}}}
                )
            greetings = await asyncio.gather(*(client.text("greet") for client in (one, other) * 5))
            for index, greeting in enumerate(greetings):
                answers.setdefault(index % 2, set()).add(greeting.split(",")[0])
            assert answers == {0: {"Hello Ada"}, 1: {"Hello Grace"}}

    asyncio.run(use())


def test_104_a_call_that_is_cancelled_while_its_client_thinks_is_over(asked):
    async def use():
        async with asked() as one:
            one.handlers["elicitation/create"] = lambda params: UNANSWERED
            id, call = one.start("tools/call", name="greet", arguments={})
            await one.asked_for("elicitation/create")
            before = len(json.loads(await one.text("seen"))["legs"])
            await one.cancel(id)
            await one.respond(one.requests("elicitation/create")[0], result={"action": "decline"})
            after = json.loads(await one.text("seen"))["legs"]
            assert [leg["tool"] for leg in after[before:]] == ["seen"]
            call.cancel()

    asyncio.run(use())
