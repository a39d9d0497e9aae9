"""The service manager's side of sd_notify(3)."""

import socket
import threading
from pathlib import Path

from support import waiting


class Manager:
    """A datagram socket, and what came through it, one string a message."""

    def __init__(self, end: socket.socket, path: Path):
        self.end = end
        self.path = str(path)
        self.received: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                data, ancillary, *_ = self.end.recvmsg(65536, socket.CMSG_SPACE(64))
            except OSError:
                return
            # A barrier passes a descriptor and waits for it to be closed.
            for level, kind, payload in ancillary:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    socket.close(int.from_bytes(payload[:4], "little"))
            self.received.append(data.decode())

    @property
    def environment(self) -> dict[str, str]:
        return {"NOTIFY_SOCKET": self.path}

    def index_of(self, assignment: str, start: int = 0) -> int | None:
        """Where the first message with exactly this assignment, of those from `start` on, stands."""
        received = enumerate(self.received[start:], start)
        return next((n for n, message in received if assignment in message.split("\n")), None)

    def wait_for(self, assignment: str, start: int = 0) -> int:
        waiting.until(lambda: self.index_of(assignment, start) is not None, assignment)
        return self.index_of(assignment, start)

    def wait_for_status(self, text: str, start: int = 0) -> int:
        """Where the first status with this text stands."""

        def found():
            received = enumerate(self.received[start:], start)
            return next((n + 1 for n, message in received if text in status(message)), None)

        return waiting.until(found, f"a status with {text!r}") - 1

    def count(self, assignment: str, start: int = 0) -> int:
        return sum(assignment in message.split("\n") for message in self.received[start:])


def status(message: str) -> str:
    """The status of a message; empty if it has none."""
    return next((line[7:] for line in message.split("\n") if line.startswith("STATUS=")), "")
