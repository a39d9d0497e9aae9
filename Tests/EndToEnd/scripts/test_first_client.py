"""docs/first-client.md: its commands are run, and answer what it prints but for the time of day."""

import json
import re
import subprocess

import pytest

from scripts.documents import blocks
from support.gateway import REPOSITORY, installed

BLOCKS = blocks(REPOSITORY / "docs/first-client.md")
# A command that asks the gateway, and what stands below it.
EXCHANGES = [
    (block, BLOCKS[number + 1]) for number, block in enumerate(BLOCKS) if block.language == "sh" and "curl" in block.text
]


def lasting(text: str) -> str:
    """Without what is another thing each time, or with another version of the server: the order of its members too, and
    structured content, which some have."""
    if text.startswith("{"):
        answer = json.loads(text)
        answer.get("result", {}).pop("structuredContent", None)
        text = json.dumps(answer, sort_keys=True)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+\+\d\d:\d\d", "TIME", text)
    text = re.sub(r"sessionId=\w+", "sessionId=ID", text)
    text = re.sub(r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", "DAY", text)
    text = re.sub(r'is_dst(\\?)": ?(true|false)', r"is_dst\1: ?", text)
    return re.sub(r'"version": ?"[\d.]+"', "VERSION", text).strip()


def test_it_has_an_exchange_for_each_way_to_connect():
    assert ["readyz", "time/mcp", "time/sse", "openapi"] == [
        next(word for word in ("readyz", "time/mcp", "time/sse", "openapi") if word in command.text)
        for command, _ in EXCHANGES
    ]


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: str(exchange[0].line))
def test_its_commands_answer_what_it_prints(exchange, start):
    command, expected = exchange
    with start({"time": installed("mcp-server-time")}) as gateway:
        gateway.wait_for_log("time: server ready")
        said = subprocess.run(
            ["bash", "-c", command.text.replace("http://127.0.0.1:9090", gateway.url)],
            capture_output=True, text=True, timeout=60,
        )
        assert said.returncode == 0, said.stderr
        assert lasting(said.stdout) == lasting(expected.text)
