"""Plays the script in cells of one column, with clients of the line of the SDK that this Python has:

    python -m matrix.player PORT SERVER DIARY REVISION...

What came of each feature is a line of JSON on stdout: `works` with a word on its shape, `missing` with the reason that
was given, or `broken` with what went wrong."""

import asyncio
import contextlib
import json
import logging
import sys
import traceback
from importlib.metadata import version
from pathlib import Path

from matrix import script  # noqa: F401
from matrix.cell import FEATURES, Cell
from matrix.expectations import gap
from matrix.face import Diary, Missing
from matrix.peers import CLIENTS, SERVERS, SPARE

if int(version("mcp").split(".")[0]) >= 2:
    from matrix.line2 import connect
else:
    from matrix.line1 import connect

# Of a feature that is expected, and of one that is not.
PATIENCE = (20, 0.4)


async def play(feature, cell: Cell) -> tuple[str, str | None]:
    try:
        async with asyncio.timeout(40):
            return "works", await feature.play(cell)
    except Exception as error:
        if missing := missing_in(error):
            return "missing", str(missing)
        return "broken", "".join(traceback.format_exception(error))


def missing_in(error: BaseException) -> Missing | None:
    """Connections wrap what ends them."""
    if isinstance(error, BaseExceptionGroup):
        return next((found for one in error.exceptions if (found := missing_in(one))), None)
    return error if isinstance(error, Missing) else None


async def play_cell(port: int, client, server, diary: Diary) -> None:
    def connection(answering: bool = True, spare: bool = False):
        url = f"http://127.0.0.1:{port}/{server.name}{SPARE if spare else ''}"
        return connect(url, client.transport, client.revision, answering)

    async with contextlib.AsyncExitStack() as stack:
        async with asyncio.timeout(60):
            face = await stack.enter_async_context(connection())
        cell = Cell(client, server, port, diary, connection, face)
        for feature in FEATURES.values():
            cell.patience = PATIENCE[gap(feature.key, client, server) is not None]
            outcome, note = await play(feature, cell)
            line = {"client": client.revision, "feature": feature.key, "outcome": outcome, "note": note}
            print(json.dumps(line), flush=True)


def main() -> None:
    port, name, diary, *revisions = sys.argv[1:]
    # The SDK complains of tools that it has not seen in a list.
    logging.disable(logging.WARNING)
    (server,) = [server for server in SERVERS if server.name == name]
    for client in CLIENTS:
        if client.revision in revisions:
            asyncio.run(play_cell(int(port), client, server, Diary(Path(diary))))


if __name__ == "__main__":
    main()
