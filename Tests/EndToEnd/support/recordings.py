"""Reads what servers wrote down of what they heard and said (`servers/recording.py` and `fixture-server`)."""

import json
import os
import tempfile
from pathlib import Path

from support.tap import Conversation, Exchange, Tap

VARIABLE = "MCP_TEST_RECORDINGS"
# Tests that speak with a server themselves are not judged.
GATEWAYS_NAME = "mcp-gateway"


class Recordings:
    """All of them, in a directory of which servers know by their environment; `collect` tells the tap what is new."""

    def __init__(self, tap: Tap):
        self.tap = tap
        self.directory: tempfile.TemporaryDirectory | None = None
        self.readers: dict[Path, Reader] = {}

    def begin(self) -> None:
        self.directory = tempfile.TemporaryDirectory(prefix="mcp-recordings-", ignore_cleanup_errors=True)
        os.environ[VARIABLE] = self.directory.name

    def collect(self) -> None:
        for path in sorted(Path(self.directory.name).glob("*.jsonl")) if self.directory else ():
            if path not in self.readers:
                self.readers[path] = Reader(path, self.tap)
            self.readers[path].read()

    def end(self) -> None:
        if self.directory:
            del os.environ[VARIABLE]
            self.directory.cleanup()


class Reader:
    def __init__(self, path: Path, tap: Tap):
        self.path = path
        self.tap = tap
        self.offset = 0
        self.process = Conversation(tap, "client")
        self.exchanges: dict[int, Exchange | None] = {}

    def read(self) -> None:
        with self.path.open("rb") as file:
            file.seek(self.offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self.offset += len(line)
                self._entry(json.loads(line))

    def _entry(self, entry: dict) -> None:
        if "stdin" in entry:
            self.process.heard(entry["stdin"], "client")
        elif "stdout" in entry:
            # Noise among the messages is no part of the conversation.
            if '"jsonrpc"' in entry["stdout"]:
                self.process.heard(entry["stdout"], "server")
        else:
            self._of_exchange(entry)

    def _of_exchange(self, entry: dict) -> None:
        number = entry["exchange"]
        if request := entry.get("request"):
            self.exchanges[number] = self._exchange(request)
        if (exchange := self.exchanges.get(number)) is None:
            return
        if head := entry.get("head"):
            exchange.head(head["status"], head["headers"])
        elif body := entry.get("body"):
            exchange.data(body.encode("latin-1"))
        elif entry.get("end"):
            exchange.end()
            del self.exchanges[number]

    def _exchange(self, request: dict) -> Exchange | None:
        headers = request["headers"]
        if not headers.get("user-agent", "").startswith(GATEWAYS_NAME):
            return None
        # A process has a port of its own, and its sessions are no others'.
        return Exchange.of(
            self.tap, self.path, "client", request["method"], request["target"], headers, request["body"].encode("latin-1")
        )
