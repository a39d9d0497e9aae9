"""Lists, prompts, resources, completion."""

import json

from matrix.cell import Cell, feature
from servers.features import MODERN_TOOLS, PNG, PROMPTS, RESOURCES, TEMPLATES, TEXT, TOOLS


@feature("lists, page by page")
async def pages(cell: Cell):
    tools = [tool.__name__ for tool in TOOLS + (MODERN_TOOLS if cell.server.modern else [])]
    lists = {
        "tools/list": ("tools", "name", tools),
        "prompts/list": ("prompts", "name", [prompt["name"] for prompt in PROMPTS]),
        "resources/list": ("resources", "uri", [resource["uri"] for resource in RESOURCES]),
        "resources/templates/list": (
            "resourceTemplates",
            "uriTemplate",
            [template["uriTemplate"] for template in TEMPLATES],
        ),
    }
    for method, (key, name, expected) in lists.items():
        first = await cell.face.ask(method, {})
        assert len(first[key]) < len(expected) and first["nextCursor"], first
        found = [item[name] for item in await cell.everything(method, key)]
        # Other clients add tools at the end.
        assert found[: len(expected)] == expected, found
        assert len(set(found)) == len(found)
        assert (await cell.refusal(method, {"cursor": "nonsense"})).code == -32602


@feature("prompts, with arguments, images and resources")
async def prompts(cell: Cell):
    prompt = await cell.face.ask("prompts/get", {"name": "greet", "arguments": {"name": "Ada", "style": "süß"}})
    said = {"type": "text", "text": "Greet Ada in the style süß"}
    assert prompt["description"] == "A greeting" and prompt["messages"] == [{"role": "user", "content": said}]
    image, resource = (await cell.face.ask("prompts/get", {"name": "illustrated"}))["messages"]
    assert image["content"] == {"type": "image", "data": PNG, "mimeType": "image/png"}
    assert (resource["role"], resource["content"]["resource"]["text"]) == ("assistant", TEXT)


@feature("resources, as text and as bytes")
async def resources(cell: Cell):
    (text,) = (await cell.face.ask("resources/read", {"uri": "feature://text/1"}))["contents"]
    assert (text["uri"], text["text"], text["mimeType"]) == ("feature://text/1", TEXT, "text/plain")
    (blob,) = (await cell.face.ask("resources/read", {"uri": "feature://blob/4"}))["contents"]
    assert (blob["blob"], blob["mimeType"]) == (PNG, "image/png")


@feature("templates of resources")
async def templates(cell: Cell):
    assert (await cell.everything("resources/templates/list", "resourceTemplates"))[0]["name"] == "note"
    (note,) = (await cell.face.ask("resources/read", {"uri": "feature://note/birds/7"}))["contents"]
    assert note["text"] == "note about birds/7"


@feature("completion")
async def completion(cell: Cell):
    known = {} if cell.client.revision < "2025-06-18" else {"name": "Ada"}
    uri = "feature://note/{topic}/{number}"
    for reference in ({"type": "ref/prompt", "name": "greet"}, {"type": "ref/resource", "uri": uri}):
        params = {"ref": reference, "argument": {"name": "style", "value": "f"}}
        if known:
            params["context"] = {"arguments": known}
        completed = (await cell.face.ask("completion/complete", params))["completion"]
        about = reference.get("name") or uri
        assert completed["values"][0] == f"{about} style f {json.dumps(known)}", completed
        assert (len(completed["values"]), completed["total"], completed["hasMore"]) == (100, 250, True)
