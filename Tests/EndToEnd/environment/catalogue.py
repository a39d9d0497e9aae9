"""The servers of the environment: what each needs, how it is started, and its block of the configuration."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from environment.postgresql import Cluster
from environment.program import Program, Unavailable
from support.gateway import REPOSITORY
from support.programs import free_port

SERVERS = Path(__file__).resolve().parents[1] / "servers"
PAGE = '<html><head><meta charset="utf-8"><title>Page</title></head><body><h1>A page of our own</h1><p>Grüße 😀</p></body></html>'

# Where the usual compose files put them.
USUAL_PORTS = {"postgres": 8686, "timescaledb": 8687, "playwright": 8931}


@dataclass
class Service:
    """One MCP server. `program` is what runs it, or None where the gateway starts it itself."""

    name: str
    block: dict
    program: Program | None = None


def of_venv(line: str, pattern: str) -> str:
    """A file of one of the virtual environments that the scripts make."""
    venv = REPOSITORY / f".venv-{line}"
    if (file := next(venv.glob(pattern), None)) is None:
        raise Unavailable(f"{venv.name}/{pattern} does not exist; ./scripts/services.sh start makes it")
    return str(file)


def postgres_mcp(name: str, cluster: Cluster, port: int, directory: Path) -> Service:
    options = ["--access-mode=unrestricted", "--transport=sse", "--sse-host=127.0.0.1", f"--sse-port={port}"]
    # By the environment, because everybody can read a command line.
    program = Program(
        name, [of_venv("postgres", "bin/postgres-mcp"), *options], port, directory, {"DATABASE_URI": cluster.uri}
    )
    return Service(name, {"url": f"http://127.0.0.1:{port}/sse", "transportType": "sse"}, program)


def playwright(port: int, directory: Path) -> Service:
    """Playwright's own MCP server, which its Python package brings along, with Debian's browser."""
    browser = shutil.which("chromium")
    if browser is None:
        raise Unavailable("no chromium in PATH; apt-get install chromium")
    driver = "lib/python3*/site-packages/playwright/driver"
    node, entry = of_venv("playwright", f"{driver}/node"), of_venv("playwright", f"{driver}/package/lib/entry/mcp.js")
    options = ["--host=127.0.0.1", f"--port={port}", "--headless", "--isolated", f"--executable-path={browser}"]
    # Chromium's sandbox does not run as root.
    options += ["--no-sandbox"] if os.getuid() == 0 else []
    program = Program("playwright", [node, entry, *options], port, directory)
    # Its transport is left for the gateway to find out.
    return Service("playwright", {"url": f"http://127.0.0.1:{port}/mcp"}, program)


def features(name: str, line: str, transport: str, path: str, directory: Path, **block) -> Service:
    """The server with every feature, on one line of the official SDK. Its answers are those of 2025-11-25, also where the
    SDK would speak a later revision if it were asked."""
    port = free_port()
    command = [of_venv(line, "bin/python"), str(SERVERS / "feature_server.py"), f"--transport={transport}"]
    program = Program(name, [*command, f"--port={port}", f"--name={name}"], port, directory)
    return Service(name, {"url": f"http://127.0.0.1:{port}{path}", "era": "legacy", **block}, program)


def fetch() -> Service:
    # Robots' rules and the refusal of private addresses are for the real network.
    return Service(
        "fetch",
        {
            "command": of_venv("mcp1", "bin/mcp-server-fetch"),
            "args": ["--ignore-robots-txt", "--allow-private-ips"],
            "env": {"NO_PROXY": "127.0.0.1"},
        },
    )


def filesystem(directory: Path) -> Service:
    files = directory / "files"
    files.mkdir(exist_ok=True)
    return Service("filesystem", {"command": of_venv("mcp2", "bin/filesystem-mcp"), "args": [str(files)]})


def page(directory: Path) -> Program:
    """What there is to fetch, and to look at with a browser."""
    site = directory / "site"
    site.mkdir(exist_ok=True)
    (site / "page.html").write_text(PAGE, encoding="utf-8")
    port = free_port()
    command = [of_venv("mcp1", "bin/python"), "-m", "http.server", "--bind=127.0.0.1", f"--directory={site}", str(port)]
    return Program("page", command, port, directory)
