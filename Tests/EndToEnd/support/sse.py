"""Server-sent events, read strictly: what a browser would ignore is kept for tests to look at."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class Event:
    name: str = "message"
    data: list[str] = field(default_factory=list)
    id: str | None = None
    retry: int | None = None
    comments: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.data)


async def events(pieces: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """One event for each block of lines up to an empty one, comment blocks included."""
    pending = b""
    event = Event()
    async for piece in pieces:
        pending += piece
        *lines, pending = pending.split(b"\n")
        for line in lines:
            text = line.removesuffix(b"\r").decode()
            if text == "":
                if event != Event():
                    yield event
                event = Event()
                continue
            name, _, value = text.partition(":")
            value = value.removeprefix(" ")
            if name == "":
                event.comments.append(value)
            elif name == "event":
                event.name = value
            elif name == "data":
                event.data.append(value)
            elif name == "id":
                event.id = value
            elif name == "retry":
                event.retry = int(value)
