"""A journald of the tests' own, in a mount namespace where this machine's does not see it; and the gateway beside it."""

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

from support import waiting
from support.gateway import REPOSITORY, Gateway, configuration

JOURNALD = "/lib/systemd/systemd-journald"
CATALOGUE = REPOSITORY / "units/mcp-gateway.catalog"
EVENT = re.compile(r"^\| `([a-z-]+)` \| .* \| `([0-9a-f]{32})` \|$", re.MULTILINE)

#: The `MESSAGE_ID` of each event, as docs/journal.md has them.
IDS = dict(EVENT.findall((REPOSITORY / "docs/journal.md").read_text()))

SET_UP = f"""
set -e
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd/journald.conf.d /run/log/journal /usr/lib/systemd/catalog /var/lib/systemd/catalog
printf '[Journal]\\nStorage=volatile\\nRateLimitIntervalSec=0\\nReadKMsg=no\\nAudit=\\nForwardToSyslog=no\\n' \\
    > /run/systemd/journald.conf.d/tests.conf
mount -t tmpfs tmpfs /usr/lib/systemd/catalog
mount -t tmpfs tmpfs /var/lib/systemd/catalog
cat > /usr/lib/systemd/catalog/mcp-gateway.catalog
exec {JOURNALD}
"""


class Unavailable(Exception):
    """There can be no journald here; the text says why."""


class Journal:
    """A running journald. Its process, and who enters its namespace, see its sockets at the usual places."""

    def __init__(self):
        missing = [tool for tool in (JOURNALD, "journalctl", "unshare", "nsenter") if not shutil.which(tool)]
        if missing:
            raise Unavailable(f"{', '.join(missing)} not installed")
        if os.geteuid() != 0:
            raise Unavailable("not root")
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "--", "/bin/sh", "-c", SET_UP],
            env={"PATH": os.environ["PATH"]},
            stdin=CATALOGUE.open(),
            stderr=subprocess.PIPE,
            text=True,
        )
        self.root = Path(f"/proc/{self.process.pid}/root")
        # What any other process of this namespace has to be started by.
        self.entering = ("nsenter", f"--mount=/proc/{self.process.pid}/ns/mnt", "--")
        try:
            waiting.until(self._is_up, "journald")
        except Exception:
            self.close()
            raise

    def _is_up(self) -> bool:
        if self.process.poll() is not None:
            raise Unavailable(f"journald does not run: {self.process.stderr.read().strip()}")
        # Before the shell's first mount these would be this machine's.
        if not (self.root / "run/systemd/journald.conf.d/tests.conf").exists():
            return False
        return all((self.root / "run/systemd/journal" / name).exists() for name in ("socket", "stdout"))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def journalctl(self, *arguments: str) -> str:
        return subprocess.run(
            [*self.entering, "journalctl", "--no-pager", "--quiet", *arguments],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def entries(self, *matches: str) -> list[dict]:
        lines = self.journalctl("--output=json", "--all", "--directory=/run/log/journal", *matches).splitlines()
        return [json.loads(line) for line in lines]

    def wait_for(self, *matches: str, count: int = 1) -> list[dict]:
        """The entries that match, once there are so many."""

        def found():
            entries = self.entries(*matches)
            return entries if len(entries) >= count else None

        return waiting.until(found, f"{count} entries with {matches}", seconds=30)

    def stream(self) -> socket.socket:
        """A connection such as systemd gives to a service for its stderr (systemd's `connect_logger_as`)."""
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.connect(str(self.root / "run/systemd/journal/stdout"))
        # Identifier, unit, priority, whether lines have a level prefix, and to where else they are forwarded.
        stream.sendall(b"stream\n\n6\n1\n0\n0\n0\n")
        return stream


class JournaledGateway(Gateway):
    """A gateway whose stderr is the journal's, as under systemd."""

    def __init__(self, journal: Journal, servers: dict, directory: Path, arguments: tuple[str, ...] = (), **proxy):
        self.journal = journal
        with journal.stream() as stream:
            status = os.fstat(stream.fileno())
            super().__init__(
                configuration(servers, **proxy),
                directory,
                environment={"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"},
                arguments=arguments,
                launcher=journal.entering,
                stderr=stream,
            )

    def entries(self, *matches: str) -> list[dict]:
        return self.journal.entries(f"_PID={self.pid}", *matches)

    def wait_for(self, event: str, *matches: str, count: int = 1) -> list[dict]:
        """The entries of that event, once there are so many."""
        return self.journal.wait_for(f"_PID={self.pid}", f"MESSAGE_ID={IDS[event]}", *matches, count=count)

    @property
    def log(self) -> str:
        return "\n".join(str(entry["MESSAGE"]) for entry in self.entries())

    def wait_until_listening(self) -> None:
        self.port = int(self.wait_for("gateway-listening")[0]["MCP_URL"].rsplit(":", 1)[1])

    def __enter__(self):
        self.wait_until_listening()
        return self

    def __exit__(self, kind, error, trace) -> None:
        if kind is None:
            self.finish()
        else:
            print(self.log)
            self.process.kill()
            self.process.wait()


