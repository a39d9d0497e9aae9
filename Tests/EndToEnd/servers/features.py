"""What the feature server answers, as the JSON that is to go over the wire; both lines of the SDK carry it."""

import asyncio
import base64
import json
import os

import diary
import everything
import questions
from context import Refused

PNG = base64.b64encode(bytes.fromhex("89504e470d0a1a0a") + bytes(range(64))).decode()
WAV = base64.b64encode(b"RIFF" + bytes(range(256))).decode()
TEXT = "Grüße 😀 \u2028 and \"quotes\" \\ and\nlines"

# Keys that no revision of the protocol knows, and numbers that not every JSON library keeps.
UNKNOWN = {"x-unknown": {"deep": [[{}]], "big": 123456789012345678901234567890, "float": 1.5, "text": TEXT}}


class Memory:
    """What this process has seen: which calls wait, which were cancelled, how many report progress, and how far the
    list of tools has grown."""

    def __init__(self):
        self.waiting: dict[str, asyncio.Event] = {}
        self.cancelled: list[str] = []
        self.stepping = 0
        self.grown: list[str] = []


memory = Memory()


def text(content: str) -> dict:
    return {"content": [{"type": "text", "text": content}]}


# Tools. Each is given the arguments and the context of the request.


async def echo(arguments, context):
    return text(json.dumps({"arguments": arguments, "meta": context.meta}))


async def contents(arguments, context):
    """One of each kind of content."""
    resource = {"uri": "feature://text/1", "mimeType": "text/plain", "text": TEXT}
    blob = {"uri": "feature://blob/1", "mimeType": "image/png", "blob": PNG}
    return {
        "content": [
            {"type": "text", "text": TEXT, "annotations": {"audience": ["user"], "priority": 0.5}},
            {"type": "image", "data": PNG, "mimeType": "image/png"},
            {"type": "audio", "data": WAV, "mimeType": "audio/wav"},
            {"type": "resource", "resource": resource},
            {"type": "resource", "resource": blob},
            {"type": "resource_link", "uri": "feature://text/2", "name": "second", "mimeType": "text/plain"},
        ]
    }


async def structured(arguments, context):
    content = {"temperature": 22.5, "unit": "°C", "history": [20, 21], "nested": {"empty": {}}}
    return {**text(json.dumps(content)), "structuredContent": content}


async def ranks(arguments, context):
    """Structured, and no object."""
    content = [{"rank": 1}, {"rank": 2}]
    return {**text(json.dumps(content)), "structuredContent": content}


async def odd(arguments, context):
    return {**text("odd"), "_meta": {"example.org/odd": UNKNOWN["x-unknown"]}, **UNKNOWN}


async def fails(arguments, context):
    return {**text("this tool always fails"), "isError": True}


async def refuses(arguments, context):
    raise Refused(-32050, "refused as asked", {"big": UNKNOWN["x-unknown"]["big"]})


async def steps(arguments, context):
    """Reports progress, after a pause and with a message of the given size at each step."""
    count, size, pause = arguments["count"], arguments.get("size", 0), arguments.get("pause", 0)
    token = context.meta.get("progressToken", "none")
    memory.stepping += 1
    try:
        for step in range(1, count + 1):
            await asyncio.sleep(pause)
            message = arguments.get("message", f"step {step}") + "." * size
            progress = {"progressToken": token, "progress": step, "total": count, "message": message}
            await context.notify("notifications/progress", progress)
    finally:
        memory.stepping -= 1
    return text(f"made {count} steps")


async def logs(arguments, context):
    """Writes one log message of each level, tagged with the caller's text."""
    for level in ("debug", "info", "warning", "error"):
        await context.log(level, {"tag": arguments["tag"], "level": level})
    return text("logged")


async def waits(arguments, context):
    """Does not answer until it is released or cancelled."""
    name = arguments["name"]
    memory.waiting[name] = asyncio.Event()
    diary.note("waiting", name=name)
    try:
        await memory.waiting[name].wait()
    except BaseException:
        memory.cancelled.append(name)
        diary.note("cancelled", name=name)
        raise
    finally:
        del memory.waiting[name]
    return text(f"released {name}")


async def release(arguments, context):
    memory.waiting[arguments["name"]].set()
    return text("done")


async def seen(arguments, context):
    seen = {"waiting": sorted(memory.waiting), "cancelled": memory.cancelled, "stepping": memory.stepping}
    return text(json.dumps(seen))


async def sleeps(arguments, context):
    await asyncio.sleep(arguments["seconds"])
    return text(json.dumps(arguments))


async def big(arguments, context):
    return text("x" * arguments["bytes"])


async def grows(arguments, context):
    """Adds a tool and says so outside of any request."""
    memory.grown.append(arguments["name"])
    await context.announce("notifications/tools/list_changed")
    return text("grown")


async def unlocks(arguments, context):
    """Adds a tool for this connection alone."""
    context.state.unlocked.append(arguments["name"])
    await context.announce("notifications/tools/list_changed")
    return text("unlocked")


async def headers(arguments, context):
    return text(json.dumps(context.headers))


async def identity(arguments, context):
    return text(json.dumps({"pid": os.getpid()}))


async def interrupts(arguments, context):
    """Ends the connection its answer should come on, and answers afterwards: for servers that keep events."""
    await context.close_stream()
    return text("answered after the interruption")


TOOLS = [
    echo, contents, structured, odd, fails, refuses, steps, logs, waits, release, seen, sleeps, big, grows, unlocks,
    headers, identity, interrupts, *questions.TOOLS, *everything.TOOLS,
]  # fmt: skip

# What no revision before 2026-07-28 knows.
MODERN_TOOLS = [ranks]


def tools_for(context) -> list:
    return TOOLS + MODERN_TOOLS if context.modern else TOOLS


def describe(name: str) -> dict:
    described = {
        "name": name,
        "title": f"The tool {name}",
        "description": TEXT,
        "inputSchema": {"type": "object", "additionalProperties": True, **UNKNOWN},
        "annotations": {"readOnlyHint": True},
    }
    if name == "structured":
        described["outputSchema"] = {"type": "object", "properties": {"temperature": {"type": "number"}}}
    if name == "ranks":
        rank = {"type": "object", "properties": {"rank": {"type": "integer"}}, "required": ["rank"]}
        described["outputSchema"] = {"type": "array", "items": {"$ref": "#/$defs/rank"}, "$defs": {"rank": rank}}
    if name in everything.SCHEMAS:
        described["inputSchema"] = everything.SCHEMAS[name]
    return described


# Lists come in pages of three, by a cursor that nobody can guess to be a number.


def page(items: list, key: str, params: dict) -> dict:
    cursor = params.get("cursor")
    starts = {f"página/{start}+{key}==": start for start in range(3, len(items), 3)}
    if cursor is not None and cursor not in starts:
        raise Refused(-32602, f"no such cursor: {cursor}")
    start = starts.get(cursor, 0)
    result = {key: items[start : start + 3]}
    if start + 3 < len(items):
        result["nextCursor"] = f"página/{start + 3}+{key}=="
    return result


async def list_tools(params, context):
    names = [tool.__name__ for tool in tools_for(context)] + memory.grown + context.state.unlocked
    return page([describe(name) for name in names], "tools", params)


async def call_tool(params, context):
    for tool in tools_for(context):
        if tool.__name__ == params["name"]:
            return await tool(params.get("arguments") or {}, context)
    if params["name"] in memory.grown + context.state.unlocked:
        return text(params["name"])
    raise Refused(-32602, f"Unknown tool: {params['name']}")


PROMPTS = [
    {"name": "simple", "title": "Simple", "description": "Without arguments"},
    {
        "name": "greet",
        "description": "A greeting",
        "arguments": [
            {"name": "name", "description": "Whom", "required": True},
            {"name": "style", "required": False},
        ],
    },
    {"name": "illustrated", "description": "With an image and a resource"},
    *({"name": f"prompt {number}", "description": f"The prompt {number}"} for number in range(4)),
    *everything.PROMPTS,
]


async def list_prompts(params, context):
    return page(PROMPTS, "prompts", params)


async def get_prompt(params, context):
    name, arguments = params["name"], params.get("arguments") or {}
    if name == "greet":
        if "name" not in arguments:
            raise Refused(-32602, "Missing argument: name")
        said = f"Greet {arguments['name']} in the style {arguments.get('style', 'plain')}"
        return {"description": "A greeting", "messages": [{"role": "user", "content": {"type": "text", "text": said}}]}
    if name == "illustrated":
        image = {"type": "image", "data": PNG, "mimeType": "image/png"}
        resource = {"type": "resource", "resource": {"uri": "feature://text/1", "mimeType": "text/plain", "text": TEXT}}
        return {"messages": [{"role": "user", "content": image}, {"role": "assistant", "content": resource}]}
    if any(prompt["name"] == name for prompt in everything.PROMPTS):
        contents = everything.prompt(name, arguments)
        return {"messages": [{"role": "user", "content": content} for content in contents]}
    if any(prompt["name"] == name for prompt in PROMPTS):
        return {"messages": [{"role": "user", "content": {"type": "text", "text": name}}]}
    raise Refused(-32602, f"Unknown prompt: {name}")


RESOURCES = [
    {"uri": f"feature://{kind}/{number}", "name": f"{kind} {number}", "mimeType": mime}
    for kind, mime in (("text", "text/plain"), ("blob", "image/png"))
    for number in range(1, 5)
] + everything.RESOURCES

TEMPLATES = [
    {"uriTemplate": "feature://note/{topic}/{number}", "name": "note", "mimeType": "text/plain"},
    *({"uriTemplate": f"feature://other/{number}/{{x}}", "name": f"other {number}"} for number in range(4)),
    *everything.TEMPLATES,
]


async def list_resources(params, context):
    return page(RESOURCES, "resources", params)


async def list_templates(params, context):
    return page(TEMPLATES, "resourceTemplates", params)


async def read_resource(params, context):
    uri = params["uri"]
    if contents := everything.contents(uri):
        return {"contents": [contents]}
    kind, _, rest = uri.removeprefix("feature://").partition("/")
    if kind == "note":
        return {"contents": [{"uri": uri, "mimeType": "text/plain", "text": f"note about {rest}"}]}
    if not any(resource["uri"] == uri for resource in RESOURCES):
        raise Refused(-32602 if context.modern else -32002, "Resource not found", {"uri": uri})
    if kind == "blob":
        return {"contents": [{"uri": uri, "mimeType": "image/png", "blob": PNG}]}
    return {"contents": [{"uri": uri, "mimeType": "text/plain", "text": TEXT}]}


async def complete(params, context):
    """Says what it was asked, so that a test can see that all of it arrived."""
    reference, argument = params["ref"], params["argument"]
    known = (params.get("context") or {}).get("arguments") or {}
    about = reference.get("name") or reference.get("uri")
    values = [f"{about} {argument['name']} {argument['value']} {json.dumps(known, sort_keys=True)}"]
    values += [f"{argument['value']}{number}" for number in range(99)]
    return {"completion": {"values": values, "total": 250, "hasMore": True}}


METHODS = {
    "tools/list": list_tools,
    "tools/call": call_tool,
    "prompts/list": list_prompts,
    "prompts/get": get_prompt,
    "resources/list": list_resources,
    "resources/templates/list": list_templates,
    "resources/read": read_resource,
    "completion/complete": complete,
    **questions.METHODS,
}
