"""The whole environment once, and one gateway with one configuration in front of all of it."""

import asyncio
import signal
import tempfile
from pathlib import Path

import pytest

from conftest import running
from environment.environment import Environment
from sdk.peer import LINE
from services.health import until_all_are_well
from support.forwarder import Forwarder
from support.gateway import Gateway

# Those that are lost in every way. Playwright's could not be: it wants to be addressed by its own port.
FAILING = ("postgres", "features-sse", "features-http")

# And those that the gateway starts.
CHILDREN = ("fetch", "filesystem")

PROBE, PROBE_TIMEOUT, CALL_TIMEOUT = 1, 2, 5

# Quick to notice and quick to come back, so that a test need not wait for it; and as often as it likes. The others, a
# browser among them, may take their time on a busy machine, for nobody is to notice anything there.
WATCHED = {
    "probe": {"interval": f"{PROBE}s", "timeout": f"{PROBE_TIMEOUT}s"},
    "restart": {"initial": "100ms", "max": "500ms", "window": "1s", "attempts": 10_000},
    "callTimeout": f"{CALL_TIMEOUT}s",
    "stopTimeout": "500ms",
}


class Setting:
    """`forwarders` are between the gateway and each server that is to fail."""

    def __init__(self, environment: Environment, forwarders: dict[str, Forwarder]):
        self.environment = environment
        self.forwarders = forwarders
        self.gateway: Gateway | None = None
        self.running = None

    def start_gateway(self) -> None:
        self.running = running(configuration(self.environment, self.forwarders))
        self.gateway = self.running.__enter__()
        asyncio.run(until_all_are_well(self.gateway))

    def stop_gateway(self) -> None:
        """It must end cleanly."""
        self.running.__exit__(None, None, None)

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
    # Told to end, pytest would leave everything running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="mcp-gateway-services-", ignore_cleanup_errors=True) as directory:
        environment = Environment(Path(directory))
        environment.start()
        forwarders = {
            name: Forwarder(environment.services[name].program.port)
            for name in FAILING
            if name in environment.services
        }
        try:
            setting = Setting(environment, forwarders)
            setting.start_gateway()
            yield setting
            setting.stop_gateway()
        finally:
            for forwarder in forwarders.values():
                forwarder.close()
            environment.stop()


def configuration(environment: Environment, forwarders: dict[str, Forwarder]) -> dict:
    """The environment's own, by way of the forwarders."""
    config = environment.configuration("127.0.0.1:0")
    for name in FAILING + CHILDREN:
        if name in environment.services:
            config["mcpServers"][name] |= WATCHED
    for name, forwarder in forwarders.items():
        block, port = config["mcpServers"][name], environment.services[name].program.port
        block["url"] = block["url"].replace(f":{port}/", f":{forwarder.port}/")
        # A connection that is made while nothing gets through has to be given up some time.
        block["startTimeout"] = "3s"
    return config


def pytest_report_header():
    return f"Python SDK {LINE}.x"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.has_failed = getattr(item, "has_failed", False) or report.failed
    return report


@pytest.fixture(autouse=True)
def fresh_after_a_failure(setting, request):
    """What the gateway has logged in a test that fails is shown with it, and the next test begins with a new one."""
    before = len(setting.gateway.lines)
    yield
    if request.node.has_failed:
        print("\n".join(setting.gateway.lines[before:][-200:]))
        setting.stop_gateway()
        setting.start_gateway()
