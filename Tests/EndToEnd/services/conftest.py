"""The whole environment once, and one gateway with one configuration in front of all of it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import running
from environment.environment import Environment
from sdk.peer import LINE
from support.forwarder import Forwarder
from support.gateway import Gateway

# Those that are lost in every way. Playwright's could not be: it wants to be addressed by its own port.
FAILING = ("postgres", "features-sse", "features-http")

# Quick to notice and quick to come back, so that a test need not wait for it; and as often as it likes.
WATCHED = {
    "probe": {"interval": "1s", "timeout": "1s"},
    "restart": {"initial": "100ms", "max": "500ms", "window": "1s", "attempts": 10_000},
    "callTimeout": "4s",
    "stopTimeout": "500ms",
}


@dataclass
class Setting:
    environment: Environment
    gateway: Gateway
    # Between the gateway and each server that is to fail.
    forwarders: dict[str, Forwarder]

    def need(self, *names: str) -> None:
        """Skips the test, with the reason, where one of these servers cannot be had."""
        for name in names:
            if name in self.environment.skipped:
                pytest.skip(f"{name}: {self.environment.skipped[name]}")

    @property
    def page_url(self) -> str:
        return f"http://127.0.0.1:{self.environment.page.port}/page.html"

    @property
    def files(self) -> Path:
        return self.environment.directory / "files"


@pytest.fixture(scope="session")
def setting():
    with tempfile.TemporaryDirectory(prefix="mcp-gateway-services-", ignore_cleanup_errors=True) as directory:
        environment = Environment(Path(directory))
        environment.start()
        forwarders = {
            name: Forwarder(environment.services[name].program.port)
            for name in FAILING
            if name in environment.services
        }
        try:
            with running(configuration(environment, forwarders)) as gateway:
                yield Setting(environment, gateway, forwarders)
        finally:
            for forwarder in forwarders.values():
                forwarder.close()
            environment.stop()


def configuration(environment: Environment, forwarders: dict[str, Forwarder]) -> dict:
    """The environment's own, by way of the forwarders."""
    config = environment.configuration("127.0.0.1:0")
    for name, service in environment.services.items():
        block = config["mcpServers"][name] | WATCHED
        if name in forwarders:
            block["url"] = block["url"].replace(f":{service.program.port}/", f":{forwarders[name].port}/")
        config["mcpServers"][name] = block
    return config


def pytest_report_header():
    return f"Python SDK {LINE}.x"
