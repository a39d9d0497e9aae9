"""What systemd sees: notifications in order, and a unit it accepts."""

import asyncio
import shutil
import signal
import socket
import subprocess
import threading

import pytest

from support import waiting
from support.gateway import REPOSITORY, fixture
from support.http1 import request
from support.messages import call
from support.sessions import legacy

UNIT = REPOSITORY / "units/mcp-gateway.service"


@pytest.fixture
def manager(tmp_path):
    """The manager's side of sd_notify(3): a datagram socket and what came through it, one string a message."""
    path = tmp_path / "notify"
    received: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(str(path))

        def read():
            while True:
                try:
                    data, ancillary, *_ = end.recvmsg(65536, socket.CMSG_SPACE(64))
                except OSError:
                    return
                # A barrier passes a descriptor and waits for it to be closed.
                for level, kind, payload in ancillary:
                    if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                        socket.close(int.from_bytes(payload[:4], "little"))
                received.append(data.decode())

        threading.Thread(target=read, daemon=True).start()
        yield str(path), received
        end.shutdown(socket.SHUT_RDWR)


def index_of(received, assignment) -> int | None:
    return next((n for n, message in enumerate(received) if assignment in message.split("\n")), None)


def test_ready_status_and_stopping_come_in_that_order(start, manager):
    path, received = manager
    with start({"fixture": fixture()}, environment={"NOTIFY_SOCKET": path}) as gateway:
        waiting.until(lambda: index_of(received, "READY=1") is not None, "READY=1")
        waiting.until(
            lambda: any("STATUS=" in message and "1/1" in message for message in received), "a status with 1/1"
        )
        gateway.signal(signal.SIGTERM)
        assert gateway.wait() == 0
        stopping = waiting.until(lambda: index_of(received, "STOPPING=1"), "STOPPING=1")
        assert index_of(received, "READY=1") < stopping


def test_ready_waits_for_a_required_server_and_not_for_others(start, manager):
    path, received = manager
    servers = {
        "needed": fixture("--start-delay", "1000", required=True),
        "hopeless": fixture("--hang-on-initialize"),
    }
    with start(servers, environment={"NOTIFY_SOCKET": path}) as gateway:
        assert index_of(received, "READY=1") is None
        assert asyncio.run(request(gateway.port, "GET", "/readyz")).status == 503
        waiting.until(lambda: index_of(received, "READY=1") is not None, "READY=1")
        assert asyncio.run(request(gateway.port, "GET", "/readyz")).status == 200


def test_ready_comes_all_the_same_when_a_required_server_has_used_up_its_start_time(start, manager):
    path, received = manager
    servers = {"needed": fixture("--hang-on-initialize", required=True, startTimeout="700ms")}
    with start(servers, environment={"NOTIFY_SOCKET": path}) as gateway:
        waiting.until(lambda: index_of(received, "READY=1") is not None, "READY=1")
        assert asyncio.run(request(gateway.port, "GET", "/readyz")).status == 503


def test_the_status_follows_a_server_that_fails(start, manager):
    path, received = manager

    async def crash(gateway):
        async with legacy(gateway) as session:
            await session.ask(call("1", "crash"))

    with start({"fixture": fixture()}, environment={"NOTIFY_SOCKET": path}) as gateway:
        waiting.until(lambda: any("1/1" in message for message in received), "a status with 1/1")
        asyncio.run(crash(gateway))
        waiting.until(
            lambda: any("STATUS=" in message and "0/1" in message for message in received), "a status with 0/1"
        )


def test_children_are_not_told_of_systemd(start, manager):
    """A child that inherited NOTIFY_SOCKET could say READY=1 in the gateway's name."""
    path, _ = manager

    async def use(gateway):
        async with legacy(gateway) as session:
            report = (await session.ask(call("1", "environment")))["result"]["content"][0]["text"]
            assert "NOTIFY_SOCKET" not in report

    with start({"fixture": fixture()}, environment={"NOTIFY_SOCKET": path}) as gateway:
        asyncio.run(use(gateway))


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
