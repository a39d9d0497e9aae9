"""Servers that listen on a port, started and stopped by tests."""

import random
import socket
import subprocess
import time
from contextlib import contextmanager


def free_port() -> int:
    """Below those that the system gives to clients: whoever keeps trying to connect to such a port of its own machine
    before anybody listens can be given the same one, and is then connected to itself."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until_open(process: subprocess.Popen, port: int, what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_open(port):
        if (status := process.poll()) is not None:
            raise AssertionError(f"{what} ended with status {status} before it listened on port {port}")
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} does not listen on port {port} after {seconds} s")
        time.sleep(0.02)


@contextmanager
def listening(command: list, port: int, **keys):
    """A program that runs until the end of the block, from when it takes connections on that port."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **keys)
    try:
        wait_until_open(process, port, str(command[0]))
        yield process
    finally:
        process.kill()
        process.wait()
