"""What the scenarios of the official conformance suite ask of a server at 2025-11-25: their names, and answers of our
own. `fixture-server` has the same, for stdio."""

import asyncio
import json

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SILENCE = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="

IMAGE = {"type": "image", "data": PIXEL, "mimeType": "image/png"}
AUDIO = {"type": "audio", "data": SILENCE, "mimeType": "audio/wav"}

# Every primitive type with a default.
DEFAULTS = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "A name", "default": "John Doe"},
        "age": {"type": "integer", "description": "An age", "default": 30},
        "score": {"type": "number", "description": "A score", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "description": "Whether it was verified", "default": True},
    },
    "required": [],
}

TITLED = [{"const": f"value{number}", "title": f"Title {number}"} for number in (1, 2, 3)]
UNTITLED = ["option1", "option2", "option3"]

# Every way to offer a choice.
CHOICES = {
    "type": "object",
    "properties": {
        "untitledSingle": {"type": "string", "enum": UNTITLED},
        "titledSingle": {"type": "string", "oneOf": TITLED},
        "legacyEnum": {"type": "string", "enum": ["opt1", "opt2"], "enumNames": ["Option 1", "Option 2"]},
        "untitledMulti": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": UNTITLED}},
        "titledMulti": {"type": "array", "maxItems": 3, "items": {"anyOf": TITLED}},
    },
    "required": [],
}

# Keywords of JSON Schema 2020-12 that a relay with a model of its own is likely to drop.
SCHEMA_2020_12 = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {"$anchor": "addressDef", "type": "object", "properties": {"street": {"type": "string"}}}
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


def text(content: str) -> dict:
    return {"type": "text", "text": content}


def resource(uri: str, content: str, mime: str = "text/plain") -> dict:
    return {"type": "resource", "resource": {"uri": uri, "mimeType": mime, "text": content}}


async def test_simple_text(arguments, context):
    return {"content": [text("A simple text.")]}


async def test_image_content(arguments, context):
    return {"content": [IMAGE]}


async def test_audio_content(arguments, context):
    return {"content": [AUDIO]}


async def test_embedded_resource(arguments, context):
    return {"content": [resource("test://embedded-resource", "An embedded resource.")]}


async def test_multiple_content_types(arguments, context):
    mixed = resource("test://mixed-content-resource", '{"test":"data","value":123}', "application/json")
    return {"content": [text("Several kinds of content:"), IMAGE, mixed]}


async def test_tool_with_logging(arguments, context):
    for message in ("started", "working", "completed"):
        await context.log("info", message)
        await asyncio.sleep(0.02)
    return {"content": [text("Logged.")]}


async def test_tool_with_progress(arguments, context):
    for done in (0, 50, 100):
        await context.progress({"progress": done, "total": 100, "message": f"{done} of 100"})
        await asyncio.sleep(0.02)
    return {"content": [text("Reported.")]}


async def test_error_handling(arguments, context):
    return {"content": [text("This tool always fails.")], "isError": True}


async def test_reconnection(arguments, context):
    """Where there is a stream of its own for the answer, ends it before the answer."""
    await context.close_stream()
    await asyncio.sleep(0.1)
    return {"content": [text("Answered after the stream was closed.")]}


async def asked(context, method: str, params: dict) -> dict:
    """What came of asking the client, as the result of a tool."""
    outcome = await context.ask(method, params)
    return {"content": [text(json.dumps(outcome, sort_keys=True))], "isError": "error" in outcome}


async def test_sampling(arguments, context):
    message = {"role": "user", "content": text(arguments["prompt"])}
    return await asked(context, "sampling/createMessage", {"messages": [message], "maxTokens": 100})


async def elicit(context, message: str, schema: dict) -> dict:
    return await asked(context, "elicitation/create", {"message": message, "requestedSchema": schema})


async def test_elicitation(arguments, context):
    properties = {"username": {"type": "string"}, "email": {"type": "string", "format": "email"}}
    schema = {"type": "object", "properties": properties, "required": ["username", "email"]}
    return await elicit(context, arguments["message"], schema)


async def test_elicitation_sep1034_defaults(arguments, context):
    return await elicit(context, "Change what is not right.", DEFAULTS)


async def test_elicitation_sep1330_enums(arguments, context):
    return await elicit(context, "Choose.", CHOICES)


async def json_schema_2020_12_tool(arguments, context):
    return {"content": [text(json.dumps(arguments))]}


TOOLS = [
    test_simple_text, test_image_content, test_audio_content, test_embedded_resource, test_multiple_content_types,
    test_tool_with_logging, test_tool_with_progress, test_error_handling, test_reconnection, test_sampling,
    test_elicitation, test_elicitation_sep1034_defaults, test_elicitation_sep1330_enums, json_schema_2020_12_tool,
]  # fmt: skip

SCHEMAS = {"json_schema_2020_12_tool": SCHEMA_2020_12}

PROMPTS = [
    {"name": "test_simple_prompt", "description": "Without arguments"},
    {
        "name": "test_prompt_with_arguments",
        "description": "With two arguments",
        "arguments": [{"name": "arg1", "required": True}, {"name": "arg2", "required": True}],
    },
    {
        "name": "test_prompt_with_embedded_resource",
        "description": "With a resource",
        "arguments": [{"name": "resourceUri", "required": True}],
    },
    {"name": "test_prompt_with_image", "description": "With an image"},
]


def prompt(name: str, arguments: dict) -> list[dict]:
    """The contents of the messages of a prompt."""
    if name == "test_prompt_with_arguments":
        return [text(f"arg1='{arguments['arg1']}', arg2='{arguments['arg2']}'")]
    if name == "test_prompt_with_embedded_resource":
        return [resource(arguments["resourceUri"], "An embedded resource."), text("Read the resource.")]
    if name == "test_prompt_with_image":
        return [IMAGE, text("Look at the image.")]
    return [text("A simple prompt.")]


RESOURCES = [
    {"uri": "test://static-text", "name": "static-text", "description": "A text", "mimeType": "text/plain"},
    {"uri": "test://static-binary", "name": "static-binary", "description": "A pixel", "mimeType": "image/png"},
    {"uri": "test://watched-resource", "name": "watched-resource", "description": "Changes", "mimeType": "text/plain"},
]

TEMPLATES = [
    {"uriTemplate": "test://template/{id}/data", "name": "template", "mimeType": "application/json"},
]


def contents(uri: str) -> dict | None:
    """What is to be read there; None for what is not this module's."""
    if uri == "test://static-binary":
        return {"uri": uri, "mimeType": "image/png", "blob": PIXEL}
    if uri in ("test://static-text", "test://watched-resource"):
        return {"uri": uri, "mimeType": "text/plain", "text": f"The text of {uri}"}
    if uri.startswith("test://template/"):
        number = uri.split("/")[3]
        return {"uri": uri, "mimeType": "application/json", "text": json.dumps({"id": number, "templateTest": True})}
    return None
