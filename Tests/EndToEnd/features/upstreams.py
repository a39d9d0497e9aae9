"""The feature server behind the gateway, over each transport that the gateway speaks to servers."""

import sys
from contextlib import contextmanager
from pathlib import Path

from support.programs import free_port, listening

SERVER = Path(__file__).resolve().parents[1] / "servers" / "feature_server.py"
UPSTREAMS = ("stdio", "sse", "streamable-http")
PATHS = {"sse": "/sse", "streamable-http": "/mcp"}


@contextmanager
def upstream(transport: str, *options: str):
    """The server's block of the configuration; over HTTP, the server runs until the end of this. The 2.x line of the SDK
    would speak 2026-07-28 if it were asked."""
    if transport == "stdio":
        yield {"command": sys.executable, "args": [str(SERVER), *options], "era": "legacy"}
        return
    port = free_port()
    command = [sys.executable, SERVER, "--transport", transport, "--port", str(port), *options]
    with listening(command, port):
        yield {"url": f"http://127.0.0.1:{port}{PATHS[transport]}", "transportType": transport, "era": "legacy"}
