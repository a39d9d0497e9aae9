"""Each scenario passes with the server itself and through the gateway, and what the client receives is the same."""


import pytest

import conformance.answers
import conformance.both_ways
from conformance.clients import within_a_minute
from conformance.scenario import SCENARIOS
from conformance.transcript import transcript, without_order
from support.client import DOWNSTREAMS

# What comes on two streams at once has no order.
UNORDERED = {"server-sse-multiple-streams", "resources-subscribe"}


async def play(name: str, connection) -> list:
    async with connection as client:
        await SCENARIOS[name](client)
        messages = transcript(client)
        if name == "server-initialize":
            messages.append(client.session.description)
    return without_order(messages) if name in UNORDERED else messages


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_a_client_receives_is_the_same_through_the_gateway(everything, name):
    async def use():
        expected = await play(name, everything.directly())
        for downstream in DOWNSTREAMS:
            assert await play(name, everything.through_the_gateway(downstream)) == expected, downstream

    within_a_minute(use())
