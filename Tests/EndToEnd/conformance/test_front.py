"""The suite's scenarios about HTTP, which are the gateway's own duty."""


import pytest

from conformance.clients import within_a_minute
from support import http1
from support.messages import initialize, request
from support.sessions import BOTH, StreamableSession
from support.streaming import Stream, StreamingSession

HEADERS = {"Content-Type": "application/json", "Accept": BOTH}


@pytest.mark.parametrize(
    ("host", "accepted"), [("evil.example.com", False), ("127.0.0.1", True), ("localhost", True), ("[::1]", True)]
)
def test_2_dns_rebinding_protection(everything, host, accepted):
    async def use():
        authority = f"{host}:{everything.gateway.port}" if accepted else host
        headers = HEADERS | {"Host": authority, "Origin": f"http://{authority}", "MCP-Protocol-Version": "2025-11-25"}
        response = await http1.request(everything.gateway.port, "POST", "/everything/mcp", headers, initialize())
        assert 200 <= response.status < 300 if accepted else 400 <= response.status < 500

    within_a_minute(use())


def test_38_server_session_lifecycle(everything):
    async def use():
        session = await StreamableSession.open(everything.gateway.port, "everything")
        assert 200 <= (await session.delete()).status < 300
        assert (await session.post(request("2", "tools/list"))).status == 404

    within_a_minute(use())


def test_49_51_server_sse_polling(everything):
    """A stream that is lost in the middle of a call: the first event was empty and had an id, and a GET with the last
    id brings the answer."""

    async def use():
        session = await StreamingSession.open(everything.gateway.port, "everything")
        stream = await session.start(
            request("1", "tools/call", '{"name":"steps","arguments":{"count":3,"pause":0.1},"_meta":{"progressToken":7}}')
        )
        assert isinstance(stream, Stream)
        await session.wait_for(lambda message: message.get("method") == "notifications/progress")
        assert stream.events[0].id and stream.events[0].text == ""
        stream.lose()
        await stream.ended()
        rest = await session.get(stream.ids[-1])
        await rest.ended()
        (answer,) = session.answers(1)
        assert answer["result"]["content"][0]["text"] == "made 3 steps"
        assert not set(stream.ids) & set(rest.ids)
        await session.close()

    within_a_minute(use())
