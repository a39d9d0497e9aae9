"""A process of the environment, which outlives whoever started it."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from support import processes
from support.programs import is_open, wait_until_open


class Unavailable(Exception):
    """What cannot be had here, and how to get it."""


@dataclass
class Program:
    name: str
    command: list[str]
    port: int
    directory: Path
    environment: dict[str, str] = field(default_factory=dict)
    # The account it runs under, if that is not the own one.
    user: str | None = None
    process: subprocess.Popen | None = None

    @property
    def log(self) -> Path:
        return self.directory / f"{self.name}.log"

    @property
    def pid(self) -> int:
        return self.process.pid

    def start(self) -> None:
        """Returns at once; `wait_until_open` tells when it can be used."""
        if is_open(self.port):
            raise Unavailable(f"{self.name}: port {self.port} is in use by another program")
        account = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                env={**os.environ, "PYTHONUNBUFFERED": "1", "NO_PROXY": "127.0.0.1", **self.environment},
                start_new_session=True,
                **account,
            )

    def wait_until_open(self) -> None:
        try:
            wait_until_open(self.process, self.port, self.name)
        except AssertionError as error:
            raise AssertionError(f"{error}; it wrote:\n{self.log.read_text(errors='replace')[-2000:]}") from None

    def life(self) -> processes.Process | None:
        return processes.read(self.pid)

    def signal(self, number: int) -> None:
        os.killpg(self.pid, number)

    def kill(self) -> None:
        """At once, as the kernel does that has run out of memory."""
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            end(self.life())
        self.process.wait()


def end(life: processes.Process, seconds: float = 5) -> None:
    """SIGTERM, and SIGKILL for what does not end by it; the process leads a group of its own."""
    # One that is paused would not hear of it.
    for number in (signal.SIGTERM, signal.SIGCONT):
        os.killpg(life.pid, number)
    deadline = time.monotonic() + seconds
    while life.is_alive():
        if time.monotonic() > deadline:
            os.killpg(life.pid, signal.SIGKILL)
            deadline = float("inf")
        time.sleep(0.02)
