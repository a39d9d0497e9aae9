"""The whole matrix: a gateway for each column, and the processes that play in its cells."""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from conftest import running
from features.upstreams import PATHS, SERVER
from matrix.peers import CLIENTS, SERVERS, SPARE, Client, Server
from support.gateway import REPOSITORY, configuration
from support.programs import free_port, listening

END_TO_END = Path(__file__).resolve().parents[1]
# By cell and feature, what came of it.
Seen = dict[tuple[Client, Server], dict[str, dict]]


def python(line: int) -> str:
    """Of the virtual environment with that line of the SDK; `scripts/test.sh` makes them."""
    return str(REPOSITORY / f".venv-mcp{line}/bin/python")


@contextmanager
def block(server: Server, diary: Path):
    """The server's block of the configuration; over HTTP, the server runs until the end of this."""
    command = [python(server.line), str(SERVER), "--modern" if server.modern else "--tasks"]
    environment = {"FEATURE_DIARY": str(diary)}
    # The feature server asks outside of calls too. Which era a server has the gateway finds out by itself.
    keys = {} if server.modern else {"interactive": True}
    if server.transport == "stdio":
        yield {"command": command[0], "args": command[1:], "env": environment, **keys}
        return
    port = free_port()
    command += ["--transport", server.transport, "--port", str(port)]
    with open(diary.with_name("server.log"), "w") as log, listening(
        command, port, env=os.environ | environment, stderr=log
    ):
        yield {"url": f"http://127.0.0.1:{port}{PATHS[server.transport]}", **keys}


def blocks(server: Server, keys: dict) -> dict:
    return configuration({server.name: keys, server.name + SPARE: keys})


def play_column(server: Server) -> Seen:
    seen: Seen = {}
    with tempfile.TemporaryDirectory(prefix="mcp-matrix-") as directory:
        diary = Path(directory) / "diary"
        with block(server, diary) as keys, running(blocks(server, keys)) as gateway:
            for line in (1, 2):
                clients = {client.revision: client for client in CLIENTS if client.line == line}
                arguments = [str(gateway.port), server.name, str(diary), *clients]
                command = [python(line), "-m", "matrix.player", *arguments]
                paths = os.environ | {"PYTHONPATH": f"{END_TO_END}:{SERVER.parent}"}
                done = subprocess.run(command, env=paths, capture_output=True, text=True, timeout=400)
                for text in done.stdout.splitlines():
                    result = json.loads(text)
                    seen.setdefault((clients[result["client"]], server), {})[result["feature"]] = result
                if done.returncode != 0:
                    print(f"{' '.join(command)}:\n{done.stderr}", file=sys.stderr)
            assert len(seen) == len(CLIENTS), f"{server.name}: {[client.revision for client, _ in seen]}\n{gateway.log}"
    return seen


def play_everything(servers=SERVERS) -> Seen:
    """Two columns at a time."""
    seen: Seen = {}
    with ThreadPoolExecutor(2) as workers:
        for column in workers.map(play_column, servers):
            seen |= column
    return seen
