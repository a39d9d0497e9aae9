"""The scripts for operators, run as operators run them, but on the binary under test."""

import os
import subprocess

from support.gateway import BINARY, REPOSITORY


def script(name: str, *arguments, **environment: str) -> subprocess.CompletedProcess:
    hidden = {"MCP_GATEWAY_TOKEN", "CREDENTIALS_DIRECTORY", "XDG_RUNTIME_DIR", "RUNTIME_DIRECTORY"}
    inherited = {key: value for key, value in os.environ.items() if key not in hidden}
    return subprocess.run(
        [REPOSITORY / "scripts" / name, *map(str, arguments)], capture_output=True, text=True, timeout=60,
        stdin=subprocess.DEVNULL, env={**inherited, "MCP_GATEWAY_BINARY": str(BINARY), **environment},
    )
