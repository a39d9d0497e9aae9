"""What one revision or another has no place for. Where it is expected to be missing, that it is missing is looked for
with the same eyes."""

import json
import uuid

from matrix.cell import Cell, Missing, Refused, feature
from matrix.script.questions import MODEL, sampling
from support import http1, messages, stateless
from support.sessions import LegacySession, StreamableSession, messages_in
from support.streaming import StreamingSession


@feature("a question that belongs to no call")
async def question_of_no_call(cell: Cell):
    message = f"Later? {uuid.uuid4()}"
    cell.face.answers["sampling/createMessage"] = lambda params: MODEL
    since = cell.diary.length
    await cell.face.text("asks_later", method="sampling/createMessage", params=sampling(message))
    outcome = (await cell.diary.entry("outcome", lambda entry: True, 20, since))["outcome"]
    if "error" in outcome:
        raise Missing(f"the server was told: {outcome['error']['message']}")
    assert outcome["result"] == MODEL, outcome


@feature("a log message that belongs to no call")
async def log_of_no_call(cell: Cell):
    tag = str(uuid.uuid4())
    await cell.face.level("info")
    await cell.face.text("logs_later", tag=tag)
    await cell.face.hear("notifications/message", lambda params: params["data"].get("tag") == tag, cell.patience)


@feature("that the client's roots have changed")
async def roots_changed(cell: Cell):
    since = cell.diary.length
    method = "notifications/roots/list_changed"
    if cell.client.modern:
        # By hand, since the SDK sends no such thing.
        headers = stateless.headers(method)
        message = json.loads(stateless.body(method))
        del message["id"]
        response = await http1.request(cell.port, "POST", f"/{cell.server.name}/mcp", headers, json.dumps(message))
        assert response.status == 202 or response.status >= 400, response
    else:
        await cell.face.notify(method, None)
    await cell.diary.entry("notified", lambda entry: entry["method"] == method, cell.patience, since)


@feature("progress of the client, when it is asked")
async def progress_of_the_client(cell: Cell):
    token = str(uuid.uuid4())
    cell.face.answers["sampling/createMessage"] = lambda params: MODEL
    params = sampling("Capital of France?") | {"_meta": {"progressToken": token}}
    assert await cell.face.outcome("asks", method="sampling/createMessage", params=params) == MODEL

    def reported(entry):
        return (entry["params"] or {}).get("progressToken") == token

    await cell.diary.entry("notified", reported, cell.patience)


@feature("that a URL was visited (notifications/elicitation/complete)")
async def elicitation_complete(cell: Cell):
    id = str(uuid.uuid4())
    cell.face.answers["elicitation/create"] = lambda params: {"action": "accept"}
    try:
        await cell.face.call("needs_url", id=id, url="https://example.org/", once=True)
    except Refused:
        pass
    await cell.face.text("completes", id=id)
    method = "notifications/elicitation/complete"
    await cell.face.hear(method, lambda params: params["elicitationId"] == id, cell.patience)


@feature("a list that differs between connections to the server")
async def list_of_the_connection(cell: Cell):
    name = f"unlocked_{uuid.uuid4().hex}"
    await cell.face.text("unlocks", name=name)
    if name not in await cell.tools():
        raise Missing("it is not in the list of the client that has unlocked it")
    async with cell.connect(answering=True) as other:
        if name in await cell.tools(other):
            raise Missing("it is in everybody's list")


@feature("an answer that is asked for again after a lost connection")
async def resumption(cell: Cell):
    """By hand, since no client of the SDK's can be made to lose its connection."""
    name, revision = cell.server.name, cell.client.revision
    call = messages.call("1", "steps", {"count": 5, "pause": 0.05}, token='"t"')
    if cell.client.modern:
        params = {"name": "steps", "arguments": {"count": 3}}
        async with stateless.stream(cell, "tools/call", params, server=name, progressToken="t") as (_, events):
            # An event with an id would be found there.
            assert [message async for message in events][-1]["result"]
        headers = {"Accept": "text/event-stream", "Last-Event-ID": "1.1", "MCP-Protocol-Version": revision}
        response = await http1.request(cell.port, "GET", f"/{name}/mcp", headers)
        assert response.status >= 400, response
        raise Missing(f"events have no ids, and GET is answered with {response.status}")
    if cell.client.transport == "sse":
        session = await LegacySession.open(cell.port, name)
        await session.initialize(version=revision)
        await session.ask(call)
        await session.close()
        assert all(event.id is None for event in session.events)
        raise Missing("events have no ids")
    session = await StreamingSession.open(cell.port, name, version=revision)
    try:
        stream = await session.start(call)
        await session.wait_for(lambda message: message.get("method") == "notifications/progress")
        stream.lose()
        await stream.ended()
        assert not session.answers(1)
        await session.get(stream.ids[-1])
        answer = await session.wait_for(lambda message: message.get("id") == 1)
        assert messages.text_of(answer) == "made 5 steps"
        made = [json.loads(text) for text in session.received]
        steps = [message["params"]["progress"] for message in made if "params" in message]
        assert steps == [1, 2, 3, 4, 5], steps
    finally:
        await session.close()


@feature("batches")
async def batches(cell: Cell):
    """By hand, since the SDK sends none."""
    name, revision = cell.server.name, cell.client.revision
    requests = [messages.call("1", "echo", {"number": 1}), messages.call("2", "echo", {"number": 2})]
    if cell.client.modern:
        params = {"name": "echo", "arguments": {}}
        requests = [stateless.body("tools/call", params, id=number) for number in (1, 2)]
        headers = stateless.headers("tools/call", params)
        response = await http1.request(cell.port, "POST", f"/{name}/mcp", headers, f"[{','.join(requests)}]")
    elif cell.client.transport == "sse":
        session = await LegacySession.open(cell.port, name)
        await session.initialize(version=revision)
        response = await session.post(f"[{','.join(requests)}]")
        await session.close()
    else:
        session = await StreamableSession.open(cell.port, name, version=revision)
        response = await session.post(f"[{','.join(requests)}]")
        await session.close()
    if response.status == 400:
        raise Missing(json.loads(response.text)["error"]["message"])
    assert response.status == 200, response
    answers = [one for many in messages_in(response) for one in (many if isinstance(many, list) else [many])]
    assert sorted(answer["id"] for answer in answers) == [1, 2], answers
    assert all("result" in answer for answer in answers)


@feature("tasks")
async def tasks(cell: Cell):
    try:
        if cell.client.modern:
            answer = await stateless.answer(cell, "tasks/get", {"taskId": "none"}, server=cell.server.name)
            if answer.get("error", {}).get("code") == -32601:
                raise Missing(answer["error"]["message"])
            raise AssertionError(answer)
        await cell.face.ask("tasks/list")
    except Refused as refused:
        assert refused.code == -32601, refused
        raise Missing(refused.message) from None
