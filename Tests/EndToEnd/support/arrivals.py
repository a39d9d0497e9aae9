"""Messages in the order they came, and waiting for one of them."""

import asyncio
import json


class Arrivals:
    """`received` keeps every message's text, `answered` those that answer a request, decoded."""

    def __init__(self):
        self.received: list[str] = []
        self.answered: list[dict] = []
        self.arrival = asyncio.Condition()
        # Reads what arrives on a stream; when it is done, nothing more will.
        self.reading: asyncio.Task | None = None
        # Given each request of the server's.
        self.on_request = None

    async def arrived(self, text: str) -> None:
        async with self.arrival:
            self.received.append(text)
            message = json.loads(text)
            if "method" not in message:
                self.answered.append(message)
            self.arrival.notify_all()
        if self.on_request and "method" in message and "id" in message:
            self.on_request(message)

    async def ended(self) -> None:
        async with self.arrival:
            self.arrival.notify_all()

    async def wait_for(self, wanted, seconds: float = 30) -> dict:
        """The first message, decoded, for which `wanted` is true."""
        seen = 0
        async with asyncio.timeout(seconds), self.arrival:
            while True:
                for text in self.received[seen:]:
                    message = json.loads(text)
                    if wanted(message):
                        return message
                seen = len(self.received)
                assert not self.reading.done(), f"the stream ended; received {self.received[-3:]}"
                await self.arrival.wait()

    async def wait_for_answers(self, count: int, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds), self.arrival:
            await self.arrival.wait_for(lambda: len(self.answered) >= count or self.reading.done())
        assert len(self.answered) >= count, f"the stream ended after {len(self.answered)} answers"

    def answers(self, id) -> list[dict]:
        """Every answer to the request of that id: there should be one."""
        return [message for message in self.answered if same_id(message.get("id"), id)]


def same_id(one, other) -> bool:
    """1 and "1" are two ids, and so are 1 and True for Python's sake."""
    return type(one) is type(other) and one == other
