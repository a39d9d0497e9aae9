"""Real servers, used by the real client of each SDK line over each transport."""

import asyncio
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sdk.peer import connect, text_of
from support.gateway import installed

PAGE = "<html><head><title>Page</title></head><body><h1>A page of our own</h1><p>Grüße 😀</p></body></html>"


@pytest.fixture
def page_url():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = PAGE.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/page.html"
    server.shutdown()
    server.server_close()


@pytest.fixture
def repository(tmp_path):
    def git(*arguments):
        subprocess.run(["git", "-C", tmp_path, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("config", "user.name", "Ada")
    git("config", "user.email", "ada@example.org")
    (tmp_path / "file").write_text("content\n")
    git("add", "file")
    git("commit", "-q", "-m", "The first of all commits")
    return tmp_path


def test_time_tells_the_time(start, transport):
    async def use(gateway):
        async with connect(gateway, "time", transport) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            assert tools == {"get_current_time", "convert_time"}
            answer = json.loads(text_of(await client.call_tool("get_current_time", {"timezone": "UTC"})))
            assert answer["timezone"] == "UTC"

    with start({"time": installed("mcp-server-time", "--local-timezone", "UTC")}) as gateway:
        asyncio.run(use(gateway))


def test_fetch_fetches_a_page(start, transport, page_url):
    async def use(gateway):
        async with connect(gateway, "fetch", transport) as client:
            assert "fetch" in {tool.name for tool in (await client.list_tools()).tools}
            text = text_of(await client.call_tool("fetch", {"url": page_url, "raw": True}))
            assert "A page of our own" in text and "Grüße 😀" in text

    fetch = installed(
        "mcp-server-fetch", "--ignore-robots-txt", "--allow-private-ips", env={"NO_PROXY": "127.0.0.1"}
    )
    with start({"fetch": fetch}) as gateway:
        asyncio.run(use(gateway))


def test_git_reads_a_repository(start, transport, repository):
    async def use(gateway):
        async with connect(gateway, "git", transport) as client:
            assert len((await client.list_tools()).tools) >= 10
            text = text_of(await client.call_tool("git_log", {"repo_path": str(repository)}))
            assert "The first of all commits" in text

    with start({"git": installed("mcp-server-git", "--repository", str(repository))}) as gateway:
        asyncio.run(use(gateway))


def test_a_tool_error_of_the_server_reaches_the_client_as_such(start, transport):
    from sdk.peer import failed

    async def use(gateway):
        async with connect(gateway, "time", transport) as client:
            assert failed(await client.call_tool("get_current_time", {"timezone": "No/Where"}))

    with start({"time": installed("mcp-server-time", "--local-timezone", "UTC")}) as gateway:
        asyncio.run(use(gateway))
