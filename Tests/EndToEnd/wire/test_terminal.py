"""What commands show on a terminal, and nowhere else: progress, colours, and nothing that a server could do to it."""

import asyncio
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from support import http1, waiting
from support.control import controlled
from support.gateway import BINARY, Gateway, configuration, fixture

ESCAPE = "\x1b"
PLAIN = Path(__file__).parents[1] / "servers" / "plain_tools.py"


def on_terminal(gateway, *arguments, **environment) -> tuple[int, str]:
    """Runs a command with a terminal as its output; answers its status and all that the terminal was sent."""
    ours, its = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    command = subprocess.Popen(
        [BINARY, *arguments, "--control", gateway.socket], stdin=subprocess.DEVNULL, stdout=its, stderr=its,
        env={**inherited, "TERM": "xterm", **environment},
    )
    os.close(its)
    text = b""
    try:
        while piece := os.read(ours, 1 << 16):
            text += piece
    except OSError:
        # EIO: nobody has the other end any more (pty(7)).
        pass
    finally:
        os.close(ours)
    return command.wait(30), text.decode()


def test_long_waits_show_what_is_waited_for_and_leave_no_trace_of_it():
    with controlled({"a": fixture("--start-delay", "700")}) as gateway:
        gateway.wait_for_log("a: server ready")
        status, shown = on_terminal(gateway, "restart", "a")
        assert status == 0 and "a: starting, " in shown
        # The line is emptied before the result is written.
        assert shown.split(f"\r{ESCAPE}[2K")[-1].startswith("a: ready, ")
        assert ESCAPE not in gateway.cli("restart", "a").stderr


def test_a_reload_that_waits_shows_for_whom():
    with controlled({}) as gateway:
        servers = {"a": fixture("--start-delay", "700", required=True)}
        gateway.file.write_text(json.dumps(configuration(servers)))
        status, shown = on_terminal(gateway, "reload", "--wait")
        assert status == 0 and "start a" in shown and "a: starting, " in shown


def test_mistakes_for_which_a_reload_is_refused_have_lines_of_their_own():
    with controlled({"a": fixture()}) as gateway:
        gateway.file.write_text(json.dumps(configuration({"a": {"command": ""}, "b": {"url": "ftp://x"}})))
        status, shown = on_terminal(gateway, "reload")
        assert status == 78 and "a.command is empty" in shown and "\ufffd" not in shown
        assert [("error: " in line) for line in shown.splitlines()] == [True, True]


def test_status_has_colours_unless_they_are_not_wanted():
    with controlled({"a": fixture()}) as gateway:
        gateway.wait_for_log("a: server ready")
        assert f"{ESCAPE}[32m" in on_terminal(gateway, "status")[1]
        for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            status, shown = on_terminal(gateway, "status", **plain)
            assert status == 0 and "healthy" in shown and ESCAPE not in shown


def test_what_a_server_says_does_nothing_to_the_terminal():
    with controlled({"a": fixture()}) as gateway:
        evil = json.dumps({"name": f"{ESCAPE}]0;owned\x07"})
        assert gateway.cli("call", "a", "grows", "--args", evil).returncode == 0
        assert f"{ESCAPE}]0;owned" in gateway.cli("tools", "a").stdout, "programs get it as it is"
        shown = on_terminal(gateway, "tools", "a", NO_COLOR="1")[1]
        assert "]0;owned" in shown and ESCAPE not in shown and "\x07" not in shown


def test_nor_does_it_by_its_stderr_the_errors_of_its_calls_or_in_json():
    # Titles of windows with BEL, and CSI as one character, which terminals obey too.
    words = r'printf "\033]0;owned\007\302\23331mred\177 end\n" >&2; exec "$0" "$@"'
    raw = f"{ESCAPE}]0;owned\x07\x9b31mred\x7f end"
    server = {"command": "sh", "args": ["-c", words, sys.executable, str(PLAIN)]}
    with controlled({"a": server}) as gateway:
        gateway.wait_for_log("a: server ready", seconds=60)
        assert gateway.cli("logs", "a").stdout == raw + "\n", "programs get it as it is"
        assert harmless(on_terminal(gateway, "logs", "a")[1]).strip().endswith("end")
        assert "owned" in harmless(gateway.log), "the log of the gateway may be on a terminal"
        page = asyncio.run(http1.request(gateway.port, "GET", "/healthz"))
        assert page.status == 200 and "owned" not in harmless(page.text)

        error = json.dumps({"error": {"code": -32000, "message": raw}})
        piped = gateway.cli("call", "a", "answer", "--args", error)
        assert piped.returncode == 1 and raw in piped.stderr
        status, shown = on_terminal(gateway, "call", "a", "answer", "--args", error)
        assert status == 1 and "owned" in harmless(shown)

        result = json.dumps({"result": {"content": [{"type": "text", "text": raw}]}}, ensure_ascii=False)
        for words in (["call", "a", "answer", "--args", result, "--json"], ["call", "a", "answer", "--args", result]):
            assert "owned" in harmless(on_terminal(gateway, *words)[1])
        shown = on_terminal(gateway, "call", "a", "answer", "--args", result, "--json")[1]
        assert json.loads(shown)["content"][0]["text"] == raw


def test_json_lines_of_the_log_say_what_a_server_wrote_and_do_nothing(tmp_path):
    words = r'printf "\033]0;owned\007\302\23331mred\177 end\n" >&2; exec "$0"'
    server = {"command": "sh", "args": ["-c", words, fixture()["command"]]}
    gateway = Gateway(configuration({"a": server}), tmp_path, arguments=("--log-format", "json"))
    try:
        gateway.wait_for_log("owned")
        line = next(line for line in gateway.log.splitlines() if "owned" in line)
        assert json.loads(harmless(line))["message"] == f"{ESCAPE}]0;owned\x07\x9b31mred\x7f end"
    finally:
        gateway.finish()


def harmless(text: str) -> str:
    """The text, in which is nothing that a terminal obeys."""
    assert not re.search("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f]", text), repr(text)
    return text


def test_following_a_log_ends_with_the_gateway():
    with controlled({"a": fixture("--grandchild")}) as gateway:
        waiting.until(lambda: gateway.cli("logs", "a").stdout, "a line")
        command = subprocess.Popen(
            [BINARY, "logs", "a", "-f", "--control", gateway.socket], stdout=subprocess.PIPE, text=True)
        assert command.stdout.readline().startswith("grandchild ")
        gateway.finish()
        assert command.communicate(timeout=30)[0] == "" and command.returncode == 0
