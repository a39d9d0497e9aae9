"""Tools: what they answer, and how they fail."""

import asyncio
import json
import uuid

from matrix.cell import Cell, Missing, Refused, feature
from servers.features import PNG, TEXT, WAV


@feature("the server's name, instructions and capabilities")
async def identity(cell: Cell):
    description = cell.face.description
    assert description["protocolVersion"] == cell.client.revision, description
    assert description["serverInfo"]["name"] == "features"
    assert description["instructions"] == "Ask for anything."
    assert {"tools", "prompts", "resources", "completions", "logging"} <= description["capabilities"].keys()
    assert description["capabilities"]["resources"]["subscribe"] is True


async def contents(cell: Cell) -> list[dict]:
    content = (await cell.face.call("contents"))["content"]
    assert len(content) == 6, content
    return content


@feature("tools: text, images, embedded resources")
async def content(cell: Cell):
    text, image, _, resource, blob, _ = await contents(cell)
    assert text == {"type": "text", "text": TEXT, "annotations": {"audience": ["user"], "priority": 0.5}}, text
    assert image == {"type": "image", "data": PNG, "mimeType": "image/png"}
    assert (resource["type"], resource["resource"]["text"]) == ("resource", TEXT)
    assert (blob["type"], blob["resource"]["blob"]) == ("resource", PNG)


@feature("tools: audio")
async def audio(cell: Cell):
    block = (await contents(cell))[2]
    if block["type"] == "resource":
        assert cell.client.revision < "2025-03-26", "it knows audio"
        assert (block["resource"]["blob"], block["resource"]["mimeType"]) == (WAV, "audio/wav")
        return "an embedded resource"
    assert block == {"type": "audio", "data": WAV, "mimeType": "audio/wav"}
    assert cell.client.revision >= "2025-03-26", "it knows no audio"


@feature("tools: links to resources")
async def link(cell: Cell):
    block = (await contents(cell))[5]
    if block["type"] == "text":
        assert cell.client.revision < "2025-06-18", "it knows links"
        assert "feature://text/2" in block["text"]
        return "a text with the URI"
    assert (block["type"], block["uri"], block["name"]) == ("resource_link", "feature://text/2", "second")
    assert cell.client.revision >= "2025-06-18", "it knows no links"


@feature("tools: structured output")
async def structured(cell: Cell):
    expected = {"temperature": 22.5, "unit": "°C", "history": [20, 21], "nested": {"empty": {}}}
    result = await cell.face.call("structured")
    assert json.loads(result["content"][0]["text"]) == expected
    if cell.client.revision < "2025-06-18":
        return "the text alone, as far as the client knows"
    assert result["structuredContent"] == expected
    assert (await cell.tools())["structured"]["outputSchema"]["type"] == "object"


@feature("tools: structured output that is no object")
async def structured_list(cell: Cell):
    expected = [{"rank": 1}, {"rank": 2}]
    try:
        result = await cell.face.call("ranks")
    except Refused as refused:
        raise Missing(refused.message) from None
    assert json.loads(result["content"][0]["text"]) == expected
    if cell.client.revision < "2025-06-18":
        assert "structuredContent" not in result
        return "the text alone"
    schema = (await cell.tools())["ranks"]["outputSchema"]
    if cell.client.modern:
        assert result["structuredContent"] == expected
        assert (schema["type"], schema["items"]) == ("array", {"$ref": "#/$defs/rank"})
        return None
    assert result["structuredContent"] == {"result": expected}
    wrapped = schema["properties"]["result"]
    assert (schema["type"], wrapped["type"]) == ("object", "array")
    assert wrapped["items"] == {"$ref": "#/properties/result/$defs/rank"}
    return "an object with it as `result`"


@feature("tools: their errors")
async def tool_error(cell: Cell):
    result = await cell.face.call("fails")
    assert result["isError"] is True
    assert result["content"] == [{"type": "text", "text": "this tool always fails"}]


@feature("errors of the protocol, the server's own included")
async def protocol_errors(cell: Cell):
    unknown = await cell.refusal("tools/call", {"name": "nobody", "arguments": {}})
    assert (unknown.code, unknown.message) == (-32602, "Unknown tool: nobody")
    own = await cell.refusal("tools/call", {"name": "refuses", "arguments": {}})
    data = {"big": 123456789012345678901234567890}
    assert own.message == "refused as asked", own
    absent = await cell.refusal("resources/read", {"uri": "feature://text/99"})
    assert absent.code == (-32602 if cell.client.modern else -32002), absent
    assert absent.data["uri"] == "feature://text/99"
    if own.code == -32603:
        assert cell.client.modern, "its revision reserves no codes"
        assert own.data == {"code": -32050, "message": own.message, "data": data}, own
        return "a code of the range that 2026-07-28 reserves, as -32603 with the server's error as `data`"
    assert (own.code, own.data) == (-32050, data), own


@feature("progress")
async def progress(cell: Cell):
    seen = []

    async def report(done, total, message):
        seen.append((done, total, message))

    result = await cell.face.call("steps", progress=report, count=3)
    assert result["content"][0]["text"] == "made 3 steps"
    assert [(done, total) for done, total, _ in seen] == [(1, 3), (2, 3), (3, 3)], seen
    if cell.client.revision >= "2025-03-26":
        assert [message for *_, message in seen] == ["step 1", "step 2", "step 3"]


@feature("log messages of a call, from the level wanted")
async def logs(cell: Cell):
    tag = str(uuid.uuid4())
    await cell.face.level("warning")
    assert await cell.face.text("logs", tag=tag) == "logged"
    method = "notifications/message"
    await cell.face.hear(method, lambda params: params["data"] == {"tag": tag, "level": "error"}, cell.patience)
    heard = [params for name, params in cell.face.heard if name == method and params["data"]["tag"] == tag]
    assert [(params["level"], params["logger"]) for params in heard] == [("warning", "features"), ("error", "features")]


@feature("cancellation")
async def cancellation(cell: Cell):
    """Elsewhere: for half a minute, what an instance that is shared says could be about the cancelled call, and nobody
    is told."""
    name = str(uuid.uuid4())

    def this(entry):
        return entry["name"] == name

    async with cell.connect(answering=False, spare=True) as face:
        async with face.abandoned("tools/call", {"name": "waits", "arguments": {"name": name}}):
            await cell.diary.entry("waiting", this, cell.patience)
            assert not cell.diary.find("cancelled", this)
        await cell.diary.entry("cancelled", this, cell.patience)
        async with asyncio.timeout(20):
            assert json.loads(await face.text("echo", still="there"))["arguments"] == {"still": "there"}
