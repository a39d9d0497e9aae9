"""What the gateway says about its servers."""

import asyncio
import json

from support import http1


async def servers(gateway) -> dict[str, dict]:
    response = await http1.request(gateway.port, "GET", "/healthz")
    return {server["name"]: server for server in json.loads(response.text)["servers"]}


def is_well(server: dict) -> bool:
    return server["ready"] and server["health"]["level"] == "healthy"


async def until_all_are_well(gateway, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not all(is_well(server) for server in (await servers(gateway)).values()):
            await asyncio.sleep(0.05)


async def seconds_until(gateway, name: str, condition, what: str, seconds: float) -> float:
    """How long it took until `condition` was true of that server; fails with all that was seen when it takes longer."""
    loop = asyncio.get_running_loop()
    start, seen = loop.time(), []
    while True:
        server = (await servers(gateway))[name]
        elapsed = loop.time() - start
        if condition(server):
            return elapsed
        if not seen or seen[-1] != (server["phase"], server["health"]):
            seen.append((server["phase"], server["health"]))
        assert elapsed < seconds, f"{name} was not {what} within {seconds} s, but {seen}"
        await asyncio.sleep(0.02)
