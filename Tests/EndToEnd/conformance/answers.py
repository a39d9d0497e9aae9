"""Scenarios in which the client asks and the server answers."""

import asyncio
import re

from conformance.scenario import scenario, walk
from servers.everything import SCHEMA_2020_12

TOOL_NAME = re.compile(r"[A-Za-z0-9_./-]{1,64}")


def of_kind(content: list[dict], kind: str) -> list[dict]:
    return [block for block in content if block["type"] == kind]


@scenario("logging-set-level")
async def set_level(client):
    assert await client.result("logging/setLevel", level="info") == {}


@scenario("ping")
async def ping(client):
    assert await client.result("ping") == {}


@scenario("completion-complete")
async def complete(client):
    reference = {"type": "ref/prompt", "name": "test_prompt_with_arguments"}
    argument = {"name": "arg1", "value": "test"}
    values = (await client.result("completion/complete", ref=reference, argument=argument))["completion"]["values"]
    assert isinstance(values, list) and all(isinstance(value, str) for value in values)


@scenario("tools-list")
async def list_tools(client):
    tools = await walk(client, "tools/list", "tools")
    assert tools and all(tool["description"] for tool in tools)
    assert all(tool["inputSchema"]["type"] == "object" for tool in tools)
    assert all(TOOL_NAME.fullmatch(tool["name"]) for tool in tools)


@scenario("tools-call-simple-text")
async def simple_text(client):
    # There are no arguments, not even empty ones.
    (text,) = (await client.result("tools/call", name="test_simple_text"))["content"]
    assert text["type"] == "text" and text["text"]


@scenario("tools-call-image")
async def image(client):
    (image,) = of_kind((await client.call("test_image_content"))["content"], "image")
    assert image["data"] and image["mimeType"] == "image/png"


@scenario("tools-call-audio")
async def audio(client):
    (audio,) = of_kind((await client.call("test_audio_content"))["content"], "audio")
    assert audio["data"] and audio["mimeType"] == "audio/wav"


@scenario("tools-call-embedded-resource")
async def embedded_resource(client):
    (block,) = of_kind((await client.call("test_embedded_resource"))["content"], "resource")
    assert block["resource"]["uri"] and block["resource"]["mimeType"] and block["resource"]["text"]


@scenario("tools-call-mixed-content")
async def mixed_content(client):
    content = (await client.call("test_multiple_content_types"))["content"]
    assert [block["type"] for block in content] == ["text", "image", "resource"]


@scenario("tools-call-with-logging")
async def with_logging(client):
    assert await client.result("logging/setLevel", level="debug") == {}
    await client.call("test_tool_with_logging")
    logged = client.notifications("notifications/message")
    assert [params["data"] for params in logged] == ["started", "working", "completed"]
    assert {params["level"] for params in logged} == {"info"}


@scenario("tools-call-error")
async def error(client):
    result = await client.call("test_error_handling")
    assert result["isError"] is True and result["content"][0]["text"]


@scenario("tools-call-with-progress")
async def with_progress(client):
    meta = {"progressToken": "progress-test-1"}
    await client.result("tools/call", name="test_tool_with_progress", arguments={}, _meta=meta)
    progress = client.notifications("notifications/progress")
    assert {params["progressToken"] for params in progress} == {"progress-test-1"}
    assert [(params["progress"], params["total"]) for params in progress] == [(0, 100), (50, 100), (100, 100)]


@scenario("server-sse-multiple-streams")
async def multiple_streams(client):
    answers = await asyncio.gather(*(client.ask("tools/list") for _ in range(3)))
    assert all(answer["result"]["tools"] for answer in answers)
    assert len({answer["id"] for answer in answers}) == 3


@scenario("resources-list")
async def list_resources(client):
    resources = await walk(client, "resources/list", "resources")
    assert resources and all(resource["uri"] and resource["name"] for resource in resources)


async def read(client, uri: str) -> dict:
    (contents,) = (await client.result("resources/read", uri=uri))["contents"]
    assert contents["uri"] == uri and contents["mimeType"]
    return contents


@scenario("resources-read-text")
async def read_text(client):
    assert (await read(client, "test://static-text"))["text"]


@scenario("resources-read-binary")
async def read_binary(client):
    assert (await read(client, "test://static-binary"))["blob"]


@scenario("resources-templates-read")
async def read_template(client):
    templates = await walk(client, "resources/templates/list", "resourceTemplates")
    assert "test://template/{id}/data" in [template["uriTemplate"] for template in templates]
    assert "123" in (await read(client, "test://template/123/data"))["text"]


@scenario("prompts-list")
async def list_prompts(client):
    prompts = await walk(client, "prompts/list", "prompts")
    assert prompts and all(prompt["name"] and prompt["description"] for prompt in prompts)


async def prompt(client, name: str, **arguments) -> list[dict]:
    messages = (await client.result("prompts/get", name=name, arguments=arguments))["messages"]
    assert all(message["role"] == "user" for message in messages)
    return [message["content"] for message in messages]


@scenario("prompts-get-simple")
async def simple_prompt(client):
    (content,) = (await client.result("prompts/get", name="test_simple_prompt"))["messages"]
    assert content["role"] and content["content"]["text"]


@scenario("prompts-get-with-args")
async def prompt_with_arguments(client):
    (content,) = await prompt(client, "test_prompt_with_arguments", arg1="testValue1", arg2="testValue2")
    assert "testValue1" in content["text"] and "testValue2" in content["text"]


@scenario("prompts-get-embedded-resource")
async def prompt_with_resource(client):
    content, _ = await prompt(client, "test_prompt_with_embedded_resource", resourceUri="test://example-resource")
    assert content["type"] == "resource" and content["resource"]["uri"] == "test://example-resource"


@scenario("prompts-get-with-image")
async def prompt_with_image(client):
    content, _ = await prompt(client, "test_prompt_with_image")
    assert content["type"] == "image" and content["data"] and content["mimeType"]


@scenario("json-schema-2020-12")
async def json_schema(client):
    tools = await walk(client, "tools/list", "tools")
    (tool,) = [tool for tool in tools if tool["name"] == "json_schema_2020_12_tool"]
    schema = tool["inputSchema"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$defs"]["address"]["$anchor"] == "addressDef"
    assert schema["additionalProperties"] is False
    assert schema["allOf"][0]["anyOf"] and {"if", "then", "else"} <= set(schema)
    assert schema == SCHEMA_2020_12
