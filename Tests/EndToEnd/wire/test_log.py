"""The log in each of its formats, and what is said in it."""

import asyncio
import json
import os
import re
import subprocess

import pytest

from support.gateway import BINARY, Gateway, configuration, fixture, installed
from support.journal import IDS
from support.messages import call
from support.sessions import TRANSPORTS, streamable


def run(directory, servers, *arguments, until="gateway ready", use=None) -> Gateway:
    """A gateway that was started, used and stopped."""
    gateway = Gateway(configuration(servers), directory, arguments=arguments)
    try:
        gateway.wait_for_log(until)
        if use:
            asyncio.run(use(gateway))
        gateway.finish()
    finally:
        gateway.process.kill()
        gateway.wait()
    return gateway


def test_json_lines_are_objects_with_time_level_and_text_and_the_fields_of_their_event(tmp_path):
    gateway = run(tmp_path, {"fixture": fixture("--exit-on-start", "3")}, "--log-format", "json", until="server ended")
    entries = [json.loads(line) for line in gateway.lines]
    for entry in entries:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["time"])
        assert entry["level"] in ("debug", "info", "warning", "error") and entry["message"]
        assert entry.get("event") in (None, *IDS)
    ended = next(entry for entry in entries if entry.get("event") == "server-ended")
    assert ended["server"] == "fixture" and ended["exit_status"] == 3 and ended["generation"] == 1
    assert ended["level"] == "warning" and "told to exit on start" in ended["reason"]
    said = next(entry for entry in entries if entry.get("stream") == "stderr")
    assert "told to exit on start" in said["message"] and said["server"] == "fixture"


def test_text_on_a_pipe_has_time_and_level(tmp_path):
    gateway = run(tmp_path, {"fixture": fixture()})
    assert all(re.match(r"\d{4}-\d\d-\d\dT\S+Z (info|warning|error) \S", line) for line in gateway.lines), gateway.log


def test_a_stream_of_the_journal_is_told_priorities_and_another_one_is_not(tmp_path):
    """systemd.exec(5): that JOURNAL_STREAM is set says nothing, device and inode of stderr must be its value."""

    def lines(directory, inode_off_by: int) -> list[str]:
        directory.mkdir()
        read, write = os.pipe()
        status = os.fstat(write)
        value = f"{status.st_dev}:{status.st_ino + inode_off_by}"
        file = directory / "config.json"
        file.write_text(json.dumps(configuration({"fixture": fixture(comand="misspelt")})))
        process = subprocess.Popen(
            [BINARY, "--config", file, "--log-format", "text"],
            stderr=write,
            env={**os.environ, "JOURNAL_STREAM": value, "STATE_DIRECTORY": str(directory)},
        )
        os.close(write)
        read_lines = []
        with os.fdopen(read) as stream:
            for line in stream:
                read_lines.append(line)
                if "gateway ready" in line:
                    process.terminate()
        assert process.wait(20) == 0
        return read_lines

    ours = lines(tmp_path / "ours", 0)
    assert all(re.match(r"<[346]>[^ 0-9]", line) for line in ours), ours
    assert any(line.startswith("<4>the configuration has a doubtful place: ") for line in ours), ours
    assert all(re.match(r"\d{4}-", line) for line in lines(tmp_path / "other", 1))


@pytest.mark.skipif(os.path.exists("/run/systemd/journal/socket"), reason="this machine has a journal")
def test_the_journal_cannot_be_asked_for_where_there_is_none(tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps(configuration({})))
    result = subprocess.run(
        [BINARY, "--config", file, "--log-format", "journal"], capture_output=True, text=True, timeout=30
    )
    assert result.returncode == 69
    assert "/run/systemd/journal/socket" in result.stderr


def test_an_unknown_format_is_refused_with_the_known_ones():
    result = subprocess.run([BINARY, "--log-format", "xml"], capture_output=True, text=True, timeout=30)
    assert result.returncode == 64
    assert all(format in result.stderr for format in ("auto", "text", "json", "journal"))


def test_requests_are_logged_one_by_one_where_that_is_asked_for_and_nowhere_else(tmp_path):
    async def use(gateway):
        gateway.port = int(json.loads(gateway.wait_for_log(".*gateway-listening.*").group())["url"].rsplit(":", 1)[1])
        for transport in TRANSPORTS.values():
            async with transport(gateway, "logged", headers={"Authorization": "Bearer very-secret"}) as session:
                await session.ask(call('"a"', "echo", {"text": "very-secret"}))
                await session.ask(call("2", "tool_error"))
                await session.ask(call("3", "fail"))
        async with streamable(gateway, "quiet") as session:
            await session.ask(call("1", "echo"))

    servers = {
        "logged": fixture(options={"logEnabled": True, "authTokens": ["very-secret"]}),
        "quiet": fixture(),
    }
    gateway = run(tmp_path, servers, "--log-format", "json", use=use)
    assert "very-secret" not in gateway.log
    entries = [json.loads(line) for line in gateway.lines]
    requests = [entry for entry in entries if entry.get("event") == "request-answered"]
    shown = [tuple(e.get(key) for key in ("server", "method", "tool", "request_id", "outcome", "error_code")) for e in requests]
    expected = [
        ("logged", "initialize", None, "0", "ok", None),
        ("logged", "tools/call", "echo", '"a"', "ok", None),
        ("logged", "tools/call", "tool_error", "2", "tool-error", None),
        ("logged", "tools/call", "fail", "3", "error", -32050),
    ]
    assert shown == expected * 2
    assert all(isinstance(entry["duration_usec"], int) for entry in requests)
    sessions = [entry["session"] for entry in requests]
    assert len(set(sessions[:4])) == len(set(sessions[4:])) == 1 and sessions[0] != sessions[4]


def test_what_a_server_says_because_it_was_asked_what_it_is_stands_in_the_debug_log_only(tmp_path):
    gateway = run(tmp_path, {"time": installed("mcp-server-time")}, "--log-level", "debug", until="server ready")
    said = [line for line in gateway.lines if "(stderr)" in line]
    assert any("Failed to validate request" in line for line in said)
    assert all(" debug " in line for line in said)
    assert "last stderr line" not in gateway.log
