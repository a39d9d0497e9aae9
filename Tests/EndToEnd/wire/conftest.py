import socket

import pytest

from support.manager import Manager
from support.sessions import TRANSPORTS


@pytest.fixture(params=TRANSPORTS)
def transport(request):
    """Opens an initialized session over one of the two transports."""
    return TRANSPORTS[request.param]


@pytest.fixture
def manager(tmp_path):
    """A service manager that listens."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(str(path))
        yield Manager(end, path)
        end.shutdown(socket.SHUT_RDWR)
