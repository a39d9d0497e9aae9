"""What systemd sees: notifications in order, and a unit it accepts."""

import asyncio
import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

import pytest

from support import threads, waiting
from support.gateway import BINARY, REPOSITORY, configuration, fixture
from support.http1 import request
from support.manager import status
from support.messages import call
from support.sessions import legacy

UNIT = REPOSITORY / "units/mcp-gateway.service"


def test_ready_status_and_stopping_come_in_that_order(start, manager):
    with start({"fixture": fixture()}, environment=manager.environment) as gateway:
        ready = manager.wait_for("READY=1")
        manager.wait_for_status("1/1 servers ready")
        gateway.signal(signal.SIGTERM)
        assert gateway.wait() == 0
        assert ready < manager.wait_for("STOPPING=1") < manager.wait_for_status("stopping; ")


def test_ready_waits_for_a_required_server_and_not_for_others(start, manager):
    servers = {
        "needed": fixture("--start-delay", "1000", required=True),
        "hopeless": fixture("--hang-on-initialize"),
    }
    with start(servers, environment=manager.environment) as gateway:
        assert manager.index_of("READY=1") is None
        assert asyncio.run(request(gateway.port, "GET", "/readyz")).status == 503
        manager.wait_for_status("waiting for needed; 0/2 servers ready")
        manager.wait_for("READY=1")
        assert asyncio.run(request(gateway.port, "GET", "/readyz")).status == 200


def test_ready_comes_all_the_same_when_a_required_server_has_used_up_its_start_time(start, manager):
    servers = {"needed": fixture("--hang-on-initialize", required=True, startTimeout="700ms")}
    with start(servers, environment=manager.environment) as gateway:
        manager.wait_for("READY=1")
        assert asyncio.run(request(gateway.port, "GET", "/readyz")).status == 503


def test_the_status_follows_a_server_that_fails(start, manager):

    async def crash(gateway):
        async with legacy(gateway) as session:
            await session.ask(call("1", "crash"))

    with start({"fixture": fixture()}, environment=manager.environment) as gateway:
        before = manager.wait_for_status("1/1")
        asyncio.run(crash(gateway))
        manager.wait_for_status("0/1", before)


def test_children_are_not_told_of_systemd(start, manager, tmp_path):
    """A child that inherited NOTIFY_SOCKET could say READY=1 in the gateway's name, and one that knew where the
    credentials are could read them all."""
    told = {"WATCHDOG_USEC": "60000000", "CREDENTIALS_DIRECTORY": str(tmp_path), "LISTEN_FDNAMES": "http"}

    async def use(gateway):
        async with legacy(gateway) as session:
            report = (await session.ask(call("1", "environment")))["result"]["content"][0]["text"]
            for name in ("NOTIFY_SOCKET", "WATCHDOG", "CREDENTIALS_DIRECTORY", "LISTEN_"):
                assert name not in report

    with start({"fixture": fixture()}, environment=manager.environment | told) as gateway:
        asyncio.run(use(gateway))


def test_a_reload_begins_with_reloading_and_ends_with_ready_and_the_status_of_before(start, manager):
    with start({"fixture": fixture()}, environment=manager.environment) as gateway:
        before = manager.wait_for_status("1/1 servers ready")
        manager.wait_for("READY=1")
        gateway.signal(signal.SIGHUP)
        reloading = manager.wait_for_status("reading the configuration again", before)
        assert manager.index_of("RELOADING=1") == reloading
        assert "MONOTONIC_USEC=" in manager.received[reloading]
        ready = manager.wait_for("READY=1", reloading)
        assert status(manager.received[ready]) == "1/1 servers ready"


def test_a_refused_reload_is_in_the_status_until_one_is_accepted(start, manager):
    with start({"fixture": fixture()}, environment=manager.environment) as gateway:
        manager.wait_for_status("1/1 servers ready")
        ready = manager.wait_for("READY=1")
        good = gateway.file.read_text()
        gateway.file.write_text('{"mcpServers": ')
        gateway.signal(signal.SIGHUP)
        refused = manager.wait_for("READY=1", manager.wait_for("RELOADING=1", ready))
        told = status(manager.received[refused])
        assert told.startswith("1/1 servers ready; configuration refused at 2"), told
        assert f"{gateway.file}:1:" in told and "error: " in told
        gateway.file.write_text(good)
        gateway.signal(signal.SIGHUP)
        accepted = manager.wait_for("READY=1", manager.wait_for("RELOADING=1", refused))
        assert status(manager.received[accepted]) == "1/1 servers ready"


def test_a_reload_before_the_gateway_is_ready_does_not_say_that_it_is(start, manager):
    servers = {"needed": fixture("--hang-on-initialize", required=True)}
    with start(servers, environment=manager.environment) as gateway:
        manager.wait_for_status("waiting for needed")
        gateway.signal(signal.SIGHUP)
        reading = manager.wait_for_status("reading the configuration again")
        manager.wait_for_status("waiting for needed", reading)
        assert manager.index_of("READY=1") is None
        assert manager.index_of("RELOADING=1") is None


# How long the tests let the gateway be silent: it says something five times a second.
WATCHED = {"WATCHDOG_USEC": "400000"}


@contextmanager
def hanging(gateway):
    """The event loop, on which all of the gateway's actors live, hangs; everything else goes on."""
    try:
        with threads.held(gateway.pid, "NIO-ELT"):
            yield
    except PermissionError as error:
        pytest.skip(f"cannot hold a thread here: {error}")


def test_the_watchdog_is_fed_while_the_loop_turns_and_not_while_it_hangs(start, manager):
    with start({"fixture": fixture()}, environment=manager.environment | WATCHED) as gateway:
        waiting.until(lambda: manager.count("WATCHDOG=1") >= 5, "the fifth WATCHDOG=1")
        with hanging(gateway):
            # What was on its way may still come.
            time.sleep(0.5)
            fed = manager.count("WATCHDOG=1")
            time.sleep(2)
            assert manager.count("WATCHDOG=1") == fed
        waiting.until(lambda: manager.count("WATCHDOG=1") >= fed + 5, "five more")


def test_the_watchdog_is_fed_while_the_gateway_stops(start, manager):
    servers = {"fixture": fixture("--ignore-sigterm", "--ignore-eof", stopTimeout="1s")}
    with start(servers, environment=manager.environment | WATCHED) as gateway:
        manager.wait_for_status("1/1 servers ready")
        gateway.signal(signal.SIGTERM)
        stopping = manager.wait_for("STOPPING=1")
        assert gateway.wait() == 0
        assert manager.count("WATCHDOG=1", stopping) >= 5


@pytest.mark.parametrize("unwatched", [{}, {"WATCHDOG_USEC": "400000", "WATCHDOG_PID": "1"}], ids=["none", "another"])
def test_a_watchdog_that_is_not_asked_for_is_not_fed(start, manager, unwatched):
    with start({"fixture": fixture()}, environment=manager.environment | unwatched) as gateway:
        manager.wait_for_status("1/1 servers ready")
        time.sleep(1)
        assert manager.count("WATCHDOG=1") == 0


def test_more_time_is_asked_for_while_a_required_server_starts(start, manager):
    """Three beats of the watchdog's 0.2 s each: less than the manager would wait anyway is no harm."""
    servers = {"needed": fixture("--hang-on-initialize", required=True, startTimeout="2s", stopTimeout="1s")}
    with start(servers, environment=manager.environment | WATCHED) as gateway:
        ready = manager.wait_for("READY=1")
        assert manager.count("EXTEND_TIMEOUT_USEC=600000") >= 5
        # One may have been on its way.
        waiting.until(lambda: manager.count("WATCHDOG=1", ready) >= 5, "the fifth WATCHDOG=1")
        assert manager.count("EXTEND_TIMEOUT_USEC=600000", ready) <= 1
        gateway.signal(signal.SIGTERM)


def test_more_time_is_asked_for_while_servers_are_stopped(start, manager):
    servers = {"fixture": fixture("--ignore-sigterm", "--ignore-eof", stopTimeout="1s")}
    with start(servers, environment=manager.environment | WATCHED) as gateway:
        manager.wait_for_status("1/1 servers ready")
        gateway.signal(signal.SIGTERM)
        stopping = manager.wait_for("STOPPING=1")
        assert gateway.wait() == 0
        assert manager.count("EXTEND_TIMEOUT_USEC=600000", stopping) >= 5


def fails(tmp_path, manager, config: dict | str, **environment) -> subprocess.CompletedProcess:
    file = tmp_path / "config.json"
    file.write_text(config if isinstance(config, str) else json.dumps(config))
    return subprocess.run(
        [BINARY, "--config", file],
        capture_output=True,
        text=True,
        timeout=30,
        env=os.environ | manager.environment | environment,
    )


def test_a_start_that_fails_tells_the_manager_why_with_an_errno(tmp_path, manager):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = fails(tmp_path, manager, configuration({}, addr=address))
    assert result.returncode == 1
    failed = manager.wait_for(f"ERRNO={errno.EADDRINUSE}")
    assert f"cannot listen on {address}: Address already in use" in status(manager.received[failed])
    assert f"cannot listen on {address}" in result.stderr
    assert manager.index_of("READY=1") is None


def test_a_configuration_that_cannot_be_used_is_told_to_the_manager(tmp_path, manager):
    result = fails(tmp_path, manager, '{"mcpServers": {"a": }}')
    assert result.returncode == 78
    failed = manager.wait_for(f"ERRNO={errno.EINVAL}")
    assert "config.json:1:21: error: " in status(manager.received[failed])


TOKENS = {"options": {"authTokens": ["${credential:gateway-token}"]}}


def test_a_credential_is_a_token(start, tmp_path):
    (tmp_path / "gateway-token").write_text("hush-7\n")
    (tmp_path / "gateway-token").chmod(0o400)
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    with start({"fixture": fixture()}, environment=environment, **TOKENS) as gateway:

        def asked(**headers):
            headers = {"Accept": "text/event-stream"} | headers
            return asyncio.run(request(gateway.port, "GET", "/fixture/mcp", headers)).status

        assert asked() == 401
        assert asked(Authorization="Bearer other") == 401
        # It lets in; what is missing is a session.
        assert asked(Authorization="Bearer hush-7") == 400
        assert "hush-7" not in gateway.log


def test_a_credential_that_was_not_given_is_a_mistake_that_says_what_the_unit_needs(tmp_path, manager):
    result = fails(tmp_path, manager, configuration({}, **TOKENS), CREDENTIALS_DIRECTORY=str(tmp_path))
    assert result.returncode == 78
    assert 'the credential "gateway-token"' in result.stderr
    assert "LoadCredential=" in result.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_accepts_the_unit(tmp_path):
    # The binary the unit names is not installed here, and verify would say so.
    text = UNIT.read_text().replace("/usr/bin/mcp-gateway", "/bin/true")
    (tmp_path / UNIT.name).write_text(text)
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=one", "--man=no", tmp_path / UNIT.name],
        capture_output=True,
        text=True,
    )
    assert (verified.returncode, verified.stderr) == (0, "")
