"""One cell of the matrix, as the script sees it, and the list of what is in the script."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from matrix.face import Diary, Face, Missing, Refused
from matrix.peers import Client, Server


@dataclass
class Cell:
    client: Client
    server: Server
    port: int
    diary: Diary
    # connect(answering, spare): another client of the same kind. Unless it is `answering` it declares nothing; `spare`
    # is at another instance of the server.
    connect: Callable
    face: Face
    # Seconds until something counts as not coming: few where nothing is expected.
    patience: float = 20

    async def tools(self, face: Face | None = None) -> dict[str, dict]:
        return {tool["name"]: tool for tool in await self.everything("tools/list", "tools", face)}

    async def everything(self, method: str, key: str, face: Face | None = None) -> list[dict]:
        """A whole list, page by page."""
        items, cursor = [], None
        while True:
            page = await (face or self.face).ask(method, {} if cursor is None else {"cursor": cursor})
            items += page[key]
            cursor = page.get("nextCursor")
            if cursor is None:
                return items

    async def refusal(self, method: str, params: dict) -> Refused:
        try:
            result = await self.face.ask(method, params)
        except Refused as refused:
            return refused
        raise AssertionError(f"there was a result: {result}")


@dataclass(frozen=True)
class Feature:
    key: str
    title: str
    play: Callable[[Cell], Awaitable[str | None]]


FEATURES: dict[str, Feature] = {}


def feature(title: str):
    """Puts a function into the script. It returns if the feature is there, with a word on its shape if that is another
    than the server's; it raises `Missing` if it is not there, in order, and anything else if something is wrong."""

    def add(play):
        FEATURES[play.__name__] = Feature(play.__name__, title, play)
        return play

    return add


__all__ = ["FEATURES", "Cell", "Feature", "Missing", "Refused", "feature"]
