"""The real mcpo: what it makes of servers, compared with what the gateway makes of them, and in front of the gateway."""

import asyncio
import json
import os
import signal
import sys
from contextlib import contextmanager

import pytest

from support import http1, open_webui, waiting
from support.gateway import REPOSITORY, installed
from support.programs import free_port, listening

MCPO = REPOSITORY / ".venv-mcpo/bin/mcpo"
JSON = {"Content-Type": "application/json"}
KEY = {"Authorization": "Bearer k"}
SERVER = REPOSITORY / "Tests/EndToEnd/servers/plain_tools.py"

pytestmark = pytest.mark.skipif(not MCPO.exists(), reason="mcpo is not installed (scripts/peers.sh)")


@contextmanager
def mcpo(servers: dict, directory):
    """Its port. It takes connections only once it has asked every server for its tools."""
    file, port = directory / "mcpo.json", free_port()
    file.write_text(json.dumps({"mcpServers": servers}))
    command = [MCPO, "--host", "127.0.0.1", "--port", str(port), "--api-key", "k", "--config", file]
    with listening(command, port, env={**os.environ, "PYTHONUNBUFFERED": "1"}):
        yield port


def wait_until_ready(gateway, *names: str) -> None:
    for name in names:
        gateway.wait_for_log(rf"{name}: server ready", seconds=60)


def ask(port: int, method: str, target: str, headers: dict, body: bytes = b"") -> http1.Response:
    return asyncio.run(http1.request(port, method, target, headers, body))


def document(port: int, name: str) -> dict:
    return asyncio.run(open_webui.fetch(port, f"http://any/{name}", "k"))


def test_the_gateway_answers_as_mcpo_does(start, tmp_path):
    servers = {"time": installed("mcp-server-time"), "fetch": installed("mcp-server-fetch")}
    with (
        start(servers, openapi={"addr": "127.0.0.1:0"}, options={"authTokens": ["k"]}) as gateway,
        mcpo(servers, tmp_path) as theirs,
    ):
        ours = int(gateway.wait_for_log(r"listening on http://127\.0\.0\.1:(\d+): .*OpenAPI").group(1))
        wait_until_ready(gateway, *servers)
        for name in servers:
            assert outline(document(ours, name)) == outline(document(theirs, name))
            for follows in (False, True):
                made = [open_webui.tools(document(port, name), follows) for port in (ours, theirs)]
                assert [summary(tools) for tools in made][0] == [summary(tools) for tools in made][1]
        zone = b'{"source_timezone":"UTC","time":"12:00","target_timezone":"Asia/Tokyo"}'
        for method, target, headers, body in (
            ("POST", "/time/convert_time", KEY | JSON, zone),
            ("POST", "/time/convert_time", JSON, zone),
            ("POST", "/time/convert_time", JSON | {"Authorization": "Bearer other"}, zone),
            ("GET", "/time/convert_time", KEY, b""),
            ("PUT", "/time/convert_time", KEY | JSON, zone),
            ("GET", "/none/openapi.json", KEY, b""),
            ("POST", "/none/x", KEY | JSON, b"{}"),
        ):
            mine, other = (ask(port, method, target, headers, body) for port in (ours, theirs))
            assert mine.status == other.status, (method, target, mine, other)
            assert json.loads(mine.text) == json.loads(other.text), (method, target)
        for body in (b"[1]", b"[1", b'"a"'):
            mine, other = (ask(port, "POST", "/time/convert_time", KEY | JSON, body) for port in (ours, theirs))
            assert mine.status == other.status == 422
            told = [json.loads(answer.text)["detail"][0] for answer in (mine, other)]
            assert [(entry["type"], entry["msg"], entry["loc"][0]) for entry in told][:1] * 2 == [
                (entry["type"], entry["msg"], entry["loc"][0]) for entry in told
            ]


def outline(spec: dict) -> dict:
    """What clients find their way by: all but schemas, and what is empty."""
    spec = json.loads(json.dumps(spec))
    spec["components"] = {
        "schemas": sorted(spec["components"]["schemas"]),
        "securitySchemes": spec["components"]["securitySchemes"],
    }
    for operations in spec["paths"].values():
        operations["post"]["responses"]["200"]["content"]["application/json"].pop("schema")
    return spec


def summary(tools: dict) -> dict:
    """What of its tools a model cannot do without."""
    return {
        name: (
            tool["description"],
            {key: (value.get("type"), value.get("description")) for key, value in tool["parameters"]["properties"].items()},
            sorted(tool["parameters"]["required"]),
        )
        for name, tool in tools.items()
    }


def test_content_and_codes_are_the_same(start, tmp_path):
    plain = {"command": sys.executable, "args": [str(SERVER)]}
    # It fails at schemas that refer to themselves, so that its server has none.
    with start({"plain": plain}, openapi={"addr": "127.0.0.1:0"}) as gateway:
        ours = int(gateway.wait_for_log(r"listening on http://127\.0\.0\.1:(\d+): .*OpenAPI").group(1))
        wait_until_ready(gateway, "plain")
        few = {**plain, "args": [str(SERVER), "answer", "nothing"]}
        with mcpo({"plain": few}, tmp_path) as theirs:
            for content in (
                [],
                [{"type": "text", "text": "hello"}],
                [{"type": "text", "text": "2"}],
                [{"type": "text", "text": '{"a": [1, null]}'}],
                [{"type": "text", "text": ""}],
                [{"type": "text", "text": "a"}, {"type": "text", "text": "null"}],
                [{"type": "image", "data": "QQ==", "mimeType": "image/png"}],
            ):
                body = json.dumps({"result": {"content": content}}).encode()
                mine, other = (ask(port, "POST", "/plain/answer", KEY | JSON, body) for port in (ours, theirs))
                assert (mine.status, json.loads(mine.text)) == (other.status, json.loads(other.text)), content
            for code in (-32700, -32600, -32601, -32602, -32603, -32000):
                body = json.dumps({"error": {"code": code, "message": "m", "data": {"a": 1}}}).encode()
                mine, other = (ask(port, "POST", "/plain/answer", KEY | JSON, body) for port in (ours, theirs))
                assert (mine.status, json.loads(mine.text)) == (other.status, json.loads(other.text)), code
            for body in (b"", b"{}"):
                mine, other = (ask(port, "POST", "/plain/nothing", KEY | JSON, body) for port in (ours, theirs))
                assert json.loads(mine.text) == json.loads(other.text) == {"tool": "nothing", "arguments": {}}


@pytest.mark.parametrize("kind", ("sse", "mcp"))
def test_mcpo_works_in_front_of_the_gateway(start, tmp_path, kind):
    with start({"time": installed("mcp-server-time")}, options={"authTokens": ["t"]}) as gateway:
        wait_until_ready(gateway, "time")
        type = "sse" if kind == "sse" else "streamable-http"
        block = {"type": type, "url": f"{gateway.url}/time/{kind}", "headers": {"Authorization": "Bearer t"}}
        with mcpo({"time": block}, tmp_path) as port:
            assert "tool_convert_time_post" in open_webui.tools(document(port, "time"))
            answer = ask(port, "POST", "/time/get_current_time", KEY | JSON, b'{"timezone":"UTC"}')
            assert answer.status == 200 and json.loads(answer.text)["timezone"] == "UTC"
            # A server that is started anew is no loss to it.
            os.kill(gateway.child("mcp-server-time").pid, signal.SIGKILL)

            def works():
                answer = ask(port, "POST", "/time/get_current_time", KEY | JSON, b'{"timezone":"UTC"}')
                return answer.status == 200

            waiting.until(works, "an answer of the server's next life", seconds=60)
