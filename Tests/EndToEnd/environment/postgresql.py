"""A PostgreSQL cluster of one's own: nothing of it is shared with those of the system."""

import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

from environment.program import Program, Unavailable

# What the second one holds: a year of what a sensor may have measured.
READINGS = """
CREATE TABLE readings (time timestamptz PRIMARY KEY, sensor text NOT NULL, value double precision NOT NULL);
INSERT INTO readings
SELECT day, 'cellar', 12 + 8 * sin(extract(doy FROM day) / 58)
FROM generate_series('2025-01-01'::timestamptz, '2025-12-31', '1 day') AS day;
"""


def find_binaries() -> Path:
    """Debian keeps them outside of PATH, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    raise Unavailable("PostgreSQL is not installed; apt-get install postgresql")


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Unavailable("PostgreSQL does not run as root, and there is no account postgres or nobody")


class Cluster(Program):
    """`uri` is its address, with the password."""

    def __init__(self, name: str, port: int, directory: Path):
        self.binaries = find_binaries()
        self.data = directory / f"{name}.data"
        self.password = secrets.token_urlsafe(18)
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "40",
            "shared_buffers": "16MB",
            # Nothing in it is meant to outlive the machine.
            "fsync": "off",
        }
        options = [text for key, value in settings.items() for text in ("-c", f"{key}={value}")]
        command = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(port), *options]
        super().__init__(name, command, port, directory, user=unprivileged_user())

    @property
    def uri(self) -> str:
        return f"postgresql://gateway:{self.password}@127.0.0.1:{self.port}/postgres"

    def create(self) -> subprocess.Popen:
        """Begins to make it; `start` it when that has ended with status 0."""
        self.data.mkdir(mode=0o700)
        password = self.data.with_suffix(".password")
        password.touch(mode=0o600)
        password.write_text(self.password)
        if self.user:
            shutil.chown(self.data, self.user)
            shutil.chown(password, self.user)
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--username=gateway", "--no-sync"]
        account = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self.binaries / "initdb", "-D", self.data, f"--pwfile={password}", *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory, **account,
            )  # fmt: skip

    def wait_until_open(self) -> None:
        """It takes connections somewhat later than its port does."""
        super().wait_until_open()
        ready = [self.binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready).returncode != 0:
            if self.process.poll() is not None:
                raise AssertionError(f"{self.name} ended; it wrote:\n{self.log.read_text()[-2000:]}")

    def run(self, sql: str) -> None:
        with self.log.open("ab") as log:
            subprocess.run(
                [self.binaries / "psql", "-v", "ON_ERROR_STOP=1", "-q", self.uri],
                input=sql.encode(), stdout=log, stderr=log, check=True,
            )  # fmt: skip
