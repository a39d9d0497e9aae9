"""Prompts, resources, and the completion of what they are asked with."""

import asyncio
import json

import pytest

from servers.features import PNG, TEXT


def test_118_a_prompt_takes_its_arguments(client):
    async def use():
        async with client() as one:
            prompt = await one.result("prompts/get", name="greet", arguments={"name": "Ada", "style": "süß"})
            assert prompt["description"] == "A greeting"
            said = {"type": "text", "text": "Greet Ada in the style süß"}
            assert prompt["messages"] == [{"role": "user", "content": said}]
            assert (await one.error("prompts/get", name="greet"))["code"] == -32602
            assert (await one.error("prompts/get", name="nobody"))["code"] == -32602

    asyncio.run(use())


def test_118_a_prompt_holds_images_and_resources(client):
    async def use():
        async with client() as one:
            image, resource = (await one.result("prompts/get", name="illustrated"))["messages"]
            assert image["content"] == {"type": "image", "data": PNG, "mimeType": "image/png"}
            assert resource["role"] == "assistant" and resource["content"]["resource"]["text"] == TEXT

    asyncio.run(use())


def test_119_resources_are_read_as_text_and_as_bytes(client):
    async def use():
        async with client() as one:
            (text,) = (await one.result("resources/read", uri="feature://text/1"))["contents"]
            assert (text["uri"], text["text"], text["mimeType"]) == ("feature://text/1", TEXT, "text/plain")
            (blob,) = (await one.result("resources/read", uri="feature://blob/4"))["contents"]
            assert (blob["blob"], blob["mimeType"]) == (PNG, "image/png")

    asyncio.run(use())


def test_119_a_resource_of_a_template_is_read(client):
    async def use():
        async with client() as one:
            (note,) = (await one.result("resources/read", uri="feature://note/birds/7"))["contents"]
            assert note["text"] == "note about birds/7"

    asyncio.run(use())


def test_a_resource_that_does_not_exist_is_the_servers_error(client):
    async def use():
        async with client() as one:
            error = await one.error("resources/read", uri="feature://text/99")
            assert (error["code"], error["data"]) == (-32002, {"uri": "feature://text/99"})

    asyncio.run(use())


@pytest.mark.parametrize(
    "reference",
    [{"type": "ref/prompt", "name": "greet"}, {"type": "ref/resource", "uri": "feature://note/{topic}/{number}"}],
    ids=["prompt", "template"],
)
def test_120_completion_passes_the_context_and_a_hundred_values(client, reference):
    async def use():
        async with client() as one:
            known = {"arguments": {"name": "Ada", "topic": "birds"}}
            result = await one.result(
                "completion/complete", ref=reference, argument={"name": "style", "value": "f"}, context=known
            )
            about = reference.get("name") or reference["uri"]
            completion = result["completion"]
            assert completion["values"][0] == f"{about} style f {json.dumps(known['arguments'], sort_keys=True)}"
            assert len(completion["values"]) == 100
            assert (completion["total"], completion["hasMore"]) == (250, True)

    asyncio.run(use())
