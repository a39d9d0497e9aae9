"""What is missing where, and why: a closed list. What stands here has to be missing, and nothing else may be."""

from collections.abc import Callable
from dataclasses import dataclass

from matrix.peers import Client, Server


@dataclass(frozen=True)
class Gap:
    feature: str
    # As it stands in the page.
    clients: str
    servers: str
    reason: str
    concerns: Callable[[Client, Server], bool]


# One of the two sides has no such thing in its revision, so that nothing could be carried.
UNKNOWN = (
    Gap(
        "elicitation_form", "of before 2025-06-18", "all", "Elicitation came with 2025-06-18.",
        lambda client, server: client.revision < "2025-06-18",
    ),
    Gap(
        "elicitation_url", "of before 2025-11-25", "all", "URLs came to elicitation with 2025-11-25.",
        lambda client, server: client.revision < "2025-11-25",
    ),
    Gap(
        "structured_list", "all", "legacy", "Until 2025-11-25 structured output is an object.",
        lambda client, server: not server.modern,
    ),
    Gap(
        "url_required", "all", "modern", "2026-07-28 asks for the URL instead of failing.",
        lambda client, server: server.modern,
    ),
    Gap(
        "question_of_no_call", "all", "modern", "A server of 2026-07-28 asks only in the course of a request.",
        lambda client, server: server.modern,
    ),
    Gap(
        "log_of_no_call", "all", "modern", "A server of 2026-07-28 logs only in the course of a request that wants it.",
        lambda client, server: server.modern,
    ),
    Gap(
        "roots_changed", "modern", "modern", "2026-07-28 has no such notification.",
        lambda client, server: client.modern and server.modern,
    ),
    Gap(
        "progress_of_the_client", "modern", "modern", "In 2026-07-28 only servers report progress.",
        lambda client, server: client.modern and server.modern,
    ),
    Gap(
        "elicitation_complete", "of before 2025-11-25, or any", "all, or modern",
        "URLs came to elicitation with 2025-11-25, and 2026-07-28 has no such notification.",
        lambda client, server: client.revision < "2025-11-25" or server.modern,
    ),
    Gap(
        "list_of_the_connection", "all", "modern", "For a server of 2026-07-28 there are no connections.",
        lambda client, server: server.modern,
    ),
    Gap(
        "resumption", "HTTP+SSE", "all", "HTTP+SSE has no ids of events: whoever loses the stream has lost the session.",
        lambda client, server: client.transport == "sse",
    ),
    Gap(
        "tasks", "of before 2025-11-25", "all", "Tasks came with 2025-11-25.",
        lambda client, server: client.revision < "2025-11-25",
    ),
)  # fmt: skip

# One side has it and the other cannot be given it.
UNBRIDGEABLE = (
    Gap(
        "question_of_no_call", "modern", "legacy",
        "A client of 2026-07-28 is asked by the answer to a request of its own. Where there is no request, nothing leads"
        " to it. The server gets an error.",
        lambda client, server: client.modern and not server.modern,
    ),
    Gap(
        "log_of_no_call", "modern", "legacy",
        "Such a client gets log messages on the stream of a request that wanted them, and must not get them elsewhere."
        " The message is dropped.",
        lambda client, server: client.modern and not server.modern,
    ),
    Gap(
        "roots_changed", "one of them modern", "the other legacy",
        "2026-07-28 has no such notification: a client of it cannot send it, and a server of it cannot take it. A server"
        " of it asks for the roots whenever it needs them.",
        lambda client, server: client.modern != server.modern,
    ),
    Gap(
        "resumption", "modern", "all",
        "2026-07-28 has neither sessions nor ids of events. A lost connection cancels its request, and the client has to"
        " ask anew.",
        lambda client, server: client.modern,
    ),
    Gap(
        "elicitation_complete", "modern", "legacy",
        "2026-07-28 has no such notification. The client says itself that the URL was visited, when it asks again.",
        lambda client, server: client.modern and not server.modern,
    ),
    Gap(
        "progress_of_the_client", "one of them modern", "the other legacy",
        "In 2026-07-28 a client answers what it is asked with its next request, and has nothing to report progress with."
        " So the server's progress token is not passed on to it, nor has a server of it one to pass on.",
        lambda client, server: client.modern != server.modern,
    ),
    Gap(
        "tasks", "one of 2025-11-25 and modern", "of the other",
        "The tasks of 2025-11-25 were an experiment; those of 2026-07-28 are an extension that shares their name and no"
        " message. Neither can be told as the other.",
        lambda client, server: client.revision >= "2025-11-25" and client.modern != server.modern,
    ),
    Gap(
        "list_of_the_connection", "modern", "legacy",
        "A server that shows more tools once somebody has logged in ties them to a connection. Clients of 2026-07-28"
        " have none; those of one token share what the server has for them, or each call gets what is free.",
        lambda client, server: client.modern and not server.modern,
    ),
    Gap(
        "batches", "all but 2025-03-26", "all",
        "Only 2025-03-26 has batches over HTTP. Of every other client one is refused with -32600. Servers never get one:"
        " the gateway takes it apart.",
        lambda client, server: client.revision != "2025-03-26",
    ),
)  # fmt: skip


# Both sides may have it, and the gateway does not carry it.
NOT_CARRIED = (
    Gap(
        "tasks", "2025-11-25; modern", "legacy; modern",
        "Nobody is told of a capability for tasks, and their requests are unknown methods (-32601).",
        lambda client, server: client.revision >= "2025-11-25" and client.modern == server.modern,
    ),
)  # fmt: skip


def gap(feature: str, client: Client, server: Server) -> tuple[str, Gap] | None:
    """Why a feature has to be missing in a cell, and the mark that says so in the table."""
    for mark, gaps in (("–", UNKNOWN), ("✗", UNBRIDGEABLE), ("○", NOT_CARRIED)):
        for one in gaps:
            if one.feature == feature and one.concerns(client, server):
                return mark, one
    return None
