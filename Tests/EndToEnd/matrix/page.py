"""`docs/compatibility.md`, made of what was seen."""

import re

from matrix.cell import FEATURES
from matrix.expectations import NOT_CARRIED, UNBRIDGEABLE, UNKNOWN, Gap, gap
from matrix.peers import CLIENTS, SERVERS, Client, Server
from matrix.playing import END_TO_END, Seen
from support.gateway import REPOSITORY

PAGE = REPOSITORY / "docs" / "compatibility.md"
MARKS = ("✓", "≈", "–", "✗", "○")

OPENING = """\
# Compatibility

Any client reaches any server: this is what each of 25 pairs was seen to do, feature by feature, with one script for all of them. `scripts/compatibility.sh` writes this page from what the tests in `Tests/EndToEnd/matrix` see; the gate plays the matrix anew, and fails where this page says something else.

*Modern* means MCP 2026-07-28, *legacy* all revisions before. The clients of a row and the servers of a column are made of the official Python SDK, so that a gateway stands between two programs that are not of its authors:
"""

MIDDLE = """\
A client of the 1.x line would open every session as of 2025-11-25. Its handshake is therefore made by hand, with the revision wanted and what a client of that revision can declare; all else is the SDK's. Two things no client of the SDK does, so they are done over plain HTTP: losing a connection in the middle of an answer, and sending a batch. The servers are one program, `Tests/EndToEnd/servers/feature_server.py`; the modern ones refuse everything of before 2026-07-28. The gateway finds out by itself what each of them speaks. In its configuration the legacy ones have `"interactive": true`, since they ask their clients outside of calls too.

## The table

✓ works · ≈ works, in a shape that the client's revision knows: [below](#other-shapes) · – one of the two sides has no such thing in its revision: [below](#what-one-side-does-not-know) · ✗ cannot be carried from one side to the other: [below](#what-cannot-be-bridged) · ○ [is not carried](#what-is-not-carried)

How many of the {count} features are which, in each cell:
"""

SHAPES = """\
## Other shapes

What a client is given where its revision does not have what the server says (≈).
"""

UNBRIDGED = """\
## What cannot be bridged

By nature: one side has it, and the other has no place for it in its revision (✗). Whoever tries is told so in order, as far as there is anybody to tell. The tests have this list, and fail as well when something on it works after all.
"""

LEFT_OUT = """\
## What is not carried

Both sides may have it, and could have it with each other; the gateway does not let it pass (○).
"""

NOT_KNOWN = """\
## What one side does not know

There is nothing to bridge here (–). That nothing comes is tested all the same, and that the other side is told so.
"""

LIMITS = """\
## What depends on more than the pair

- Log messages of a modern server over stdio do not say to which call they belong. They reach the client whose calls alone are in flight, and for half a minute after somebody's call was cancelled nobody else's; the same is true of a legacy server that several clients share. See [architecture.md](architecture.md#many-clients-on-one-connection).
- News of a legacy server that asks its clients, such as changes of its lists, reach modern clients from the instance that all share. What another instance, which a call has borrowed, says of itself alone does not concern them.
- Who is asked when a legacy server serves several clients is told in [configuration.md](configuration.md#mcpserversnameisolation).
"""


def mark(feature: str, client: Client, server: Server, result: dict) -> str:
    if found := gap(feature, client, server):
        return found[0] if result["outcome"] == "missing" else "!"
    if result["outcome"] != "works":
        return "!"
    return "≈" if result["note"] else "✓"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def sdk(line: int) -> str:
    pins = (END_TO_END / f"requirements-mcp{line}.txt").read_text()
    return f"Python SDK {re.search(r'^mcp==(.+)$', pins, re.MULTILINE).group(1)}"


def peers() -> str:
    clients = [[client.title, sdk(client.line)] for client in CLIENTS]
    servers = [[server.title, sdk(server.line)] for server in SERVERS]
    return f"{table(['client', 'made of'], clients)}\n{table(['server', 'made of'], servers)}"


def summary(seen: Seen) -> str:
    def cell(client, server):
        results = seen[client, server]
        marks = [mark(feature, client, server, results[feature]) for feature in FEATURES]
        return " ".join(f"{marks.count(one)}{one}" for one in (*MARKS, "!") if one in marks)

    rows = [[client.title, *(cell(client, server) for server in SERVERS)] for client in CLIENTS]
    return table(["client \\ server", *(server.title for server in SERVERS)], rows)


def tables(seen: Seen) -> str:
    parts = []
    for client in CLIENTS:
        rows = [
            [feature.title, *(mark(key, client, server, seen[client, server][key]) for server in SERVERS)]
            for key, feature in FEATURES.items()
        ]
        head = ["", *(server.title for server in SERVERS)]
        parts.append(f"### Clients of {client.title}\n\n{table(head, rows)}")
    return "\n".join(parts)


def named(servers: list[Server]) -> str:
    for word, those in (
        ("all", SERVERS),
        ("legacy", [server for server in SERVERS if not server.modern]),
        ("modern", [server for server in SERVERS if server.modern]),
    ):
        if servers == list(those):
            return word
    return "; ".join(server.title for server in servers)


def shapes(seen: Seen) -> str:
    found: dict[tuple[str, str], dict[Client, list[Server]]] = {}
    for key in FEATURES:
        for client in CLIENTS:
            for server in SERVERS:
                result = seen[client, server][key]
                if mark(key, client, server, result) == "≈":
                    found.setdefault((key, result["note"]), {}).setdefault(client, []).append(server)
    rows = []
    for (key, note), where in found.items():
        servers = {named(those) for those in where.values()}
        clients = ", ".join(client.revision for client in where)
        rows.append([FEATURES[key].title, clients, " or ".join(sorted(servers)), note])
    return table(["", "clients", "servers", "what comes"], rows)


def reasons(gaps: tuple[Gap, ...]) -> str:
    rows = [[FEATURES[one.feature].title, one.clients, one.servers, one.reason] for one in gaps]
    return table(["", "clients", "servers", "why"], rows)


def render(seen: Seen) -> str:
    parts = [
        OPENING, peers(), MIDDLE.format(count=len(FEATURES)), summary(seen), tables(seen), SHAPES, shapes(seen),
        UNBRIDGED, reasons(UNBRIDGEABLE), LEFT_OUT, reasons(NOT_CARRIED), NOT_KNOWN, reasons(UNKNOWN), LIMITS,
    ]  # fmt: skip
    return "\n".join(parts)
