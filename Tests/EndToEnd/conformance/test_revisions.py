"""What older clients are given is what their revision knows."""

import json

import pytest

from conformance.clients import within_a_minute
from servers.everything import PIXEL, SILENCE
from support.client import DOWNSTREAMS


@pytest.fixture(params=DOWNSTREAMS)
def downstream(request):
    return request.param


def test_126_a_client_of_2024_11_05_is_given_no_content_that_it_does_not_know(everything, downstream):
    async def use():
        async with everything.through_the_gateway(downstream, version="2024-11-05") as one:
            content = (await one.call("contents"))["content"]
            assert {block["type"] for block in content} <= {"text", "image", "resource"}
            assert len(content) == 6 and "feature://text/2" in json.dumps(content)
            (audio,) = (await one.call("test_audio_content"))["content"]
            assert (audio["resource"]["mimeType"], audio["resource"]["blob"]) == ("audio/wav", SILENCE)
            (image,) = (await one.call("test_image_content"))["content"]
            assert image == {"type": "image", "data": PIXEL, "mimeType": "image/png"}

    within_a_minute(use())


def test_126_a_client_of_2025_03_26_knows_audio_but_no_links(everything):
    async def use():
        async with everything.through_the_gateway("mcp", version="2025-03-26") as one:
            content = (await one.call("contents"))["content"]
            assert [block["type"] for block in content] == ["text", "image", "audio", "resource", "resource", "text"]

    within_a_minute(use())


def test_115_a_client_of_2025_06_18_is_asked_as_that_revision_asks(everything, downstream):
    schema = {"type": "object", "properties": {"mine": {"type": "string", "oneOf": [{"const": "a", "title": "A"}]}}}
    question = {"mode": "form", "message": "Which?", "requestedSchema": schema}

    async def use():
        declared = {"elicitation": {}}
        async with everything.through_the_gateway(downstream, capabilities=declared, version="2025-06-18") as one:
            one.handlers["elicitation/create"] = lambda params: {"result": {"action": "decline"}}
            outcome = json.loads(await one.text("asks", method="elicitation/create", params=question))
            assert outcome == {"result": {"action": "decline"}}
            (request,) = one.asked
            assert "mode" not in request["params"]
            asked = request["params"]["requestedSchema"]["properties"]["mine"]
            assert (asked["enum"], asked["enumNames"]) == (["a"], ["A"]) and "oneOf" not in asked

    within_a_minute(use())
