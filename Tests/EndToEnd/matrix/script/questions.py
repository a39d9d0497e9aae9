"""What servers ask of clients in the course of a call."""

import uuid

from matrix.cell import Cell, Missing, Refused, feature

SCHEMA = {"type": "object", "properties": {"mine": {"type": "string"}}, "required": ["mine"]}
MODEL = {"role": "assistant", "model": "none", "content": {"type": "text", "text": "Paris"}}
ROOTS = {"roots": [{"uri": "file:///home/ada", "name": "home"}]}


def form(message: str) -> dict:
    return {"mode": "form", "message": message, "requestedSchema": SCHEMA}


def sampling(message: str) -> dict:
    return {"messages": [{"role": "user", "content": {"type": "text", "text": message}}], "maxTokens": 5}


def asked(cell: Cell, method: str, wanted) -> dict:
    """The parameters of the one such question."""
    (params,) = [params for name, params in cell.face.asked if name == method and wanted(params)]
    return params


@feature("elicitation: forms")
async def elicitation_form(cell: Cell):
    message = f"Which? {uuid.uuid4()}"
    for answer in ({"action": "accept", "content": {"mine": "this"}}, {"action": "decline"}):
        cell.face.asked.clear()
        cell.face.answers["elicitation/create"] = lambda params: answer
        assert await cell.face.outcome("asks", method="elicitation/create", params=form(message)) == answer
        params = asked(cell, "elicitation/create", lambda params: params["message"] == message)
        assert params["requestedSchema"] == SCHEMA, params


@feature("elicitation: URLs")
async def elicitation_url(cell: Cell):
    url = f"https://example.org/{uuid.uuid4()}"
    params = {"mode": "url", "message": "Visit it.", "url": url, "elicitationId": "e1"}
    if cell.server.modern:
        del params["elicitationId"]
    cell.face.answers["elicitation/create"] = lambda params: {"action": "accept"}
    assert await cell.face.outcome("asks", method="elicitation/create", params=params) == {"action": "accept"}
    found = asked(cell, "elicitation/create", lambda params: params.get("url") == url)
    assert found["mode"] == "url"
    # What 2025-11-25 requires, and 2026-07-28 does not know.
    assert ("elicitationId" in found) != cell.client.modern, found


@feature("a URL that a call needs visited first (-32042)")
async def url_required(cell: Cell):
    if cell.server.modern:
        raise Missing("no server of 2026-07-28 says so")
    url = f"https://example.org/{uuid.uuid4()}"
    needed = {"name": "needs_url", "arguments": {"id": str(uuid.uuid4()), "url": url, "once": True}}
    cell.face.answers["elicitation/create"] = lambda params: {"action": "accept"}
    try:
        result = await cell.face.ask("tools/call", needed)
    except Refused as refused:
        if refused.code == -32042:
            assert cell.client.revision == "2025-11-25", "it knows no such error"
            assert refused.data["elicitations"][0]["url"] == url
            assert (await cell.face.ask("tools/call", needed))["content"][0]["text"] == "visited"
            return None
        assert url in refused.message, refused
        return "an error that names the URL"
    assert cell.client.modern and result["content"][0]["text"] == "visited", result
    asked(cell, "elicitation/create", lambda params: params.get("url") == url)
    return "an elicitation, after which the call is made again"


@feature("sampling")
async def sampling_of_a_call(cell: Cell):
    message = f"Capital of France? {uuid.uuid4()}"
    cell.face.answers["sampling/createMessage"] = lambda params: MODEL
    outcome = await cell.face.outcome("asks", method="sampling/createMessage", params=sampling(message))
    assert outcome == MODEL, outcome
    params = asked(cell, "sampling/createMessage", lambda params: params["messages"][0]["content"]["text"] == message)
    assert params["maxTokens"] == 5


@feature("roots")
async def roots(cell: Cell):
    cell.face.answers["roots/list"] = lambda params: ROOTS
    assert await cell.face.outcome("asks", method="roots/list", params={}) == ROOTS
