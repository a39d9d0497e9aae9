"""Fixtures shared by all end-to-end tests."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from support import client_tap
from support.gateway import BINARY, FIXTURE_SERVER, Gateway, configuration
from support.recordings import Recordings
from support.tap import TAP

RECORDINGS = Recordings(TAP)
client_tap.install(TAP)


def pytest_sessionstart(session):
    for binary in (BINARY, FIXTURE_SERVER):
        if not binary.exists():
            pytest.exit(f"{binary} does not exist: `swift build` makes it, or set MCP_GATEWAY_BINARY", returncode=4)


# Of the first there are too many messages, the page has none, and the last is about real servers, which write nothing
# down. These suites run on their own.
UNHEARD = ("chaos", "page", "services")


def is_heard(item) -> bool:
    return item.path.parent.name not in UNHEARD


def pytest_collection_finish(session):
    """From here on servers write down what they hear and say, if anybody is to read it."""
    TAP.is_listening = any(map(is_heard, session.items))
    if TAP.is_listening:
        RECORDINGS.begin()


@pytest.fixture(autouse=True)
def the_gateway_keeps_to_the_schemas():
    """Every message that it sent to a client or a server in a test is what the schema of its revision says."""
    yield
    RECORDINGS.collect()
    TAP.assert_valid()


def pytest_sessionfinish(session):
    """What the gateway still said when the last test was over."""
    RECORDINGS.collect()
    RECORDINGS.end()
    if violations := TAP.take_violations():
        print("\n".join(map(str, violations)))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if TAP.judged:
        judged = [f"{count} to {receiver}s of {name}" for (name, receiver), count in sorted(TAP.judged.items())]
        terminalreporter.write_line(f"messages held against their schemas: {', '.join(judged)}")


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
