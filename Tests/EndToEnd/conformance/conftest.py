"""A server with everything, reached directly and through the gateway, for each transport to servers."""

from dataclasses import dataclass

import pytest

from conftest import running
from features.upstreams import upstream
from sdk.peer import LINE
from support.gateway import FIXTURE_SERVER, Gateway, configuration, fixture
from support.interactive import interactive, interactive_over_stdio

ARGUMENTS = ("--page-size", "10", "--instructions", "Ask for anything.")


@dataclass
class Everything:
    transport: str
    block: dict
    gateway: Gateway

    def directly(self, **keys):
        if self.transport == "stdio":
            return interactive_over_stdio([str(FIXTURE_SERVER), *ARGUMENTS], **keys)
        port = int(self.block["url"].split(":")[2].split("/")[0])
        return interactive(port, "", "sse" if self.transport == "sse" else "mcp", **keys)

    def through_the_gateway(self, downstream: str, **keys):
        return interactive(self.gateway.port, "everything", downstream, **keys)


@pytest.fixture(scope="session", params=["stdio", "sse", "streamable-http"])
def everything(request):
    if request.param == "stdio":
        block = fixture(*ARGUMENTS)
        with running(configuration({"everything": block})) as gateway:
            yield Everything("stdio", block, gateway)
    else:
        with upstream(request.param) as block, running(configuration({"everything": block})) as gateway:
            yield Everything(request.param, block, gateway)


def pytest_report_header():
    return f"Python SDK {LINE}.x"
