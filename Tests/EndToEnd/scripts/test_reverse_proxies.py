"""The gateway behind real reverse proxies, configured as docs/reverse-proxies.md says."""

import asyncio
import os
import re
import shutil
import socket
import subprocess

import pytest

from scripts.documents import block
from support import http1, messages, waiting
from support.gateway import fixture
from support.sessions import LegacySession
from support.streaming import StreamingSession

NAME = {"Host": "mcp.example.lan"}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def snippet(language: str, listening: str, place: str, gateway: int) -> str:
    """The document's, with these two addresses for its own."""
    text = block("docs/reverse-proxies.md", language)
    text, places = re.subn(listening, place, text, count=1)
    assert places == 1 and "127.0.0.1:9090" in text
    return text.replace("127.0.0.1:9090", f"127.0.0.1:{gateway}")


def nginx(directory, port, gateway):
    site = snippet("nginx", r"listen 80;[^\n]*", f"listen 127.0.0.1:{port};", gateway)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {directory}/{kind};\n" for kind in kinds)
    user = "user root;" if os.getuid() == 0 else ""
    (directory / "nginx.conf").write_text(
        f"daemon off;\n{user}\npid {directory}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}{site}}}\n"
    )
    return ["nginx", "-p", directory, "-e", "stderr", "-c", directory / "nginx.conf"]


def haproxy(directory, port, gateway):
    (directory / "haproxy.cfg").write_text(snippet("haproxy", "bind :80[^\n]*", f"bind 127.0.0.1:{port}", gateway))
    return ["haproxy", "-db", "-f", directory / "haproxy.cfg"]


def caddy(directory, port, gateway):
    site = snippet("caddyfile", r"^mcp\.example\.lan \{", f"http://mcp.example.lan:{port} {{", gateway)
    (directory / "Caddyfile").write_text("{\n    admin off\n    storage file_system " + f"{directory}/storage\n}}\n{site}")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", directory / "Caddyfile"]


@pytest.fixture(params=[nginx, haproxy, caddy], ids=lambda proxy: proxy.__name__)
def behind(request, start, tmp_path, monkeypatch):
    """The port of a proxy before a gateway whose server wants something of its client in each call."""
    program = request.param.__name__
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin")
    monkeypatch.setenv("HOME", str(tmp_path))
    if not shutil.which(program):
        pytest.skip(f"no {program}")
    servers = {"fixture": fixture(), "asking": fixture("--request-sampling")}
    with start(servers, baseURL="http://mcp.example.lan/tools") as gateway:
        gateway.wait_for_log("fixture: server ready")
        gateway.wait_for_log("asking: server ready")
        port = free_port()
        with open(tmp_path / "log", "wb") as log:
            proxy = subprocess.Popen(request.param(tmp_path, port, gateway.port), stderr=log, stdout=log)
        try:

            def answers():
                assert proxy.poll() is None, (tmp_path / "log").read_text()
                try:
                    return asyncio.run(http1.request(port, "GET", "/tools/readyz", NAME)).status == 200
                except (OSError, asyncio.IncompleteReadError):
                    return False

            waiting.until(answers, f"{program} to answer")
            yield port
        finally:
            proxy.terminate()
            proxy.wait(20)


async def asked_and_answered(session) -> None:
    """The server's question reaches the client while the call waits, and so no part of the stream is held back."""
    question = await session.wait_for(lambda message: message.get("method") == "sampling/createMessage")
    answer = '{"role": "assistant", "model": "m", "content": {"type": "text", "text": "yes"}}'
    response = await session.post(f'{{"jsonrpc": "2.0", "id": {question["id"]!r}, "result": {answer}}}'.replace("'", '"'))
    assert response.status == 202
    await session.wait_for_answers(1)


def test_streamable_http_is_not_held_back(behind):
    async def use():
        session = await StreamingSession.open(behind, "tools/asking", headers=NAME, capabilities='{"sampling": {}}')
        try:
            await session.start(messages.call("1", "echo", {"text": "x"}))
            await asked_and_answered(session)
            assert session.answers(1), session.received
        finally:
            await session.close()

    asyncio.run(use())


def test_an_sse_stream_is_open_and_not_held_back(behind):
    async def use():
        session = await LegacySession.open(behind, "tools/asking", headers=NAME)
        try:
            assert session.endpoint.startswith("/tools/asking/message?")
            await session.initialize(capabilities='{"sampling": {}}')
            assert (await session.post(messages.call("1", "echo", {"text": "x"}))).status == 202
            await session.wait_for_answers(1)
            await asked_and_answered(session)
        finally:
            await session.close()

    asyncio.run(use())


def test_a_large_body_goes_through(behind):
    async def use():
        session = await StreamingSession.open(behind, "tools/fixture", headers=NAME, listening=False)
        try:
            await session.begin(listening=False)
            text = "x" * (2 << 20)  # more than nginx takes if nothing is said
            answer = await session.ask(messages.call("1", "echo", {"text": text}), seconds=60)
            assert text in messages.text_of(answer)
        finally:
            await session.close()

    asyncio.run(use())


def test_a_name_that_is_not_the_gateways_is_refused_by_it_or_the_proxy(behind):
    async def use():
        response = await http1.request(behind, "GET", "/tools/fixture/mcp", {"Host": "evil.example.com"})
        assert response.status in (200, 421) and not response.text.startswith("event:"), response
        assert "fixture" not in response.text

    asyncio.run(use())
