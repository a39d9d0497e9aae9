import pytest

from conftest import running
from support.client import DOWNSTREAMS, connect
from features.upstreams import UPSTREAMS, upstream
from sdk.peer import LINE
from support.gateway import configuration

# The second block is of the same server, for calls that are given up.
IMPATIENT = {"callTimeout": "300ms"}


@pytest.fixture(scope="session", params=UPSTREAMS)
def block(request):
    """The feature server's block of the configuration, for one transport after the other."""
    with upstream(request.param) as block:
        yield block


@pytest.fixture(scope="session")
def gateway(block):
    """One gateway for all tests of an upstream transport, as it is in life."""
    with running(configuration({"features": block, "impatient": block | IMPATIENT})) as gateway:
        yield gateway


@pytest.fixture(params=[*DOWNSTREAMS, "stdio"])
def downstream(request):
    return request.param


@pytest.fixture
def client(gateway, downstream):
    """client(): a context manager around an initialized session; client("impatient") at the other server."""
    return lambda name="features", **keys: connect(gateway, name, downstream, **keys)


def pytest_collection_modifyitems(config, items):
    """`mcp-gateway connect` knows nothing of how the gateway reaches its servers: one way is enough."""

    def is_needed(item) -> bool:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        is_bridged = params.get("downstream") == "stdio"
        # What a client costs that does not read is a matter of HTTP.
        return not is_bridged or params.get("block") == "stdio" and item.path.name != "test_slow_readers.py"

    unneeded = [item for item in items if not is_needed(item)]
    items[:] = [item for item in items if is_needed(item)]
    config.hook.pytest_deselected(items=unneeded)


def pytest_report_header():
    return f"Python SDK {LINE}.x"
