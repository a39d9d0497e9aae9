"""What a real journald gets, in a namespace of its own: `journalctl` is the judge."""

import asyncio
import os
import signal
import subprocess

import pytest

from support.gateway import BINARY, fixture
from support.journal import IDS, Journal, JournaledGateway, Unavailable
from support.messages import call
from support.sessions import streamable


@pytest.fixture(scope="module")
def journal():
    try:
        journal = Journal()
    except Unavailable as reason:
        pytest.skip(f"NOTHING HERE TELLS WHETHER THE JOURNAL GETS THE LOG: {reason}")
    yield journal
    journal.close()


def test_a_killed_server_is_told_by_events_with_their_fields(journal, tmp_path):
    async def use(gateway):
        async with streamable(gateway) as session:
            assert "result" in await session.ask(call("1", "flood_stderr", {"bytes": 300}))

    with JournaledGateway(journal, {"fixture": fixture(), "other": fixture()}, tmp_path) as gateway:
        child = int(gateway.wait_for("server-spawned", "MCP_SERVER=fixture")[0]["MCP_PID"])
        ready = gateway.wait_for("server-ready", "MCP_SERVER=fixture")[0]
        assert ready["MESSAGE"].startswith("fixture: server ready generation=1 duration_usec=")
        assert ready["MCP_EVENT"] == "server-ready" and ready["MCP_PHASE"] == "ready"
        assert ready["PRIORITY"] == "6" and ready["SYSLOG_IDENTIFIER"] == "mcp-gateway"
        assert int(ready["MCP_DURATION_USEC"]) > 0
        # The header that declares the function is no place in the program.
        assert "CODE_FILE" not in ready
        asyncio.run(use(gateway))
        said = journal.wait_for(f"_PID={gateway.pid}", "MCP_SERVER=fixture", "MCP_STREAM=stderr", count=3)
        assert said[0]["MESSAGE"].startswith("fixture (stderr): flood xxx") and "MESSAGE_ID" not in said[0]

        os.kill(child, signal.SIGKILL)
        ended = gateway.wait_for("server-ended", "MCP_SERVER=fixture")[0]
        assert ended["PRIORITY"] == "4" and ended["MCP_PID"] == str(child) and ended["MCP_SIGNAL"] == "9"
        assert ended["MCP_REASON"].startswith("was killed by signal 9; last stderr line: ")
        again = gateway.wait_for("server-ready", "MCP_SERVER=fixture", count=2)[1]
        assert again["MCP_GENERATION"] == "2"
        assert len(gateway.wait_for("server-ready", "MCP_SERVER=other")) == 1
    # The last entry is written before the process ends.
    assert gateway.entries(f"MESSAGE_ID={IDS['gateway-stopped']}")


def test_requests_can_be_found_by_tool_and_outcome_and_hold_no_secret(journal, tmp_path):
    async def use(gateway):
        async with streamable(gateway, headers={"Authorization": "Bearer very-secret"}) as session:
            await session.ask(call('"a"', "echo", {"text": "very-secret"}))
            await session.ask(call("2", "tool_error"))
            return session.id

    block = fixture(options={"logEnabled": True, "authTokens": ["very-secret"]}, env={"KEY": "very-secret"})
    with JournaledGateway(journal, {"fixture": block}, tmp_path) as gateway:
        session = asyncio.run(use(gateway))
        (failed,) = gateway.wait_for("request-answered", "MCP_TOOL=tool_error", "MCP_OUTCOME=tool-error")
        assert failed["MCP_METHOD"] == "tools/call" and failed["MCP_REQUEST_ID"] == "2"
        assert len(failed["MCP_SESSION"]) == 12 and failed["MCP_SESSION"] not in session
        (echoed,) = gateway.wait_for("request-answered", "MCP_TOOL=echo", "MCP_OUTCOME=ok")
        assert echoed["MCP_REQUEST_ID"] == '"a"' and echoed["MCP_SESSION"] == failed["MCP_SESSION"]
    everything = str(gateway.entries())
    assert "very-secret" not in everything and session not in everything


def test_a_journal_that_takes_nothing_holds_nobody_up_and_gets_everything_later(journal, tmp_path):
    calls = 900

    async def use(gateway):
        async with streamable(gateway) as session:
            for number in range(calls):
                assert "result" in await session.ask(call(str(number), "echo"))

    with JournaledGateway(journal, {"fixture": fixture(options={"logEnabled": True})}, tmp_path) as gateway:
        gateway.wait_for("server-ready")
        journal.process.send_signal(signal.SIGSTOP)
        try:
            asyncio.run(use(gateway))
        finally:
            journal.process.send_signal(signal.SIGCONT)
        answered = gateway.wait_for("request-answered", "MCP_TOOL=echo", count=calls)
        assert [entry["MCP_REQUEST_ID"] for entry in answered] == [str(number) for number in range(calls)]


@pytest.mark.parametrize("arguments", [(), ("--log-format", "journal")], ids=["auto", "journal"])
def test_without_the_socket_of_the_journal_its_stream_gets_lines_with_priorities(journal, tmp_path, arguments):
    """sd_journal_sendv(3) reports success where the socket is missing, for instance in a unit with a `/run` of its own."""
    hidden = (*journal.entering, "unshare", "--mount", "--", "/bin/sh", "-c", 'mount -t tmpfs none /run && exec "$0" "$@"')
    file = tmp_path / "config.json"
    file.write_text('{"mcpProxy": {"addr": "127.0.0.1:0"}, "mcpServers": {"broken": {"command": "no-such-command"}}}')
    with journal.stream() as stream:
        status = os.fstat(stream.fileno())
        environment = {**os.environ, "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
        process = subprocess.Popen([*hidden, BINARY, "--config", file, *arguments], stderr=stream, env=environment)
    try:
        if arguments:
            assert process.wait(20) == 69
            return
        failed = journal.wait_for(f"_PID={process.pid}", "PRIORITY=3")[0]
        assert failed["MESSAGE"].startswith("broken: server failed") and failed["_TRANSPORT"] == "stdout"
    finally:
        process.terminate()
        process.wait(20)


def test_journalctl_explains_every_event(journal, tmp_path):
    journal.journalctl("--update-catalog")
    listed = journal.journalctl("--list-catalog")
    assert sorted(line.split()[0] for line in listed.splitlines()) == sorted(IDS.values())
    assert all(line.split()[1] == "mcp-gateway:" for line in listed.splitlines())
    with JournaledGateway(journal, {"fixture": fixture()}, tmp_path) as gateway:
        gateway.wait_for("server-ready")
        pid = gateway.entries("MCP_EVENT=server-spawned")[0]["MCP_PID"]
        explained = journal.journalctl("-x", "-D", "/run/log/journal", f"_PID={gateway.pid}")
        assert f"-- Subject: Server fixture runs as process {pid}\n" in explained.replace("░░", "--")
