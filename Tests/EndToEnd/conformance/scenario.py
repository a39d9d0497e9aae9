"""The scenarios of the official conformance suite for servers at 2025-11-25, by the suite's names."""

SCENARIOS = {}


def scenario(name: str):
    """Marks a function of a client that makes the suite's checks. It knows nothing of what is between the client and
    the server."""

    def add(function):
        SCENARIOS[name] = function
        return function

    return add


async def walk(client, method: str, key: str) -> list[dict]:
    """The whole list, page by page."""
    page = await client.result(method)
    found = page[key]
    while cursor := page.get("nextCursor"):
        page = await client.result(method, cursor=cursor)
        found = found + page[key]
    return found
