import pytest

from sdk.peer import LINE, TRANSPORTS


@pytest.fixture(params=TRANSPORTS)
def transport(request):
    return request.param


def pytest_report_header():
    return f"Python SDK {LINE}.x"
