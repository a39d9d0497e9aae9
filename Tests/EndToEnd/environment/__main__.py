"""The environment by hand: `start`, `status`, `restart`, `call` and `stop`, for scripts/services.sh."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from environment.environment import Environment
from environment.program import Program, end
from sdk.peer import TRANSPORTS, connect, failed
from support import processes
from support.gateway import REPOSITORY

ADDRESS = "127.0.0.1:9090"
# Holds the name of the directory in which what runs is written down.
POINTER = REPOSITORY / ".services"


def load() -> tuple[Path, list[dict]] | None:
    if not POINTER.exists():
        return None
    directory = Path(POINTER.read_text().strip())
    if not (directory / "state.json").exists():
        return None
    return directory, json.loads((directory / "state.json").read_text())


def save(directory: Path, state: list[dict]) -> None:
    file = directory / "state.json"
    # It holds passwords.
    file.touch(mode=0o600)
    file.write_text(json.dumps(state))


def entry_of(program: Program) -> dict:
    """All that it takes to find the process again, and to start it again."""
    how = {key: getattr(program, key) for key in ("name", "command", "port", "environment", "user")}
    return {**how, "directory": str(program.directory), "pid": program.pid, "started": program.life().started}


def alive(entry: dict) -> processes.Process | None:
    life = processes.read(entry["pid"])
    return life if life and life.started == entry["started"] else None


def start(arguments) -> int:
    if (state := load()) and any(alive(entry) for entry in state[1]):
        print("It is running already: ./scripts/services.sh status, or stop", file=sys.stderr)
        return 1
    directory = Path(tempfile.mkdtemp(prefix="mcp-gateway-services-"))
    environment = Environment(directory, usual_ports=arguments.seed_ports)
    environment.start()
    config = environment.write_configuration(ADDRESS)
    state = [entry_of(program) for program in environment.programs]
    save(directory, state)
    POINTER.write_text(f"{directory}\n")
    show(state)
    for name, reason in environment.skipped.items():
        print(f"SKIPPED {name}: {reason}")
    print(f"""
The page is http://127.0.0.1:{environment.page.port}/page.html, the files are in {directory}/files.
One configuration has all of them. Now run

    ./scripts/run.sh --config {config}

and in another terminal

    curl -s http://{ADDRESS}/healthz
    ./scripts/services.sh call postgres execute_sql '{{"sql": "SELECT version()"}}'
    ./scripts/services.sh stop
""")
    return 0


def show(state: list[dict]) -> None:
    for entry in state:
        what = f"pid {entry['pid']}" if alive(entry) else "ended"
        print(f"{entry['name']:<20} 127.0.0.1:{entry['port']:<6} {what}")


def status(arguments) -> int:
    state = load()
    if state is None:
        print("nothing was started; ./scripts/services.sh start")
        return 1
    show(state[1])
    print(f"\nlogs and configuration: {state[0]}")
    return 0 if all(alive(entry) for entry in state[1]) else 1


def restart(arguments) -> int:
    state = load()
    entry = next((entry for entry in state[1] if entry["name"] == arguments.name), None) if state else None
    if entry is None:
        print(f"nothing of the name {arguments.name} was started; ./scripts/services.sh status", file=sys.stderr)
        return 1
    if life := alive(entry):
        end(life)
    how = {key: value for key, value in entry.items() if key not in ("pid", "started", "directory")}
    program = Program(directory=Path(entry["directory"]), **how)
    program.start()
    program.wait_until_open()
    entry |= entry_of(program)
    save(*state)
    show([entry])
    return 0


@dataclass
class Running:
    """The gateway that somebody else has started."""

    url: str = f"http://{ADDRESS}"


def call(arguments) -> int:
    """As any client does it, with the official SDK."""

    async def use() -> int:
        async with connect(Running(), arguments.server, arguments.over) as client:
            if arguments.tool is None:
                for tool in (await client.list_tools()).tools:
                    print(tool.name)
                return 0
            result = await client.call_tool(arguments.tool, json.loads(arguments.arguments))
            for content in result.content:
                print(getattr(content, "text", content))
            return int(failed(result))

    try:
        return asyncio.run(use())
    except Exception as error:
        # The SDK wraps what went wrong in groups of one.
        while inner := getattr(error, "exceptions", None):
            error = inner[0]
        print(f"{arguments.server}: {error}", file=sys.stderr)
        return 1


def stop(arguments) -> int:
    state = load()
    if state is None:
        print("nothing was started")
        return 0
    for entry in reversed(state[1]):
        if life := alive(entry):
            end(life)
    shutil.rmtree(state[0])
    POINTER.unlink()
    print(f"stopped, and {state[0]} removed")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="services.sh")
    commands = parser.add_subparsers(required=True)
    starting = commands.add_parser("start", help="start all that can be had, and write one configuration for them")
    starting.add_argument(
        "--seed-ports", action="store_true", help="8686 and 8687 for postgres-mcp, 8931 for playwright; free ones else"
    )
    starting.set_defaults(run=start)
    restarting = commands.add_parser("restart", help="end one of them if it still runs, and start it again")
    restarting.add_argument("name")
    restarting.set_defaults(run=restart)
    calling = commands.add_parser("call", help="list the tools of a server behind the gateway, or call one")
    calling.add_argument("server")
    calling.add_argument("tool", nargs="?")
    calling.add_argument("arguments", nargs="?", default="{}", help="as JSON")
    calling.add_argument("--over", choices=TRANSPORTS, default="mcp", help="the transport: /NAME/sse or /NAME/mcp")
    calling.set_defaults(run=call)
    commands.add_parser("stop", help="stop what was started, and remove its files").set_defaults(run=stop)
    commands.add_parser("status", help="tell what runs").set_defaults(run=status)
    arguments = parser.parse_args()
    return arguments.run(arguments)


sys.exit(main())
