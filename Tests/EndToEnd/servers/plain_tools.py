"""An MCP server over stdio, without any SDK, for those who call tools over plain HTTP: it answers whatever it is asked
to, and its schemas are of every kind that is hard to pass on. It has the tools that are named on its command line, or
all."""

import json
import sys
import threading

TREE = {
    "type": "object",
    "description": "a tree",
    "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
    "required": ["name"],
}
ADDRESS = {"type": "object", "properties": {"street": {"type": "string", "minLength": 2}}, "required": ["street"]}

TOOLS = {
    # Answers with `result`, or as `error` says.
    "answer": {"type": "object", "properties": {"result": {"type": "object"}, "error": {"type": "object"}}},
    "nothing": {"type": "object", "properties": {}},
    "order": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "amount": {"type": "integer", "minimum": 1, "maximum": 9007199254740993},
            "address": {"$ref": "#/$defs/Address", "description": "where to"},
            "way": {"anyOf": [{"$ref": "#/$defs/Way"}, {"type": "null"}], "default": None},
            "addresses": {"type": "array", "items": {"$ref": "#/$defs/Address"}},
        },
        "required": ["amount"],
        "$defs": {"Address": ADDRESS, "Way": {"enum": ["post", "mail"]}},
    },
    "grow": {
        "type": "object",
        "properties": {"tree": {"$ref": "#/$defs/Tree"}},
        "$defs": {"Tree": TREE},
    },
    # As zod-to-json-schema writes it for servers in TypeScript.
    "draft-07": {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {"from": {"type": "string", "pattern": "^[a-z]+$"}, "to": {"$ref": "#/properties/from"}},
        "required": ["from", "to"],
        "additionalProperties": False,
    },
    "draft_07": {"type": "object", "properties": {"other": {"type": "boolean"}}},
    "with/slash and {braces}": {"type": "object", "properties": {"a": {"type": "string"}}},
    # Names that paths have to be written carefully for, and two that no path can have.
    "a\\b\n\x1b[2J\x7f\x00": {"type": "object", "properties": {}},
    ".": {"type": "object", "properties": {}},
    "..": {"type": "object", "properties": {}},
    # Takes whatever it is given.
    "anything": {"type": "object", "additionalProperties": True},
    # Waits until it is cancelled.
    "wait": {"type": "object", "properties": {}},
    # How often each tool was called, and how many calls were cancelled.
    "seen": {"type": "object", "properties": {}},
    "die": {"type": "object", "properties": {}},
}

TOOLS = {name: schema for name, schema in TOOLS.items() if name in sys.argv[1:] or not sys.argv[1:]}

seen = {"cancelled": 0}
writing = threading.Lock()


def say(message: dict) -> None:
    with writing:
        print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def text(content: object) -> dict:
    return {"content": [{"type": "text", "text": json.dumps(content)}]}


def call(id, name: str, arguments: dict) -> None:
    seen[name] = seen.get(name, 0) + 1
    match name:
        case "answer" if "error" in arguments:
            say({"id": id, "error": arguments["error"]})
        case "answer":
            say({"id": id, "result": arguments["result"]})
        case "wait":
            pass
        case "seen":
            say({"id": id, "result": text(seen)})
        case "die":
            sys.exit(1)
        case _ if name in TOOLS:
            say({"id": id, "result": text({"tool": name, "arguments": arguments})})
        case _:
            say({"id": id, "error": {"code": -32602, "message": f"Unknown tool: {name}"}})


def page(cursor: str | None) -> dict:
    """Three at a time."""
    start = int(cursor or 0)
    tools = [{"name": name, "description": f"does {name}", "inputSchema": schema} for name, schema in TOOLS.items()]
    return {"tools": tools[start : start + 3], **({"nextCursor": str(start + 3)} if start + 3 < len(tools) else {})}


for line in sys.stdin:
    message = json.loads(line)
    params = message.get("params") or {}
    match message.get("method"):
        case "initialize":
            info = {"name": "plain", "version": "1.0"}
            said = {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": info}
            say({"id": message["id"], "result": {**said, "instructions": "Use them <b>well</b>."}})
        case "tools/list":
            say({"id": message["id"], "result": page(params.get("cursor"))})
        case "tools/call":
            call(message["id"], params["name"], params["arguments"])
        case "notifications/cancelled":
            seen["cancelled"] += 1
        case "ping":
            say({"id": message["id"], "result": {}})
        case method if "id" in message:
            say({"id": message["id"], "error": {"code": -32601, "message": f"no {method}"}})
