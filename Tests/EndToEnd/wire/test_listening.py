"""Where the gateway listens: sockets that systemd passes, unix sockets, and what clients see of a restart."""

import asyncio
import contextlib
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from support import http1, messages, processes, waiting
from support.gateway import BINARY, PASSING_SOCKETS, configuration, fixture
from support.http1 import Connection, request
from support.messages import call, text_of
from support.sessions import BOTH, legacy

JSON = {"Content-Type": "application/json", "Accept": BOTH}


@pytest.fixture
def sockets(tmp_path):
    """Listening sockets by the names that their units give them: what systemd holds, whoever serves."""
    ends = {"http": socket.create_server(("127.0.0.1", 0), backlog=4096)}
    ends["local"] = socket.socket(socket.AF_UNIX)
    ends["local"].bind(str(tmp_path / "http.sock"))
    ends["local"].listen(4096)
    try:
        ends["http6"] = socket.create_server(("::1", 0), family=socket.AF_INET6, backlog=4096)
    except OSError:
        pass  # No IPv6 here.
    yield ends
    for end in ends.values():
        end.close()


async def ask_over(address, target: str = "/livez") -> http1.Response:
    """One request to a socket's address, of any family."""
    opened = (
        asyncio.open_unix_connection(address) if isinstance(address, str) else asyncio.open_connection(*address[:2])
    )
    connection = Connection(*await opened, port=0)
    try:
        await connection.start("GET", target, {"Host": "localhost"})
        async with asyncio.timeout(30):
            return await connection.read_response()
    finally:
        await connection.close()


def test_passed_sockets_are_served_and_addr_is_not_bound(start, sockets):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        addr = f"127.0.0.1:{taken.getsockname()[1]}"
        with start({"fixture": fixture()}, sockets=sockets, addr=addr) as gateway:
            for name, end in sockets.items():
                assert asyncio.run(ask_over(end.getsockname())).status == 200
                gateway.wait_for_log(f'the service manager passes it as "{name}"; addr is not used')


def test_children_inherit_no_passed_socket_and_know_of_none(start, sockets):
    async def use(gateway):
        async with legacy(gateway) as session:
            assert "LISTEN_" not in text_of(await session.ask(call("1", "environment")))

    with start({"fixture": fixture()}, sockets=sockets) as gateway:
        asyncio.run(use(gateway))
        listening = {f"socket:[{Path(f'/proc/self/fd/{end.fileno()}').stat().st_ino}]" for end in sockets.values()}

        def held(pid):
            found = set()
            for link in Path(f"/proc/{pid}/fd").iterdir():
                # What is closed while it is looked at is none of those.
                with contextlib.suppress(FileNotFoundError):
                    found.add(str(link.readlink()))
            return found & listening

        assert held(gateway.pid) == listening
        assert gateway.descendants()
        assert not [process for process in gateway.descendants() if held(process.pid)]


def test_something_else_than_a_listening_socket_is_an_error_that_names_it(tmp_path):
    file = tmp_path / "config.json"
    file.write_text('{"mcpServers": {}}')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        words = [str(end.fileno()), "datagrams", str(BINARY), "--config", str(file)]
        result = subprocess.run(
            [sys.executable, "-c", PASSING_SOCKETS, *words],
            pass_fds=[end.fileno()],
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert result.returncode == 78
    assert "datagrams" in result.stderr and "ListenStream=" in result.stderr


def test_several_addresses_are_listened_on_and_the_file_of_a_socket_goes_with_the_gateway(start, tmp_path):
    path = tmp_path / "http.sock"
    with start({"fixture": fixture()}, addr=["127.0.0.1:0", f"unix:{path}"]) as gateway:
        gateway.wait_for_log(re.escape(f"listening on unix:{path}"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert asyncio.run(ask_over(str(path))).status == 200
        assert asyncio.run(request(gateway.port, "GET", "/livez")).status == 200
    assert not path.exists()


def test_a_killed_gateways_socket_file_does_not_keep_the_next_one_from_listening(start, tmp_path):
    path = tmp_path / "http.sock"
    addresses = {"addr": ["127.0.0.1:0", f"unix:{path}"]}
    with start({}, **addresses) as gateway:
        gateway.process.kill()
        gateway.wait()
        gateway.expected_status = -signal.SIGKILL
    assert path.is_socket()
    with start({}, **addresses):
        assert asyncio.run(ask_over(str(path))).status == 200


def test_a_unix_socket_that_cannot_be_made_is_an_error_that_says_why(tmp_path):
    file = tmp_path / "config.json"
    for address, reason in [
        (f"unix:{tmp_path}/none/http.sock", "RuntimeDirectory="),
        (f"unix:{file}", "Address already in use"),
    ]:
        file.write_text(f'{{"mcpProxy": {{"addr": "{address}"}}, "mcpServers": {{}}}}')
        result = subprocess.run([BINARY, "--config", file], capture_output=True, text=True, timeout=30)
        assert result.returncode == 1
        assert f"cannot listen on {address}" in result.stderr and reason in result.stderr
        assert file.read_text()


class Hammer(threading.Thread):
    """A client that connects anew for each request, as fast as it can, and notes every connection that was not
    answered in full."""

    def __init__(self, address, request: bytes, expected: set[bytes], pause: float = 0):
        """`pause` is how long it hesitates after connecting and in the middle of each request, in seconds."""
        super().__init__(daemon=True)
        self.address = address
        self.request = request
        self.pause = pause
        self.expected = expected
        self.enough = threading.Event()
        self.answers = 0
        self.failures: list[str] = []

    def run(self) -> None:
        while not self.enough.is_set():
            try:
                answer = self.ask()
            except OSError as error:
                self.failures.append(repr(error))
            else:
                head, _, body = answer.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
                if head[9:12] in self.expected and length and len(body) == int(length[1]):
                    self.answers += 1
                else:
                    self.failures.append(repr(answer))

    def ask(self) -> bytes:
        with socket.socket(socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET) as end:
            end.settimeout(60)
            end.connect(self.address)
            if self.pause:
                time.sleep(self.pause)
                end.sendall(self.request[:40])
                time.sleep(self.pause)
                end.sendall(self.request[40:])
            else:
                end.sendall(self.request)
            answer = b""
            while piece := end.recv(65536):
                answer += piece
            return answer


class Keeper(Hammer):
    """The same over connections that are kept, until the answer says otherwise. A connection that was kept may end
    between two requests; the second is then sent again over another (RFC 9110 section 9.2.2, RFC 9112 section 9.3.1)."""

    end: socket.socket | None = None

    def ask(self) -> bytes:
        is_kept = self.end is not None
        if not is_kept:
            self.end = socket.create_connection(self.address, 60)
        try:
            self.end.sendall(self.request)
            answer = self.read_answer()
        except OSError:
            answer = b""
        if answer and b"connection: close" not in answer:
            return answer
        self.end.close()
        self.end = None
        return answer if answer or not is_kept else self.ask()

    def read_answer(self) -> bytes:
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = self.end.recv(65536)
            if not piece:
                return b""
            answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        missing = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1]) - len(body)
        while missing > 0 and (piece := self.end.recv(65536)):
            answer += piece
            missing -= len(piece)
        return answer


def post(path: str, body: str, *fields: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in JSON.items()), "", body]).encode()


def test_restarts_behind_a_passed_socket_refuse_no_connection_and_leave_no_request_unanswered(start, sockets):
    live = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
    closing = live.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    # A gateway that stops opens no session any more, and says so.
    opening = post("/fixture/mcp", messages.initialize(), "Connection: close")
    address, path = sockets["http"].getsockname(), sockets["local"].getsockname()
    clients = [
        Hammer(address, closing, {b"200"}),
        Hammer(path, closing, {b"200"}),
        Hammer(address, opening, {b"200", b"503"}),
        Hammer(path, opening, {b"200", b"503"}),
        Hammer(address, closing, {b"200"}, pause=0.05),
        Hammer(path, opening, {b"200", b"503"}, pause=0.05),
        Keeper(address, live, {b"200"}),
    ]
    try:
        for round in range(5):
            with start({"fixture": fixture()}, sockets=sockets) as gateway:
                if round == 0:
                    for client in clients:
                        client.start()
                before = [client.answers for client in clients]
                waiting.until(
                    lambda: all(client.answers >= was + 10 for client, was in zip(clients, before)) or failures(clients),
                    "ten more answers for each",
                    seconds=30,
                )
                gateway.signal(signal.SIGTERM)
    finally:
        for client in clients:
            client.enough.set()
    # Those who wait now are served by the last one.
    with start({"fixture": fixture()}, sockets=sockets):
        for client in clients:
            client.join(60)
    assert failures(clients) == []
    assert not any(client.is_alive() for client in clients)


def failures(clients: list[Hammer]) -> list[str]:
    return [failure for client in clients for failure in client.failures]
