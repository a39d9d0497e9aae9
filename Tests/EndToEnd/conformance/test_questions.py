"""What a server asks reaches the one client it is meant for, and no other."""

import asyncio
import json
import uuid

import pytest

from conformance.clients import calls_in_flight, unannounced, within_a_minute
from conftest import running
from support.client import DOWNSTREAMS
from support.gateway import configuration
from support.interactive import EVERYTHING, UNANSWERED, interactive

SCHEMA = {"type": "object", "properties": {"mine": {"type": "string"}}}
QUESTIONS = {
    "elicitation/create": {"mode": "form", "message": "Which?", "requestedSchema": SCHEMA},
    "sampling/createMessage": {
        "messages": [{"role": "user", "content": {"type": "text", "text": "Which?"}}],
        "maxTokens": 5,
    },
    "roots/list": {},
}
ANSWERS = {
    "elicitation/create": {"action": "accept", "content": {"mine": "this"}},
    "sampling/createMessage": {"role": "assistant", "model": "m", "content": {"type": "text", "text": "this"}},
    "roots/list": {"roots": [{"uri": "file:///this", "name": "this"}]},
}


def asked_by_it(method: str) -> dict:
    return {"method": method, "params": QUESTIONS[method]}


@pytest.fixture(params=DOWNSTREAMS)
def downstream(request):
    return request.param


@pytest.mark.parametrize("method", QUESTIONS)
def test_113_a_question_reaches_the_client_whose_call_it_is_about_and_its_answer_the_server(
    everything, downstream, method
):
    async def use():
        async with everything.through_the_gateway(downstream) as one, everything.through_the_gateway(downstream) as other:
            one.handlers[method] = lambda params: {"result": ANSWERS[method]}
            assert json.loads(await one.text("asks", **asked_by_it(method))) == {"result": ANSWERS[method]}
            (request,) = one.requests(method)
            assert (request.get("params") or {}) == QUESTIONS[method]
            assert other.asked == []

    within_a_minute(use())


def test_113_a_refusal_of_the_client_reaches_the_server(everything, downstream):
    async def use():
        error = {"code": -1, "message": "The user does not want to", "data": {"kept": 9007199254740993}}
        async with everything.through_the_gateway(downstream) as one:
            one.handlers["sampling/createMessage"] = lambda params: {"error": error}
            assert json.loads(await one.text("asks", **asked_by_it("sampling/createMessage"))) == {"error": error}

    within_a_minute(use())


def test_113_a_second_answer_is_ignored(everything, downstream):
    method = "elicitation/create"

    async def use():
        async with everything.through_the_gateway(downstream) as one:
            one.handlers[method] = lambda params: UNANSWERED
            _, asking = one.start("tools/call", name="asks", arguments=asked_by_it(method))
            request = await one.asked_for(method)
            await one.respond(request, result=ANSWERS[method])
            await one.respond(request, result={"action": "decline"})
            outcome = json.loads((await asking)["result"]["content"][0]["text"])
            assert outcome == {"result": ANSWERS[method]}
            # Nothing is left over that the next question could take for its answer.
            await one.respond(request, result={"action": "decline"})
            one.handlers[method] = lambda params: {"result": {"action": "cancel"}}
            assert json.loads(await one.text("asks", **asked_by_it(method))) == {"result": {"action": "cancel"}}

    within_a_minute(use())


def test_113_nobody_can_answer_what_somebody_else_was_asked(everything, downstream):
    method = "elicitation/create"

    async def use():
        async with everything.through_the_gateway(downstream) as one, everything.through_the_gateway(downstream) as other:
            one.handlers[method] = lambda params: UNANSWERED
            _, asking = one.start("tools/call", name="asks", arguments=asked_by_it(method))
            request = await one.asked_for(method)
            await other.respond(request, result={"action": "decline"})
            await one.respond(request, result=ANSWERS[method])
            assert json.loads((await asking)["result"]["content"][0]["text"]) == {"result": ANSWERS[method]}

    within_a_minute(use())


@pytest.mark.parametrize(
    ("method", "capabilities"),
    [
        ("elicitation/create", {}),
        ("elicitation/create", {"sampling": {}, "roots": {}}),
        ("sampling/createMessage", {"elicitation": {}, "roots": {}}),
        ("roots/list", {"sampling": {}, "elicitation": {}}),
    ],
)
def test_34_a_client_is_asked_nothing_that_it_has_not_declared(everything, downstream, method, capabilities):
    async def use():
        async with everything.through_the_gateway(downstream, capabilities=capabilities) as one:
            outcome = json.loads(await one.text("asks", **asked_by_it(method)))
            assert outcome["error"]["code"] in (-32601, -32603) and outcome["error"]["message"], outcome
            assert one.asked == []

    within_a_minute(use())


def test_34_a_url_is_asked_only_of_a_client_that_declared_urls(everything, downstream):
    question = {
        "method": "elicitation/create",
        "params": {"mode": "url", "elicitationId": "e1", "url": "https://example.org/", "message": "Visit it."},
    }

    async def use():
        forms = {"elicitation": {"form": {}}}
        async with everything.through_the_gateway(downstream, capabilities=forms) as one:
            assert "error" in json.loads(await one.text("asks", **question))
            assert one.asked == []
        async with everything.through_the_gateway(downstream) as one:
            one.handlers["elicitation/create"] = lambda params: {"result": {"action": "accept"}}
            assert json.loads(await one.text("asks", **question)) == {"result": {"action": "accept"}}
            assert one.requests("elicitation/create")[0]["params"] == question["params"]

    within_a_minute(use())


def test_30_nothing_is_asked_before_the_client_says_that_it_is_initialized(everything, downstream):
    method = "elicitation/create"

    async def use():
        async with unannounced(everything.gateway.port, "everything", downstream, EVERYTHING) as (one, announce):
            one.handlers[method] = lambda params: {"result": ANSWERS[method]}
            assert "error" in json.loads(await one.text("asks", **asked_by_it(method)))
            assert one.asked == []
            await announce()
            assert json.loads(await one.text("asks", **asked_by_it(method))) == {"result": ANSWERS[method]}

    within_a_minute(use())


def test_113_a_question_that_the_server_takes_back_is_taken_back_from_the_client(everything, downstream):
    method = "elicitation/create"

    async def use():
        async with everything.through_the_gateway(downstream) as one:
            one.handlers[method] = lambda params: UNANSWERED
            _, asking = one.start("tools/call", name="withdraws", arguments=asked_by_it(method))
            request = await one.asked_for(method)
            await one.notification("notifications/cancelled", lambda params: params["requestId"] == request["id"])
            assert (await asking)["result"]["content"][0]["text"] == "withdrawn"
            await one.respond(request, result=ANSWERS[method])
            assert await one.result("ping") == {}

    within_a_minute(use())


def test_113_progress_of_the_client_reaches_the_server_that_asked(everything, downstream):
    method = "sampling/createMessage"
    question = {"method": method, "params": QUESTIONS[method] | {"_meta": {"progressToken": "the server's"}}}

    async def use():
        async with everything.through_the_gateway(downstream) as one:
            one.handlers[method] = lambda params: UNANSWERED
            _, asking = one.start("tools/call", name="asks", arguments=question)
            request = await one.asked_for(method)
            token = request["params"]["_meta"]["progressToken"]
            await one.notify("notifications/progress", progressToken=token, progress=1, total=2)
            await one.respond(request, result=ANSWERS[method])
            assert "result" in (await asking)
            heard = json.loads(await one.text("notified"))
            assert ["notifications/progress", {"progressToken": "the server's", "progress": 1, "total": 2}] in heard

    within_a_minute(use())


def test_114_of_calls_that_overlap_no_client_is_asked_for_another(everything, downstream):
    """Where it cannot be told whom the server means, it gets an error, and nobody is asked."""
    method = "elicitation/create"

    async def use(gateway):
        plain = interactive(gateway.port, "fresh", downstream, capabilities={})
        async with interactive(gateway.port, "fresh", downstream) as one, plain as watching:
            async with interactive(gateway.port, "fresh", downstream) as other:
                for client in (one, other):
                    client.handlers[method] = lambda params: {"result": ANSWERS[method]}
                async with calls_in_flight(other, watching):
                    outcome = json.loads(await one.text("asks", **asked_by_it(method)))
                assert other.asked == []
                if "error" in outcome:
                    assert everything.transport != "streamable-http", outcome
                    assert outcome["error"]["code"] == -32603 and one.asked == []
                else:
                    assert outcome == {"result": ANSWERS[method]} and len(one.asked) == 1

    with running(configuration({"fresh": everything.block})) as gateway:
        within_a_minute(use(gateway))


def test_114_a_server_that_asked_is_asked_about_in_its_own_instance_from_then_on(everything, downstream):
    """Each client that can be asked has one, so that the same question is no longer ambiguous."""
    method = "elicitation/create"

    async def use(gateway):
        async with interactive(gateway.port, "fresh", downstream) as one:
            one.handlers[method] = lambda params: {"result": ANSWERS[method]}
            await one.text("asks", **asked_by_it(method))
        async with interactive(gateway.port, "fresh", downstream) as one:
            async with interactive(gateway.port, "fresh", downstream) as other:
                for client in (one, other):
                    client.handlers[method] = lambda params: {"result": ANSWERS[method]}
                async with calls_in_flight(other):
                    outcome = json.loads(await one.text("asks", **asked_by_it(method)))
                assert outcome == {"result": ANSWERS[method]}, outcome
                assert (len(one.asked), len(other.asked)) == (1, 0)

    with running(configuration({"fresh": everything.block})) as gateway:
        within_a_minute(use(gateway))


def test_114_a_question_that_belongs_to_no_call_is_refused_on_a_shared_server(everything, downstream):
    method = "sampling/createMessage"

    async def use(gateway):
        async with interactive(gateway.port, "fresh", downstream, capabilities={}) as one:
            await one.text("asks_later", **asked_by_it(method))
            while not (outcomes := json.loads(await one.text("outcomes"))):
                await asyncio.sleep(0.01)
            assert "error" in outcomes[0] and one.asked == []

    with running(configuration({"fresh": everything.block})) as gateway:
        within_a_minute(use(gateway))


def test_an_elicitation_is_complete_for_the_client_that_was_asked_for_it(everything, downstream):
    async def use():
        async with everything.through_the_gateway(downstream) as one, everything.through_the_gateway(downstream) as other:
            id = str(uuid.uuid4())
            needed = {"name": "needs_url", "arguments": {"id": id, "url": "https://example.org/"}}
            error = await one.error("tools/call", **needed)
            assert error["code"] == -32042 and error["data"]["elicitations"][0]["elicitationId"] == id
            await one.text("completes", id=id)
            await one.notification("notifications/elicitation/complete", lambda params: params["elicitationId"] == id)
            assert await other.result("ping") == {}
            assert other.notifications("notifications/elicitation/complete") == []

    within_a_minute(use())
