"""Subscriptions of many clients to the resources of one server."""

import asyncio
import json
import os
import signal
import sys
import uuid

import pytest

from conformance.clients import shared, within_a_minute
from conftest import running
from features.upstreams import PATHS, SERVER
from features.waiting import until_cancelled
from support.client import DOWNSTREAMS
from support.gateway import configuration
from support.interactive import interactive
from support.programs import free_port, listening

UPDATED = "notifications/resources/updated"


@pytest.fixture(params=DOWNSTREAMS)
def downstream(request):
    return request.param


def a_resource() -> str:
    return f"test://watched/{uuid.uuid4()}"


async def requests_about(client, uri: str) -> list[str]:
    """What the server was asked to do about it, in order."""
    return [kind for kind, about in json.loads(await client.text("subscriptions")) if about == uri]


async def until_requests(client, uri: str, expected: list[str]) -> None:
    async with asyncio.timeout(20):
        while (found := await requests_about(client, uri)) != expected:
            assert len(found) < len(expected), found
            await asyncio.sleep(0.01)


async def updated(client, uri: str) -> None:
    await client.notification(UPDATED, lambda params: params["uri"] == uri)


def count(client, uri: str) -> int:
    return sum(params["uri"] == uri for params in client.notifications(UPDATED))


def test_121_there_is_nothing_in_the_results(everything, downstream):
    async def use():
        uri = a_resource()
        async with shared(everything, downstream) as one:
            await one.result("resources/subscribe", uri=uri)
            await one.result("resources/unsubscribe", uri=uri)
            await one.result("logging/setLevel", level="info")
            texts = [text for text in one.session.received if json.loads(text).get("id") in one.methods]
            assert [json.loads(text)["result"] for text in texts] == [{}, {}, {}]

    within_a_minute(use())


def test_122_two_clients_share_one_subscription_and_each_keeps_it_when_the_other_leaves(everything, downstream):
    async def use():
        uri = a_resource()
        async with shared(everything, downstream) as one:
            async with shared(everything, downstream) as other:
                for client in (one, one, other):
                    assert await client.result("resources/subscribe", uri=uri) == {}
                assert await requests_about(one, uri) == ["subscribe"]
                assert await one.text("updates", uri=uri) == "sent"
                await updated(one, uri)
                await updated(other, uri)
                assert await other.result("resources/unsubscribe", uri=uri) == {}
                assert await requests_about(one, uri) == ["subscribe"]
                await one.text("updates", uri=uri)
                # The other has by then heard whatever was sent before.
                await other.text("updates", uri=uri)
                assert await other.result("ping") == {}
                assert count(other, uri) == 1
                assert await other.result("resources/subscribe", uri=uri) == {}
            await until_requests(one, uri, ["subscribe"])
            assert await one.result("resources/unsubscribe", uri=uri) == {}
            await until_requests(one, uri, ["subscribe", "unsubscribe"])

    within_a_minute(use())


def test_122_a_client_is_told_what_is_below_its_resource_and_nothing_else(everything, downstream):
    async def use():
        uri, elsewhere = a_resource(), a_resource()
        async with shared(everything, downstream) as one, shared(everything, downstream) as other:
            await one.result("resources/subscribe", uri=uri)
            await other.result("resources/subscribe", uri=elsewhere)
            await one.text("updates", uri=f"{uri}/part")
            await updated(one, f"{uri}/part")
            await one.text("updates", uri=elsewhere)
            await updated(other, elsewhere)
            assert (count(other, f"{uri}/part"), count(one, elsewhere)) == (0, 0)

    within_a_minute(use())


def test_122_a_refusal_is_the_servers_and_nothing_is_kept_of_it(everything, downstream):
    async def use():
        async with shared(everything, downstream) as one:
            before = len(await requests_about(one, "test://refused"))
            for _ in range(2):
                error = await one.error("resources/subscribe", uri="test://refused")
                assert (error["code"], error["message"]) == (-32002, "Nothing to subscribe to")
            # Each time the server was asked.
            found = await requests_about(one, "test://refused")
            assert found[before:].count("subscribe") == 2

    within_a_minute(use())


def test_22_a_stream_that_is_dropped_cancels_calls_and_releases_subscriptions(everything):
    async def use():
        uri = a_resource()
        async with shared(everything, "mcp") as watching:
            async with shared(everything, "sse") as one:
                await one.result("resources/subscribe", uri=uri)
                name = str(uuid.uuid4())
                _, asking = one.start("tools/call", name="waits", arguments={"name": name})
                while name not in json.loads(await watching.text("seen"))["waiting"]:
                    pass
                one.session.stream.writer.transport.abort()
                await until_cancelled(watching, name)
                await asyncio.wait([asking])
                assert asking.exception() is not None
            await until_requests(watching, uri, ["subscribe", "unsubscribe"])

    within_a_minute(use())


def test_61_after_a_crash_calls_have_errors_and_subscriptions_and_levels_are_as_before(everything, downstream):
    if everything.transport != "stdio":
        pytest.skip("the server is not a child of the gateway")

    async def use():
        uri = a_resource()
        async with shared(everything, downstream) as one:
            await one.result("resources/subscribe", uri=uri)
            await one.result("logging/setLevel", level="warning")
            _, asking = one.start("tools/call", name="waits", arguments={"name": "for ever"})
            while "for ever" not in json.loads(await one.text("seen"))["waiting"]:
                pass
            os.kill(everything.gateway.child("fixture-server").pid, signal.SIGKILL)
            answer = await asking
            assert answer["error"]["code"] == -32603 and "everything" in answer["error"]["message"]
            await one.notification("notifications/tools/list_changed")
            await updated(one, uri)
            await until_requests(one, uri, ["subscribe"])
            assert json.loads(await one.text("levels"))[-1] == "warning"
            await one.text("logs", tag="after")
            levels = [params["level"] for params in one.notifications("notifications/message")]
            assert levels == ["warning", "error"]

    within_a_minute(use())


def test_61_after_a_server_elsewhere_was_started_again_subscriptions_and_levels_are_as_before(everything, downstream):
    if everything.transport == "stdio":
        pytest.skip("the server is a child of the gateway")
    port = free_port()
    command = [sys.executable, SERVER, "--transport", everything.transport, "--port", str(port)]
    block = {**everything.block, "url": f"http://127.0.0.1:{port}{PATHS[everything.transport]}"}
    quick = {"restart": {"initial": "20ms", "max": "50ms", "attempts": 10000}}

    async def use(gateway, first):
        uri = a_resource()
        async with interactive(gateway.port, "elsewhere", downstream, capabilities={}) as one:
            await one.result("resources/subscribe", uri=uri)
            await one.result("logging/setLevel", level="warning")
            first.kill()
            first.wait()
            with listening(command, port):
                while "error" in await one.ask("tools/call", name="levels", arguments={}):
                    await asyncio.sleep(0.02)
                await one.notification("notifications/tools/list_changed")
                await updated(one, uri)
                await until_requests(one, uri, ["subscribe"])
                assert json.loads(await one.text("levels")) == ["warning"]

    with listening(command, port) as first, running(configuration({"elsewhere": block | quick})) as gateway:
        within_a_minute(use(gateway, first))
