"""The commands that ask and direct a running gateway, and its control socket."""

import asyncio
import json
import os
import signal
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

from support.gateway import BINARY, Gateway, configuration
from support.http1 import Connection, Response


def run(*arguments, control: Path | str | None = None, environment=None) -> subprocess.CompletedProcess:
    """Runs a command; `control` is where it is told to look for the gateway."""
    words = [BINARY, *map(str, arguments)] + (["--control", str(control)] if control else [])
    hidden = {"XDG_RUNTIME_DIR", "RUNTIME_DIRECTORY", "NO_COLOR"}
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        words, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
        env={**inherited, **(environment or {})},
    )


class Controlled(Gateway):
    """A gateway with a control socket in its directory."""

    def __init__(self, config: dict, directory: Path, **keys):
        self.socket = directory / "control.sock"
        super().__init__(config, directory, arguments=("--control", str(self.socket)), **keys)

    def cli(self, *arguments) -> subprocess.CompletedProcess:
        return run(*arguments, control=self.socket)

    def status(self, name: str) -> dict:
        return json.loads(self.cli("status", name, "--json").stdout)


@contextmanager
def controlled(servers: dict, *, environment=None, **proxy):
    with tempfile.TemporaryDirectory(prefix="mcp-gateway-") as directory:
        gateway = Controlled(configuration(servers, **proxy), Path(directory), environment=environment)
        try:
            gateway.wait_until_listening()
            yield gateway
        except BaseException:
            gateway.process.kill()
            gateway.wait()
            print(gateway.log)
            raise
        gateway.finish()


class Following:
    """A command that goes on: its lines as they come."""

    def __init__(self, gateway: Controlled, *arguments, stderr=None):
        self.process = subprocess.Popen(
            [BINARY, *arguments, "--control", str(gateway.socket)], stdout=subprocess.PIPE, text=True,
            stdin=subprocess.DEVNULL,
            # Whoever runs the tests in the background may have it ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), stderr=stderr,
        )
        # A command that says nothing fails the test instead of holding it up.
        self.alarm = threading.Timer(30, self.process.kill)
        self.alarm.start()

    def line(self) -> str:
        return self.process.stdout.readline().rstrip("\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.alarm.cancel()
        self.process.kill()
        self.process.stdout.close()
        self.process.wait()


async def ask(socket: Path, method: str, target: str, headers=None, body: bytes = b"") -> Response:
    """One request over the control socket."""
    connection = Connection(*await asyncio.open_unix_connection(str(socket)), port=0)
    try:
        await connection.start(method, target, {"Host": "localhost", **(headers or {})}, body)
        async with asyncio.timeout(30):
            return await connection.read_response()
    finally:
        await connection.close()
