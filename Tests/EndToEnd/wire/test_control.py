"""What an operator asks and orders on the command line, over the control socket: output and exit status."""

import asyncio
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from support import http1, messages, sessions, waiting
from support.control import Controlled, Following, ask, controlled, run
from support.gateway import BINARY, configuration, fixture

READY = "server ready"


def ready(gateway, name: str) -> None:
    gateway.wait_for_log(f"{name}: {READY}")


# --- status


def test_status_shows_every_server_and_exits_with_0_when_all_are_well():
    with controlled({"a": fixture(), "team/b": fixture(required=True), "off": {"command": "x", "options": {"disabled": True}}}) as gateway:
        ready(gateway, "a")
        ready(gateway, "team/b")
        result = gateway.cli("status")
        assert result.returncode == 0, result.stdout + result.stderr
        assert "2/2 servers ready" in result.stdout
        titles, *rows = [line.split() for line in result.stdout.split("\n\n")[1].splitlines()]
        assert titles[:4] == ["NAME", "PHASE", "HEALTH", "FOR"]
        assert [row[:3] for row in rows] == [
            ["a", "ready", "healthy"], ["team/b", "ready", "healthy"], ["off", "disabled", "off"],
        ]
        assert "\x1b" not in result.stdout, "no colours where there is no terminal"


def test_status_as_json_has_every_key_of_the_admin_api_always():
    with controlled({"a": fixture(), "broken": {"command": "no-such-command"}}) as gateway:
        ready(gateway, "a")
        gateway.wait_for_log("broken: server failed")
        result = gateway.cli("status", "--json")
        assert result.returncode == 1
        status = json.loads(result.stdout)
        assert {"version", "pid", "uptimeMs", "configuration", "stage", "ready", "summary", "sessions", "servers", "lastReload"} == set(status)
        assert status["lastReload"] is None
        assert status["pid"] == gateway.pid and status["stage"] == "serving" and status["ready"] is True
        a, broken = status["servers"]
        assert set(a) == set(broken) == {
            "name", "phase", "phaseMs", "ready", "wantedUp", "required", "started", "reason", "health", "generation",
            "restarts", "lastExit", "nextAttemptInMs", "startTookMs", "pid", "transport", "tools", "hiddenTools", "sessions", "inFlight",
            "isolation", "interactive", "instances", "p95Ms",
        }
        assert a["pid"] == gateway.child("fixture-server").pid and a["transport"] == "stdio"
        assert a["tools"] == len(json.loads(gateway.cli("tools", "a", "--json").stdout)["a"]) > 5
        assert broken["phase"] == "failed" and broken["pid"] is None and broken["tools"] is None
        assert "no-such-command" in broken["lastExit"]["reason"]


def test_status_counts_sessions_and_calls_in_flight():
    async def use(gateway):
        async with sessions.legacy(gateway, "a") as session:
            slow = asyncio.create_task(session.ask(messages.call('"slow"', "sleep", {"ms": 60_000})))
            await sessions.arrival_of_sleep(session)
            status = await asyncio.to_thread(gateway.status, "a")
            assert (status["sessions"], status["inFlight"]) == (1, 1)
            slow.cancel()

    with controlled({"a": fixture()}) as gateway:
        asyncio.run(use(gateway))


def test_status_tells_who_shares_an_instance_and_how_many_there_are():
    servers = {"plain": fixture(), "asks": fixture(interactive=True), "own": fixture(isolation="session")}

    async def use(gateway):
        async with sessions.streamable(gateway, "own") as one, sessions.streamable(gateway, "own") as other:
            for session in (one, other):
                await session.ask(messages.call('"1"', "echo", {}))
            slow = asyncio.create_task(one.ask(messages.call('"slow"', "sleep", {"ms": 60_000})))
            shown = await asyncio.to_thread(shows, gateway, 1)
            slow.cancel()
        return shown

    def shows(gateway, calls):
        waiting.until(lambda: gateway.status("own")["inFlight"] == calls, "calls of instances beside the first")
        status = json.loads(gateway.cli("status", "--json").stdout)
        return [(s["isolation"], s["interactive"], s["instances"]) for s in status["servers"]], gateway.cli("status").stdout

    with controlled(servers) as gateway:
        for name in servers:
            ready(gateway, name)
        members, table = asyncio.run(use(gateway))
        assert members == [("shared", False, 1), ("shared", True, 1), ("session", False, 3)]
        titles, *rows = table.split("\n\n")[1].splitlines()
        assert titles.split()[-2:] == ["ISOLATION", "INSTANCES"]
        assert [row.split("  ")[-1].strip() for row in rows] == ["1", "1", "3"]
        assert "shared, interactive  " in rows[1] and "interactive" not in rows[0]
        assert "  isolation: shared, interactive, instances 1\n" in gateway.cli("status", "asks").stdout
        waiting.until(lambda: gateway.status("own")["instances"] == 1, "the end of both sessions")


def test_orders_are_for_every_instance_of_a_server():
    async def use(gateway):
        async with sessions.streamable(gateway, "own") as session:
            for order in ("restart", "stop"):
                await session.ask(messages.call('"1"', "echo", {}))
                assert gateway.status("own")["instances"] == 2
                await asyncio.to_thread(gateway.cli, order, "own")
                assert gateway.status("own")["instances"] == 1
            refused = await session.ask(messages.call('"2"', "echo", {}))
            assert "stopped on request" in refused["error"]["message"]

    with controlled({"own": fixture(isolation="session")}) as gateway:
        ready(gateway, "own")
        asyncio.run(use(gateway))


def test_status_of_one_server_tells_its_past_lives_and_its_command_without_secrets():
    server = fixture("--exit-on-start", "7", env={"API_KEY": "very-secret"})
    with controlled({"a": {**server, "restart": {"initial": "50ms"}}, "far": {"url": "http://u:very-secret@127.0.0.1:1/x?key=very-secret"}}) as gateway:
        waiting.until(lambda: len(gateway.status("a")["pastLives"]) >= 2, "two lives")
        shown = gateway.cli("status", "a")
        assert shown.returncode in (1, 3)
        assert "exited with status 7" in shown.stdout and "last stderr line:" in shown.stdout
        assert "environment: API_KEY" in shown.stdout
        a, far = gateway.status("a"), gateway.status("far")
        assert a["specification"]["environment"] == {"API_KEY": "***"}
        assert a["specification"]["file"] == server["command"]
        assert far["specification"]["url"] == "http://***@127.0.0.1:1/x?***"
        everything = shown.stdout + json.dumps([a, far]) + gateway.cli("status", "far").stdout
        assert "very-secret" not in everything


@pytest.mark.parametrize(
    ("server", "expected"),
    [(fixture(), 0), (fixture("--hang-on-initialize"), 1), ({"command": "no-such-command"}, 3)],
    ids=["ready", "starting", "failed"],
)
def test_the_status_of_one_server_is_that_of_the_command(server, expected):
    with controlled({"a": server}) as gateway:
        waiting.until(lambda: gateway.cli("status", "a").returncode == expected, f"status {expected}")


def test_a_server_that_does_not_exist_is_an_error_that_names_those_that_do():
    with controlled({"a": fixture(), "b": fixture()}) as gateway:
        for command in (["status"], ["start"], ["stop"], ["restart"], ["logs"], ["tools"]):
            result = gateway.cli(*command, "nope")
            assert result.returncode == 1, command
            assert 'no server "nope"' in result.stderr and "a, b" in result.stderr


def test_status_watch_tells_every_change_until_the_gateway_ends():
    with controlled({"a": fixture()}) as gateway:
        ready(gateway, "a")
        with Following(gateway, "status", "--watch", "--json") as command:
            assert json.loads(command.line())["servers"][0]["phase"] == "ready"
            gateway.wait_for_child("fixture-server")
            os.kill(gateway.child("fixture-server").pid, signal.SIGKILL)
            while (server := json.loads(command.line())["servers"][0])["generation"] != 2 or server["phase"] != "ready":
                pass
            gateway.signal(signal.SIGTERM)
            while command.line():
                pass
            assert command.process.wait(20) in (3, 69)


def test_the_number_of_tools_follows_the_server():
    with controlled({"a": fixture()}) as gateway:
        ready(gateway, "a")
        before = json.loads(gateway.cli("status", "--json").stdout)["servers"][0]["tools"]
        assert gateway.cli("call", "a", "grows").returncode == 0
        assert json.loads(gateway.cli("status", "--json").stdout)["servers"][0]["tools"] == before + 1


# --- start, stop, restart


def test_a_stopped_server_stays_down_until_it_is_started():
    with controlled({"a": fixture(), "b": fixture()}) as gateway:
        ready(gateway, "a")
        result = gateway.cli("stop", "a")
        assert (result.returncode, result.stdout) == (0, "a: stopped, stopped on request\n")
        assert gateway.status("a")["wantedUp"] is False
        call = gateway.cli("call", "a", "echo")
        assert call.returncode == 75 and "stopped on request" in call.stderr
        # It is meant to be down.
        waiting.until(lambda: gateway.cli("status").returncode == 0, "the other server")
        assert gateway.cli("status", "a").returncode == 3
        result = gateway.cli("start", "a")
        assert result.returncode == 0 and result.stdout.startswith("a: ready, ")
        assert gateway.cli("call", "a", "echo", "--args", '{"text":"x"}').returncode == 0
        assert "an operator's order" in gateway.log


def test_restart_waits_for_the_new_process():
    with controlled({"a": fixture("--start-delay", "500")}) as gateway:
        ready(gateway, "a")
        before = gateway.status("a")
        result = gateway.cli("restart", "a")
        after = gateway.status("a")
        assert result.returncode == 0 and result.stdout.startswith("a: ready, ")
        assert after["phase"] == "ready" and after["pid"] != before["pid"]
        assert after["generation"] == 2 and after["restarts"] == 0 and after["startTookMs"] >= 500


def test_restart_of_a_server_that_does_not_come_back_fails_with_its_reason():
    with controlled({"a": fixture("--exit-on-initialize", "9")}) as gateway:
        result = gateway.cli("restart", "a")
        assert result.returncode == 1 and "exited with status 9" in result.stdout


def test_no_wait_returns_at_once():
    with controlled({"a": fixture("--hang-on-initialize")}) as gateway:
        assert gateway.cli("restart", "a", "--no-wait").returncode == 0
        assert gateway.status("a")["ready"] is False


# --- logs, tools, call


def test_logs_shows_the_last_lines_and_follows():
    with controlled({"a": fixture("--grandchild")}) as gateway:
        waiting.until(lambda: gateway.cli("logs", "a").stdout.startswith("grandchild "), "the line")
        assert gateway.cli("logs", "a", "-n", "0").stdout == ""
        with Following(gateway, "logs", "a", "--follow") as command:
            assert command.line().startswith("grandchild ")
            assert gateway.cli("restart", "a").returncode == 0
            assert command.line().startswith("grandchild ")


def test_tools_are_those_that_clients_see():
    hidden = {"toolFilter": {"mode": "block", "list": ["echo"]}}
    with controlled({"a": fixture(), "b": fixture(options=hidden), "c": fixture("--no-tools")}) as gateway:
        for name in "abc":
            ready(gateway, name)
        one = gateway.cli("tools", "a")
        assert one.returncode == 0 and one.stdout.split("\n")[0].split() == ["TOOL", "DESCRIPTION"]
        assert "\necho " in one.stdout
        assert "\necho " not in gateway.cli("tools", "b").stdout
        both = json.loads(gateway.cli("tools", "--json").stdout)
        assert set(both) == {"a", "b"} and len(both["a"]) == len(both["b"]) + 1
        none = gateway.cli("tools", "c")
        assert none.returncode == 1 and "does not offer tools" in none.stderr


def test_call_prints_text_and_its_status_tells_how_it_went():
    with controlled({"a": fixture()}) as gateway:
        good = gateway.cli("call", "a", "echo", "--args", '{"number": 12345678901234567890.0}')
        assert (good.returncode, good.stdout) == (0, '{"number": 12345678901234567890.0}\n')
        assert json.loads(gateway.cli("call", "a", "echo", "--json").stdout)["content"]
        unknown = gateway.cli("call", "a", "no-such-tool")
        assert unknown.returncode == 1 and "no-such-tool" in unknown.stdout + unknown.stderr
        for arguments in ("[]", "{", "x"):
            wrong = gateway.cli("call", "a", "echo", "--args", arguments)
            assert wrong.returncode == 64 and "JSON object" in wrong.stderr
        # Whoever reads 75 makes it again, and it may have been carried out.
        crash = gateway.cli("call", "a", "crash")
        assert crash.returncode == 1 and "not repeated" in crash.stderr and "look before" in crash.stderr
        assert "try again" not in crash.stderr


def test_a_call_that_is_interrupted_is_cancelled():
    with controlled({"a": fixture()}) as gateway:
        ready(gateway, "a")
        with Following(gateway, "call", "a", "sleep", "--args", '{"ms": 60000}') as command:
            waiting.until(lambda: gateway.status("a")["inFlight"] == 1, "the call")
            command.process.send_signal(signal.SIGINT)
            assert command.process.wait(10) != 0
        waiting.until(lambda: gateway.status("a")["inFlight"] == 0, "its end")


@pytest.mark.parametrize(
    ("milliseconds", "status", "said"),
    [(1500, 0, "slept"), (600_000, 1, "the gateway is stopping")],
    ids=["that is answered in time", "that is not"],
)
def test_a_call_in_flight_at_a_stop_has_the_time_that_those_of_clients_have(milliseconds, status, said):
    with controlled({"a": fixture(stopTimeout="1s")}) as gateway:
        ready(gateway, "a")
        with Following(gateway, "call", "a", "sleep", "--args", json.dumps({"ms": milliseconds}), stderr=subprocess.PIPE) as command:
            waiting.until(lambda: gateway.status("a")["inFlight"] == 1, "the call")
            gateway.signal(signal.SIGTERM)
            output, errors = command.process.communicate(timeout=30)
            assert (command.process.returncode, said in output + errors) == (status, True), (output, errors)
            assert "try again" not in errors
            if status:
                assert "look before you call it again" in errors
        assert gateway.wait() == 0


def test_a_call_that_comes_after_the_stop_has_begun_is_refused():
    with controlled({"a": fixture("--ignore-eof", "--ignore-sigterm", stopTimeout="700ms")}) as gateway:
        ready(gateway, "a")
        gateway.signal(signal.SIGTERM)
        waiting.until(lambda: '"phase":"stopping"' in gateway.cli("status", "--json").stdout, "the phase")
        late = gateway.cli("call", "a", "echo")
        assert late.returncode == 75 and "stopping" in late.stderr, late


# --- reload


def write(gateway, servers, **proxy) -> None:
    gateway.file.write_text(servers if isinstance(servers, str) else json.dumps(configuration(servers, **proxy)))


def test_reload_says_what_it_changes_and_a_dry_run_changes_nothing():
    with controlled({"a": fixture("--name", "kept"), "b": fixture("--name", "old"), "d": fixture()}) as gateway:
        old = gateway.wait_for_child("old")
        write(gateway, {"a": fixture("--name", "kept"), "b": fixture("--name", "young"), "c": fixture()}, allowedHosts=["x"])
        expected = (
            "stop d\nrestart b\nstart c\n"
            "mcpProxy.allowedHosts takes effect only when the gateway is restarted\n"
        )
        dry = gateway.cli("reload", "--dry-run")
        assert (dry.returncode, dry.stdout) == (0, expected)
        assert old.is_alive()
        real = gateway.cli("reload", "--wait")
        assert (real.returncode, real.stdout) == (0, expected)
        gateway.wait_for_child("young")
        again = gateway.cli("reload", "--json")
        assert json.loads(again.stdout)["started"] == [] and again.returncode == 0


def test_reload_names_keys_of_the_proxy_that_took_effect():
    servers = {"a": fixture("--name", "kept"), "b": fixture()}
    with controlled(servers) as gateway:
        kept = gateway.wait_for_child("kept")
        write(gateway, servers, groups={"some": {"servers": ["a"]}}, aggregate={"separator": "-"})
        expected = "update mcpProxy.aggregate\nupdate mcpProxy.groups\n"
        assert gateway.cli("reload", "--dry-run").stdout == expected
        report = json.loads(gateway.cli("reload", "--json").stdout)
        assert report["updatedKeys"] == ["mcpProxy.aggregate", "mcpProxy.groups"] and report["updated"] == []
        assert gateway.cli("reload").stdout == "nothing changed\n"
        exposing = {"a": {**servers["a"], "expose": {"prefix": "x"}}, "b": servers["b"]}
        write(gateway, exposing, groups={"some": {"servers": ["a"]}}, aggregate={"separator": "-"})
        assert gateway.cli("reload").stdout == "update a\n"
        assert kept.is_alive()


def test_a_refused_reload_is_status_78_with_every_mistake():
    with controlled({"a": fixture("--name", "kept")}) as gateway:
        kept = gateway.wait_for_child("kept")
        for text in ('{"mcpServers": ', json.dumps(configuration({"a": {"args": []}}))):
            write(gateway, text)
            for arguments in ([], ["--wait"], ["--dry-run"]):
                result = gateway.cli("reload", *arguments)
                assert result.returncode == 78, result
                assert f"{gateway.file}:" in result.stderr and "error: " in result.stderr
        assert kept.is_alive()


def test_status_tells_that_the_last_reload_was_refused_until_one_is_accepted():
    with controlled({"a": fixture()}) as gateway:
        ready(gateway, "a")
        good = gateway.file.read_text()
        write(gateway, '{"mcpServers": ')
        assert gateway.cli("reload").returncode == 78
        last = json.loads(gateway.cli("status", "--json").stdout)["lastReload"]
        assert last["accepted"] is False and last["mistakes"] == 1
        assert f"{gateway.file}:1:" in last["firstMistake"] and datetime.fromisoformat(last["at"]).tzinfo
        assert "configuration refused at " in gateway.cli("status").stdout
        # A question is no reload.
        write(gateway, good)
        assert gateway.cli("reload", "--dry-run").returncode == 0
        assert json.loads(gateway.cli("status", "--json").stdout)["lastReload"] == last
        assert gateway.cli("reload").returncode == 0
        accepted = json.loads(gateway.cli("status", "--json").stdout)["lastReload"]
        assert (accepted["accepted"], accepted["mistakes"], accepted["firstMistake"]) == (True, 0, None)
        assert "refused" not in gateway.cli("status").stdout


def test_reload_waits_for_a_required_server():
    with controlled({}) as gateway:
        write(gateway, {"a": fixture("--start-delay", "700", required=True), "b": fixture("--hang-on-initialize")})
        assert gateway.cli("reload", "--wait").returncode == 0
        assert gateway.status("a")["ready"] is True


def test_reload_waits_for_a_required_server_no_longer_than_its_start_may_take():
    with controlled({}) as gateway:
        write(gateway, {"a": fixture("--hang-on-initialize", required=True, startTimeout="700ms")})
        assert gateway.cli("reload", "--wait").returncode == 0
        assert gateway.status("a")["started"] is True and gateway.status("a")["ready"] is False


def test_a_dry_run_waits_for_nothing():
    with controlled({}) as gateway:
        write(gateway, {"a": fixture("--hang-on-initialize", required=True)})
        result = gateway.cli("reload", "--wait", "--dry-run")
        assert (result.returncode, result.stdout) == (0, "start a\n")
        assert gateway.child("fixture-server") is None


def test_of_more_than_sixteen_waiting_reloads_the_oldest_is_refused():
    async def crowd(gateway):
        def bytes_read():
            return int(Path(f"/proc/{gateway.pid}/io").read_text().split()[1])

        async def dry_run():
            response = await ask(gateway.socket, "POST", "/api/v1/reload?dryRun=true")
            return response.status, response.body

        # A file that takes so long to understand that everybody else comes meanwhile.
        text, before = gateway.file.read_text(), bytes_read()
        gateway.file.write_text(json.dumps({**configuration({}), "padding": [0] * 150_000}))
        first = asyncio.create_task(dry_run())
        await waiting.until_async(lambda: bytes_read() - before > 400_000, "the first to be read")
        others = [asyncio.create_task(dry_run()) for _ in range(20)]
        await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
        gateway.file.write_text(text)
        answers = [await task for task in others]
        refused = [body for status, body in answers if status == 503]
        assert len(refused) == 4 and all(b"16 newer reloads wait already" in body for body in refused), answers
        assert [status for status, _ in answers].count(200) == 16 and (await first)[0] == 200

    with controlled({}) as gateway:
        asyncio.run(crowd(gateway))


# --- version, print-schema


def test_version_tells_both_programs_and_needs_none():
    alone = run("version", "--json", control="/nonexistent/control.sock")
    assert alone.returncode == 0 and set(json.loads(alone.stdout)) == {"program"}
    assert run("version").stdout.strip() == run("--version").stdout.strip()
    with controlled({}) as gateway:
        both = json.loads(gateway.cli("version", "--json").stdout)
        assert both["program"] == both["running"]


def test_print_schema_is_the_file_in_the_repository():
    from support.gateway import REPOSITORY

    result = run("print-schema")
    assert result.returncode == 0
    assert result.stdout == (REPOSITORY / "config/mcp-gateway.schema.json").read_text()


# --- without a gateway


COMMANDS = [["status"], ["start", "a"], ["stop", "a"], ["restart", "a"], ["logs", "a"], ["logs", "a", "-f"], ["tools"],
            ["call", "a", "b"], ["call", "a", "b", "--json"], ["reload"], ["reload", "--wait"], ["reload", "--dry-run"],
            ["status", "a"], ["status", "--json"], ["status", "--watch"], ["start", "a", "--no-wait"], ["tools", "a"]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_gateway_every_command_says_where_it_looked(tmp_path, command):
    expected = 3 if command[0] == "status" else 69
    named = run(*command, control=tmp_path / "none.sock")
    assert named.returncode == expected and str(tmp_path / "none.sock") in named.stderr
    searched = run(*command, environment={"XDG_RUNTIME_DIR": str(tmp_path)})
    assert searched.returncode == expected
    assert f"{tmp_path}/mcp-gateway/control.sock" in searched.stderr and "/run/mcp-gateway/control.sock" in searched.stderr
    # A file that a killed gateway has left.
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "left.sock"))
    assert run(*command, control=tmp_path / "left.sock").returncode == expected


def test_what_is_no_gateway_is_unavailable(tmp_path):
    path = tmp_path / "other.sock"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        with subprocess.Popen(
            [BINARY, "reload", "--control", path], stderr=subprocess.PIPE, text=True
        ) as command:
            connection, _ = other.accept()
            connection.recv(1 << 16)
            connection.sendall(b"220 mail.example\r\n")
            connection.close()
            assert "no gateway" in command.stderr.read()
            assert command.wait(10) == 69


def test_an_answer_that_says_nothing_is_of_no_gateway(tmp_path):
    path = tmp_path / "foreign.sock"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        with subprocess.Popen([BINARY, "status", "--control", path], stderr=subprocess.PIPE, text=True) as command:
            connection, _ = other.accept()
            connection.recv(1 << 16)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            connection.close()
            assert "no mcp-gateway" in command.stderr.read()
            assert command.wait(10) == 69


def test_a_gateway_that_hangs_holds_no_command_up():
    with controlled({}) as gateway:
        gateway.signal(signal.SIGSTOP)
        try:
            commands = {
                words: subprocess.Popen(
                    [BINARY, *words.split(), "--control", gateway.socket], text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                )
                for words in ("status", "status a", "start a", "logs a", "tools", "version")
            }
            for words, command in commands.items():
                out, errors = command.communicate(timeout=60)
                if words == "version":
                    assert command.returncode == 0 and out.strip() == run("--version").stdout.strip()
                else:
                    assert command.returncode == 75 and "no answer for 10 s" in errors, (words, errors)
        finally:
            gateway.signal(signal.SIGCONT)


def test_a_server_that_hangs_does_not_hide_the_tools_of_the_others():
    with controlled({"a": fixture("--name", "hanging"), "b": fixture()}) as gateway:
        ready(gateway, "a")
        ready(gateway, "b")
        child = gateway.child("hanging")
        os.kill(child.pid, signal.SIGSTOP)
        result = gateway.cli("tools", "--json")
        os.kill(child.pid, signal.SIGCONT)
        assert list(json.loads(result.stdout)) == ["b"]
        assert "a: it is not answering" in result.stderr


@pytest.mark.parametrize("command", ["status", "start", "stop", "restart", "logs", "tools"])
def test_an_empty_name_is_a_mistake_of_usage(command):
    result = run(command, "", control="/nonexistent/control.sock")
    assert result.returncode == 64 and "The name of the server is empty" in result.stderr


def test_output_that_cannot_be_written_is_an_error():
    with controlled({}) as gateway, open("/dev/full", "w") as full:
        result = subprocess.run(
            [BINARY, "status", "--control", gateway.socket], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
        assert result.returncode == 74 and "No space left on device" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["version"], ["version", "--json"], ["print-schema"], ["check-config", "CONFIG"], ["check-config", "OLD"],
        ["--help"], ["-h"], ["help", "status"], ["connect", "--help"], ["--version"], ["-version"],
        ["--generate-completion-script=bash"],
    ],
    ids=" ".join,
)
def test_nor_is_that_of_commands_without_a_gateway(tmp_path, arguments):
    old = {"server": {"addr": "127.0.0.1:0"}, "clients": {}}
    for name, content in {"CONFIG": configuration({}), "OLD": old}.items():
        (tmp_path / name).write_text(json.dumps(content))
    words = [tmp_path / word if word.isupper() else word for word in arguments]
    with open("/dev/full", "w") as full:
        result = subprocess.run([BINARY, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert result.returncode == 74 and "No space left on device" in result.stderr, result


# --- the socket


def test_the_socket_is_for_owner_and_group_only_and_goes_with_the_gateway():
    with controlled({}) as gateway:
        mode = gateway.socket.stat().st_mode
        assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o660
    assert not gateway.socket.exists()


def test_the_usual_place_is_the_runtime_directory_and_then_that_of_the_user(tmp_path):
    for variable, path in {"RUNTIME_DIRECTORY": "control.sock", "XDG_RUNTIME_DIR": "mcp-gateway/control.sock"}.items():
        directory = tmp_path / variable
        directory.mkdir()
        environment = {"RUNTIME_DIRECTORY": "", "XDG_RUNTIME_DIR": "", variable: str(directory)}
        gateway = Plain(tmp_path, environment)
        try:
            gateway.wait_until_listening()
            assert (directory / path).is_socket()
            assert run("status", environment={variable: str(directory)}).returncode == 0
        finally:
            gateway.finish()


def Plain(directory, environment, *arguments):
    from support.gateway import Gateway

    return Gateway(configuration({}), directory, environment=environment, arguments=arguments)


def test_a_second_gateway_at_the_usual_place_runs_without_one_and_says_so(tmp_path):
    environment = {"RUNTIME_DIRECTORY": str(tmp_path), "XDG_RUNTIME_DIR": ""}
    first = Plain(tmp_path, environment)
    try:
        first.wait_until_listening()
        second = Plain(tmp_path, environment)
        try:
            second.wait_until_listening()
            second.wait_for_log("no control socket.*control.sock")
        finally:
            second.finish()
        assert run("status", environment={"RUNTIME_DIRECTORY": str(tmp_path)}).returncode == 0
    finally:
        first.finish()


def test_a_socket_that_was_asked_for_and_cannot_be_made_stops_the_start(tmp_path):
    gateway = Plain(tmp_path, {}, "--control", str(tmp_path / "missing" / "control.sock"))
    assert gateway.wait(20) == 1
    assert "cannot make the control socket" in gateway.log and "--control" in gateway.log


def test_a_socket_left_by_a_killed_gateway_is_replaced(tmp_path):
    gateway = Controlled(configuration({}), tmp_path)
    gateway.wait_until_listening()
    gateway.process.kill()
    gateway.wait()
    assert gateway.socket.is_socket()
    again = Controlled(configuration({}), tmp_path)
    try:
        again.wait_until_listening()
        assert again.cli("status").returncode == 0
    finally:
        again.finish()


def test_control_off_makes_none(tmp_path):
    gateway = Plain(tmp_path, {"RUNTIME_DIRECTORY": str(tmp_path)}, "--control", "off")
    try:
        gateway.wait_until_listening()
        assert not (tmp_path / "control.sock").exists()
    finally:
        gateway.finish()


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root and setpriv")
def test_others_are_refused_by_the_file_and_by_the_gateway_itself(tmp_path):
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents:
        if parent != parent.parent and parent.stat().st_uid == os.geteuid() and str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    # As a member of the gateway's group besides; that group is root's here.
    member = ["setpriv", "--reuid=65534", "--regid=65534", "--groups=0"]
    program = tmp_path / "mcp-gateway"
    shutil.copy(BINARY, program)
    program.chmod(0o755)
    gateway = Controlled(configuration({}), tmp_path)
    try:
        gateway.wait_until_listening()

        def status(who):
            command = [*who, program, "status", "--control", gateway.socket]
            return subprocess.run(command, capture_output=True, text=True, timeout=30)

        refused = status(stranger)
        assert refused.returncode == 77 and "you may not use" in refused.stderr, refused
        assert status(member).returncode == 0
        # Somebody has opened the file to all.
        gateway.socket.chmod(0o666)
        refused = status(stranger)
        assert refused.returncode == 77 and "you may not use this socket" in refused.stderr, refused
        gateway.wait_for_log("connection refused: only root")
        assert status(member).returncode == 0
    finally:
        gateway.finish()


def test_the_end_of_the_servers_can_be_watched_over_it():
    with controlled({"a": fixture("--ignore-eof", "--ignore-sigterm", stopTimeout="700ms")}) as gateway:
        ready(gateway, "a")
        gateway.signal(signal.SIGTERM)
        waiting.until(lambda: '"phase":"stopping"' in gateway.cli("status", "--json").stdout, "the phase")
        assert json.loads(gateway.cli("status", "--json").stdout)["stage"] == "stopping"


def test_no_server_and_no_page_of_the_network_is_behind_it():
    with controlled({"a": fixture()}) as gateway:
        for target, expected in {"/mcp": 404, "/a/mcp": 404, "/a/sse": 404, "/api/v1/status": 200, "/livez": 200}.items():
            assert asyncio.run(ask(gateway.socket, "GET", target)).status == expected
        # And over the network nobody gives orders without a token.
        assert asyncio.run(http1.request(gateway.port, "POST", "/api/v1/servers/a/stop")).status == 403
        assert gateway.status("a")["wantedUp"]


def test_with_admin_tokens_the_api_is_served_over_the_network_to_their_bearers():
    with controlled({"a": fixture()}, admin={"tokens": ["operator"]}) as gateway:
        def status(headers):
            return asyncio.run(http1.request(gateway.port, "GET", "/api/v1/servers", headers)).status

        assert [status(h) for h in ({}, {"Authorization": "Bearer wr0ng"}, {"Authorization": "Bearer operator"})] == [401, 401, 200]
        gateway.wait_for_log("a wrong token was sent to the admin API from 127.0.0.1")
    assert "wr0ng" not in gateway.log
    assert "operator" not in gateway.log.replace("operator's order", "")


def test_a_page_of_another_program_on_this_machine_may_not_use_the_admin_api():
    with controlled({"a": fixture()}, admin={"tokens": ["operator"]}) as gateway:
        def order(origin):
            headers = {"Authorization": "Bearer operator", "Origin": origin}
            return asyncio.run(http1.request(gateway.port, "POST", "/api/v1/servers/a/restart", headers))

        foreign = order("http://localhost:1")
        assert foreign.status == 403 and "access-control-allow-origin" not in foreign.headers
        assert order(gateway.url).status == 202


def test_a_key_that_needs_a_restart_is_named_until_there_was_one():
    with controlled({"a": fixture()}) as gateway:
        ready(gateway, "a")
        changed = json.loads(gateway.file.read_text())
        changed["mcpProxy"]["limits"] = {"sessions": 7}
        gateway.file.write_text(json.dumps(changed))
        for _ in range(2):
            result = gateway.cli("reload")
            assert "limits takes effect only when the gateway is restarted" in result.stdout + result.stderr


def test_a_call_whose_gateway_dies_is_not_said_to_be_undone():
    with controlled({"a": fixture()}) as gateway:
        ready(gateway, "a")
        arguments = ("call", "a", "sleep", "--args", '{"ms": 60000}')
        with Following(gateway, *arguments, stderr=subprocess.PIPE) as command:
            waiting.until(lambda: gateway.status("a")["inFlight"] == 1, "the call")
            gateway.expected_status = None
            gateway.process.kill()
            _, errors = command.process.communicate(timeout=30)
        assert command.process.returncode == 1 and "look before you call it again" in errors


# --- doctor


SERVERS = {
    "good": fixture("--start-delay", "300"),
    "lost": {"command": "no-such-command", "env": {"PATH": "/nonexistent/bin"}},
    "dying": fixture("--exit-on-initialize", "9"),
    "off": {"command": "x", "options": {"disabled": True}},
}


def check_doctor(result, report) -> None:
    assert result.returncode == 1, result
    assert "good: ok, ready after" in result.stdout and "lost: FAILED" in result.stdout
    assert "not found in /nonexistent/bin" in result.stdout and "as user" in result.stdout
    assert "dying: FAILED" in result.stdout and "exited with status 9" in result.stdout
    by_name = {server["name"]: server for server in report["servers"]}
    assert {name: by_name[name]["ok"] for name in ("good", "lost", "dying")} == {"good": True, "lost": False, "dying": False}
    assert by_name["good"]["specification"]["file"] == SERVERS["good"]["command"]
    assert by_name["good"]["startTookMs"] >= 300


def test_doctor_starts_each_server_once_where_no_gateway_runs(tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps(configuration(SERVERS)))
    result = run("doctor", "--config", file)
    report = json.loads(run("doctor", "--config", file, "--json").stdout)
    check_doctor(result, report)
    assert report["checkedBy"] == "trial" and report["path"] == os.environ["PATH"]
    assert f"trying {file} as user" in result.stdout


def test_doctor_asks_a_gateway_that_runs():
    with controlled(SERVERS) as gateway:
        ready(gateway, "good")
        gateway.wait_for_log("dying: .*exited with status 9")
        result, report = gateway.cli("doctor"), json.loads(gateway.cli("doctor", "--json").stdout)
        check_doctor(result, report)
        assert report["checkedBy"] == "gateway" and str(gateway.file) in result.stdout
        assert "off: switched off" in result.stdout


def test_doctor_of_a_good_or_a_broken_configuration(tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps(configuration({"good": fixture(), "self": {"builtin": "gateway"}})))
    assert run("doctor", "--config", file).returncode == 0
    file.write_text(json.dumps(configuration({})))
    assert run("doctor", "--config", file).returncode == 0
    file.write_text("{")
    broken = run("doctor", "--config", file)
    assert broken.returncode == 78 and f"{file}:1:" in broken.stderr


def test_doctor_as_a_user_that_does_not_exist_says_so(tmp_path):
    # Also where there is no configuration.
    for arguments in ([], ["--config", tmp_path / "none.json"]):
        result = run("doctor", *arguments, "--user", "no-such-user")
        assert result.returncode == 64 and "there is no user no-such-user" in result.stderr
        assert "Usage" not in result.stderr and "none.json" not in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_doctor_tries_servers_as_another_user_with_the_path_of_a_service(tmp_path):
    tmp_path.chmod(0o755)
    file = tmp_path / "config.json"
    file.write_text(json.dumps(configuration({"a": {"command": "no-such-command"}})))
    result = run("doctor", "--config", file, "--user", "nobody")
    assert result.returncode == 1
    assert "as user nobody, PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin" in result.stdout
    assert "not found in /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin" in result.stdout
