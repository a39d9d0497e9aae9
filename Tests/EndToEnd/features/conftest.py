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


@pytest.fixture(params=DOWNSTREAMS)
def downstream(request):
    return request.param


@pytest.fixture
def client(gateway, downstream):
    """client(): a context manager around an initialized session; client("impatient") at the other server."""
    return lambda name="features", **keys: connect(gateway, name, downstream, **keys)


def pytest_report_header():
    return f"Python SDK {LINE}.x"
