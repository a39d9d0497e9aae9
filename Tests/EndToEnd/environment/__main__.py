"""The environment by hand: `start`, `stop` and `status`, for scripts/services.sh."""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from environment.environment import Environment
from environment.program import end
from support import processes
from support.gateway import REPOSITORY

# Holds the name of the directory in which what runs is written down.
POINTER = REPOSITORY / ".services"


def load() -> tuple[Path, list[dict]] | None:
    if not POINTER.exists():
        return None
    directory = Path(POINTER.read_text().strip())
    if not (directory / "state.json").exists():
        return None
    return directory, json.loads((directory / "state.json").read_text())


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
    config = environment.write_configuration("127.0.0.1:9090")
    state = [
        {"name": program.name, "pid": program.pid, "started": program.life().started, "port": program.port}
        for program in environment.programs
    ]
    (directory / "state.json").write_text(json.dumps(state))
    POINTER.write_text(f"{directory}\n")
    show(state)
    for name, reason in environment.skipped.items():
        print(f"SKIPPED {name}: {reason}")
    print(f"""
The page is http://127.0.0.1:{environment.page.port}/page.html, the files are in {directory}/files.
One configuration has all of them. Now run

    ./scripts/run.sh --config {config}

and in another terminal

    curl -s http://127.0.0.1:9090/healthz
    ./scripts/services.sh status
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
    commands.add_parser("stop", help="stop what was started, and remove its files").set_defaults(run=stop)
    commands.add_parser("status", help="tell what runs").set_defaults(run=status)
    arguments = parser.parse_args()
    return arguments.run(arguments)


sys.exit(main())
