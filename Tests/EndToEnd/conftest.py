"""Fixtures shared by all end-to-end tests."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.gateway import BINARY, FIXTURE_SERVER, Gateway, configuration


def pytest_sessionstart(session):
    for binary in (BINARY, FIXTURE_SERVER):
        if not binary.exists():
            pytest.exit(f"{binary} does not exist: `swift build` makes it, or set MCP_GATEWAY_BINARY", returncode=4)


@contextmanager
def running(config: dict, **keys):
    with tempfile.TemporaryDirectory(prefix="mcp-gateway-") as directory:
        gateway = Gateway(config, Path(directory), **keys)
        try:
            gateway.wait_until_listening()
            yield gateway
        except BaseException:
            gateway.process.kill()
            gateway.wait()
            print(gateway.log)
            raise
        gateway.finish()


@pytest.fixture
def start():
    """start(servers, **mcpProxy): a context manager around a running gateway that must end cleanly."""
    return lambda servers, environment=None, sockets=None, **proxy: running(
        configuration(servers, **proxy), environment=environment, sockets=sockets
    )
