"""docs/clients.md: what can be tried of it without the clients."""

import subprocess
import sys

from scripts.documents import blocks
from support.gateway import REPOSITORY, installed

BLOCKS = blocks(REPOSITORY / "docs/clients.md")
TIME = {"time": installed("mcp-server-time", "--local-timezone=UTC")}


def here(text: str, gateway) -> str:
    assert "http://linuxserver.lan:9090" in text
    return text.replace("http://linuxserver.lan:9090", gateway.url)


def test_the_first_look_with_curl(start):
    [text] = [block.text for block in BLOCKS if block.language == "sh" and "curl" in block.text]
    with start(TIME, options={"authTokens": ["T"]}) as gateway:
        gateway.wait_for_log("time: server ready")
        result = subprocess.run(["bash", "-ec", here(text, gateway)], capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, result.stderr
        assert '{"status":"ready"}' in result.stdout and '"serverInfo"' in result.stdout


def test_the_program(start):
    [text] = [block.text for block in BLOCKS if block.language == "python"]
    with start(TIME, options={"authTokens": ["T"]}) as gateway:
        gateway.wait_for_log("time: server ready")
        result = subprocess.run([sys.executable, "-c", here(text, gateway)], capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, result.stderr
        assert "UTC" in result.stdout
