"""docs/troubleshooting.md quotes the gateway: each sentence comes up in the situation it is about."""

import asyncio

import pytest

from support import http1, messages
from support.control import controlled
from support.gateway import REPOSITORY, fixture

DOCUMENT = (REPOSITORY / "docs/troubleshooting.md").read_text()
TABLE = DOCUMENT[DOCUMENT.index("## By symptom") : DOCUMENT.index("## A server is not ready")]
HEADERS = {
    "Authorization": "Bearer T", "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
}
SERVERS = {
    "good": fixture(),
    "missing": {"command": "uvxx"},
    "banner": fixture("--banner"),
    "ends": {"command": "sh", "args": ["-c", "echo it has no key >&2; exit 1"]},
    "silent": {"command": "sleep", "args": ["600"], "startTimeout": "3s"},
    "refused": {"url": "http://127.0.0.1:1/mcp"},
    "crashes": fixture("--crash-after", "0"),
}


def documented(sentence: str) -> str:
    assert sentence in TABLE, f"not in the document: {sentence}"
    return sentence


@pytest.fixture(scope="module")
def gateway():
    with controlled(SERVERS, options={"authTokens": ["T"]}) as running:
        running.wait_for_log("good: server ready")
        yield running


@pytest.mark.parametrize(
    ("server", "sentence"),
    [
        ("missing", "uvxx: not found in "),
        ("silent", "did not complete the MCP handshake: no answer to initialize within 3 s"),
        ("banner", "a line on the server's stdout is no MCP message and was skipped"),
        ("ends", "exited with status 1"),
        ("ends", "next start in "),
        ("refused", "could not be reached: connection refused"),
    ],
)
def test_of_servers(gateway, server, sentence):
    gateway.wait_for_log(f"{server}: .*{documented(sentence)}")


@pytest.mark.parametrize(
    ("status", "path", "headers", "sentence"),
    [
        (401, "/good/mcp", {"Authorization": None}, "missing or unknown token"),
        (421, "/good/mcp", {"Host": "foo.lan:9090"}, 'the gateway does not answer to the host name "foo.lan"'),
        (403, "/good/mcp", {"Origin": "http://evil.example"}, 'web pages of origin "http://evil.example" may not use this gateway'),
        (404, "/nobody/mcp", {}, "MCP servers answer at /NAME/mcp and /NAME/sse"),
        (404, "/good/mcp", {"Mcp-Session-Id": "gone"}, "Session not found: initialize a new one"),
        (405, "/good/sse", {}, "this path answers GET"),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_of_http(gateway, status, path, headers, sentence):
    response = asyncio.run(http1.request(gateway.port, "POST", path, HEADERS | headers, messages.request("1", "tools/list")))
    assert response.status == status
    assert documented(sentence) in response.text.replace('\\"', '"').replace("\\/", "/")


def test_of_clients_that_look_for_oauth(gateway):
    response = asyncio.run(http1.request(gateway.port, "GET", "/.well-known/oauth-authorization-server"))
    assert response.status == 404 and response.headers["content-type"] == "application/json"


def test_of_a_server_that_dies_in_a_call(gateway):
    result = gateway.cli("call", "crashes", "echo", "--args", '{"text": "x"}')
    for words in ("before it answered", "the call is not repeated"):
        assert documented(words) in result.stderr


def test_of_a_url_that_is_no_mcp_server(gateway):
    with controlled({"pages": {"url": f"{gateway.url}/livez"}}) as other:
        other.wait_for_log("did not complete the MCP handshake: .*HTTP 405")
    assert "did not complete the MCP handshake: … HTTP 405" in TABLE


def test_of_a_file_with_a_mistake(gateway):
    good = gateway.file.read_text()
    gateway.file.write_text("{")
    try:
        assert gateway.cli("reload").returncode == 78
        gateway.wait_for_log(documented("configuration not reloaded, the gateway runs on as before"))
    finally:
        gateway.file.write_text(good)
