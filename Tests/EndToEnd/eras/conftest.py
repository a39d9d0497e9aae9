"""Clients of MCP 2026-07-28, the official SDK's, in front of servers of earlier revisions. Needs the 2.x line."""

import pytest

from conftest import running
from features.upstreams import UPSTREAMS, upstream
from support.gateway import configuration


@pytest.fixture(scope="session", params=UPSTREAMS)
def gateway(request):
    """A gateway with the feature server behind each transport; `own` gives each session an instance of its own."""
    with upstream(request.param) as block:
        with running(configuration({"features": block})) as gateway:
            # A client that has to wait long for the answer to its first question takes the server for one of before.
            gateway.wait_for_log("features: server ready", seconds=60)
            yield gateway
