"""The matrix is played once for all tests here."""

import pytest

from matrix.page import summary
from matrix.playing import play_everything

SEEN = pytest.StashKey()


def pytest_addoption(parser):
    parser.addoption("--write-compatibility", action="store_true", help="write docs/compatibility.md")


@pytest.fixture(scope="session")
def seen(request):
    seen = request.config.stash[SEEN] = play_everything()
    return seen


def pytest_terminal_summary(terminalreporter, config):
    if SEEN in config.stash:
        terminalreporter.section("every client with every server")
        terminalreporter.write(summary(config.stash[SEEN]))
