"""The gateway as a process: started on a configuration, watched through its log, and stopped."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from support import processes, waiting
from support.tap import TAP

REPOSITORY = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("MCP_GATEWAY_BINARY", REPOSITORY / ".build/debug/mcp-gateway")).resolve()
FIXTURE_SERVER = Path(
    os.environ.get("MCP_FIXTURE_SERVER", REPOSITORY / ".build/debug/fixture-server")
).resolve()

LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)")

# What systemd tells a process by its number, which is known only once there is one (sd_listen_fds(3)).
PASSING_SOCKETS = """
import fcntl, os, sys
descriptors = [fcntl.fcntl(int(word), fcntl.F_DUPFD, 100) for word in sys.argv[1].split()]
for number, descriptor in enumerate(descriptors):
    os.dup2(descriptor, 3 + number)
    os.close(descriptor)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(descriptors)), LISTEN_FDNAMES=sys.argv[2])
os.execv(sys.argv[3], sys.argv[3:])
"""
CRASH = re.compile(r"Fatal error|Program crashed|\*\*\* Signal|Precondition failed")


def fixture(*arguments: str, **keys) -> dict:
    """A server block that runs fixture-server with these arguments."""
    return {"command": str(FIXTURE_SERVER), "args": list(arguments), **keys}


def installed(program: str, *arguments: str, **keys) -> dict:
    """A server block that runs a program of the virtual environment the tests run in."""
    return {"command": str(Path(sys.prefix) / "bin" / program), "args": list(arguments), **keys}


def configuration(servers: dict, **proxy) -> dict:
    """A configuration file on a free port of the loopback."""
    return {
        "mcpProxy": {"addr": "127.0.0.1:0", "name": "gateway under test", "version": "1.0.0", **proxy},
        "mcpServers": servers,
    }


class Gateway:
    """One run of the binary. `log` is all it has written to stderr so far."""

    def __init__(
        self,
        config: dict | str,
        directory: Path,
        environment: dict[str, str] | None = None,
        sockets: dict[str, socket.socket] | None = None,
        arguments: tuple[str, ...] = (),
        launcher: tuple[str, ...] = (),
        stderr=subprocess.PIPE,
    ):
        """`sockets` are passed to it by these names, as systemd passes those of a socket unit; `launcher` is a command
        that executes the gateway in its own place; `stderr` another one than a pipe to here, of which `log` then knows
        nothing."""
        self.directory = directory
        self.file = directory / "config.json"
        self.file.write_text(config if isinstance(config, str) else json.dumps(config, indent=2))
        self.lines: list[str] = []
        self.changed = threading.Condition()
        self.port = 0
        # What `finish` expects; None where a test ends the gateway in another way and looks at that itself.
        self.expected_status: int | None = 0
        state = directory / "state"
        state.mkdir(exist_ok=True)
        command = [BINARY, "--config", self.file, *arguments]
        descriptors = [end.fileno() for end in (sockets or {}).values()]
        if sockets:
            words = [" ".join(map(str, descriptors)), ":".join(sockets)]
            command = [sys.executable, "-c", PASSING_SOCKETS, *words, *command]
        self.process = subprocess.Popen(
            [*launcher, *command],
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env={
                **{name: value for name, value in os.environ.items() if name not in ("NOTIFY_SOCKET", "JOURNAL_STREAM")},
                "STATE_DIRECTORY": str(state),
                **(environment or {}),
            },
        )
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()

    def _read_log(self) -> None:
        for line in self.process.stderr or ():
            with self.changed:
                self.lines.append(line.decode(errors="replace").rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    @property
    def log(self) -> str:
        with self.changed:
            return "\n".join(self.lines)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for_log(self, pattern: str | re.Pattern, seconds: float = 20) -> re.Match:
        """The first match anywhere in the log; fails at once when the process has ended without one."""
        pattern = re.compile(pattern)
        seen = 0
        with self.changed:
            while True:
                for line in self.lines[seen:]:
                    if match := pattern.search(line):
                        return match
                seen = len(self.lines)
                ended = not self.reader.is_alive()
                if ended or not self.changed.wait(seconds):
                    break
        reason = f"ended with status {self.process.wait(5)}" if ended else f"was silent for {seconds} s"
        raise AssertionError(f"the gateway {reason} before it logged {pattern.pattern!r}:\n{self.log}")

    def wait_until_listening(self) -> None:
        self.port = int(self.wait_for_log(LISTENING).group(1))
        TAP.gateway_ports.add(self.port)

    def descendants(self) -> list[processes.Process]:
        return processes.descendants(self.pid)

    def child(self, text: str) -> processes.Process | None:
        """The first descendant whose command line contains `text`."""
        return next((process for process in self.descendants() if text in process.command), None)

    def wait_for_child(self, text: str, other_than: processes.Process | None = None) -> processes.Process:
        def found():
            return next((p for p in self.descendants() if text in p.command and p != other_than), None)

        return waiting.until(found, f"a child running {text}")

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def wait(self, seconds: float = 30) -> int:
        status = self.process.wait(seconds)
        self.reader.join(5)
        return status

    def finish(self) -> None:
        """Stops it as systemd does and fails unless it goes cleanly: status 0, no child left, no crash in the log."""
        before = self.descendants()
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            status = self.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"SIGTERM did not end the gateway:\n{self.log}") from None
        assert not CRASH.search(self.log), self.log
        assert self.expected_status in (None, status), f"exit status {status}:\n{self.log}"
        assert_gone(before)


def assert_gone(lives: list[processes.Process]) -> None:
    waiting.until(lambda: not any(life.is_alive() for life in lives), f"the end of {lives}", seconds=5)
