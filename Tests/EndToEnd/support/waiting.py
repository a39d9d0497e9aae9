"""Waiting for a condition of the outside world, which sends no event."""

import asyncio
import time
from collections.abc import Callable


def until(condition: Callable[[], object], what: str, seconds: float = 10) -> object:
    """The condition's first true value; fails, saying `what` was waited for, when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.01)


async def until_async(condition: Callable[[], object], what: str, seconds: float = 10) -> object:
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        await asyncio.sleep(0.01)
