import pytest

from support.sessions import TRANSPORTS


@pytest.fixture(params=TRANSPORTS)
def transport(request):
    """Opens an initialized session over one of the two transports."""
    return TRANSPORTS[request.param]
