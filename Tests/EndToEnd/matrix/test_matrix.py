"""Every client with every server: each feature is there, or stands in the list of what cannot be, and then is not."""

import pytest

from matrix import script  # noqa: F401
from matrix.cell import FEATURES
from matrix.expectations import NOT_CARRIED, UNBRIDGEABLE, UNKNOWN, gap
from matrix.page import PAGE, render
from matrix.peers import CLIENTS, SERVERS


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.name)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: f"{client.transport}-{client.revision}")
def test_33_115_116_117_118_119_120_124_125_126_127_130_all_that_can_be_is_there(seen, client, server):
    assert seen[client, server].keys() == FEATURES.keys(), "the script was not played to its end"
    wrong = []
    for key, result in seen[client, server].items():
        expected = "missing" if gap(key, client, server) else "works"
        if result["outcome"] != expected:
            wrong.append(f"{key} is {result['outcome']}, not as expected {expected}: {result['note']}")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("one", UNKNOWN + UNBRIDGEABLE + NOT_CARRIED, ids=lambda one: one.feature)
def test_the_list_says_nothing_that_no_cell_is_about(one):
    assert one.feature in FEATURES
    found = [gap(one.feature, client, server) for client in CLIENTS for server in SERVERS]
    assert one in [entry[1] for entry in found if entry]


def test_the_page_says_what_was_seen(seen, request):
    page = render(seen)
    if request.config.getoption("--write-compatibility"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page, "docs/compatibility.md says something else: run scripts/compatibility.sh"
