"""What may come of a request of MCP 2026-07-28, whatever is in it."""

import json

from fuzz.shots import PEOPLE, UNKNOWN, Shot
from support.http1 import Response
from support.stateless import KEY

# The statuses of a response that is one error, by its code; any other code is the server's, and comes with 200.
STATUSES = {
    -32700: {400}, -32600: {400}, -32602: {200, 400}, -32020: {400}, -32021: {400}, -32022: {400}, -32601: {404},
    -32603: {200, 503},
}
# Refusals of HTTP's own, of a head that is not as it should be.
OF_HTTP = {400, 401, 403, 405, 406, 411, 413, 415, 417, 421, 431, 501, 505}
DURING_A_CALL = {"notifications/progress", "notifications/message"}


class Wrong(AssertionError):
    """Says which request it was."""

    def __init__(self, what: str, shot: Shot, response: Response):
        super().__init__(f"{what}\n  {shot}\n  {response.status} {response.headers}\n  {response.body[:1000]!r}")


def judge(shot: Shot, response: Response) -> dict | None:
    """The answer, once it is as it should be; nothing where there is none to have."""
    text = response.body.decode()
    for person in PEOPLE:
        if person != shot.person and f"{person}~" in text and f"{person}~".encode() not in (shot.body or b""):
            raise Wrong(f"it tells {shot.person} what is {person}'s", shot, response)
    if "mcp-session-id" in response.headers:
        raise Wrong("there are no sessions", shot, response)
    answer = _answer(shot, response, text)
    outcome = response.status if answer is None else answer.get("error", {}).get("code", 0)
    if shot.codes and outcome not in shot.codes and not (shot.is_damaged and response.status in OF_HTTP):
        raise Wrong(f"{outcome} is not what was expected", shot, response)
    if shot.mark and shot.mark not in text:
        raise Wrong("it is not the answer to what was asked", shot, response)
    return answer


def _answer(shot: Shot, response: Response, text: str) -> dict | None:
    kind = response.headers.get("content-type", "")
    if response.status == 200 and kind == "text/event-stream":
        return _of_stream(shot, response, text)
    if response.status in (202, 204):
        if text:
            raise Wrong("it has a body", shot, response)
        if shot.id is not UNKNOWN and response.status == 202:
            raise Wrong("a request gets an answer", shot, response)
        return None
    if kind != "application/json":
        raise Wrong("it is neither JSON nor a stream", shot, response)
    message = json.loads(text)
    if "jsonrpc" not in message:
        if response.status not in OF_HTTP or not (shot.is_damaged or shot.id is UNKNOWN):
            raise Wrong("this is no answer", shot, response)
        return None
    _check(shot, response, message)
    code = message.get("error", {}).get("code", 0)
    if response.status not in STATUSES.get(code, {200}):
        raise Wrong(f"{code} does not go with {response.status}", shot, response)
    return message


def _of_stream(shot: Shot, response: Response, text: str) -> dict:
    blocks = text.replace("\r\n", "\n").split("\n\n")
    if blocks.pop():
        raise Wrong("the last event has no end", shot, response)
    events = [[line for line in block.split("\n") if not line.startswith(":")] for block in blocks]
    messages = []
    for lines in filter(None, events):
        if lines[0] != "event: message" or len(lines) != 2 or not lines[1].startswith("data: "):
            raise Wrong(f"an event is a message without an id, not {lines}", shot, response)
        messages.append(json.loads(lines[1].removeprefix("data: ")))
    *others, last = messages
    allowed = DURING_A_CALL
    if shot.method == "subscriptions/listen":
        allowed = None
    for message in others:
        if "id" in message or (allowed is not None and message.get("method") not in allowed):
            raise Wrong(f"{message} does not belong to the answer", shot, response)
    _check(shot, response, last)
    return last


def _check(shot: Shot, response: Response, message: dict) -> None:
    """That a message is one answer to the request."""
    if ("result" in message) == ("error" in message) or "method" in message:
        raise Wrong("this is no answer", shot, response)
    if shot.id is not UNKNOWN and (type(message.get("id")) is not type(shot.id) or message["id"] != shot.id):
        # What cannot be read to its end has no id.
        if message.get("error", {}).get("code") not in (-32700, -32600) or "id" in message:
            raise Wrong("it answers another request", shot, response)
    if "result" in message:
        result = message["result"]
        if result["resultType"] not in ("complete", "input_required") or KEY + "serverInfo" not in result["_meta"]:
            raise Wrong("this is no result of 2026-07-28", shot, response)
        return
    code = message["error"]["code"]
    if code not in STATUSES and -32768 <= code <= -32000:
        raise Wrong(f"{code} is nobody's to send", shot, response)
