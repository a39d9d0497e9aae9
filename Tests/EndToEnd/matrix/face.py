"""A client of the official SDK, whichever line, as the script sees it: JSON in, JSON out."""

import asyncio
import json
from pathlib import Path


class Refused(Exception):
    """A JSON-RPC error came instead of a result."""

    def __init__(self, code: int, message: str, data=None):
        super().__init__(f"{code} {message} {json.dumps(data) if data is not None else ''}".strip())
        self.code, self.message, self.data = code, message, data


class Missing(Exception):
    """The feature is not there, and everybody concerned was told so in order."""


class Diary:
    """What the servers noted down."""

    def __init__(self, path: Path):
        self.path = path

    @property
    def entries(self) -> list[dict]:
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def length(self) -> int:
        return len(self.entries)

    def find(self, kind: str, wanted, since: int = 0) -> dict | None:
        return next((entry for entry in self.entries[since:] if entry["kind"] == kind and wanted(entry)), None)

    async def entry(self, kind: str, wanted, seconds: float, since: int = 0) -> dict:
        """Waits for it, after the first `since`; `Missing` if it does not come."""
        try:
            async with asyncio.timeout(seconds):
                while not (entry := self.find(kind, wanted, since)):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise Missing(f"the server has noted nothing of the kind: {kind}") from None
        return entry


class Face:
    """A subclass has `ask(method, params, progress)`, `abandoned(method, params)`, `level(level)`, `listening(uris)` and
    `report(token)`; where clients notify, `notify(method, params)`."""

    def __init__(self, revision: str):
        self.revision = revision
        # How to answer the server, by method: from parameters to a result.
        self.answers: dict = {}
        self.asked: list[tuple[str, dict]] = []
        self.heard: list[tuple[str, dict]] = []
        self.arrival = asyncio.Condition()

    async def answer(self, method: str, params: dict) -> dict:
        self.asked.append((method, params))
        if token := (params.get("_meta") or {}).get("progressToken"):
            await self.report(token)
        return self.answers[method](params)

    async def arrived(self, method: str, params: dict) -> None:
        async with self.arrival:
            self.heard.append((method, params))
            self.arrival.notify_all()

    def find(self, method: str, wanted) -> dict | None:
        return next((params for name, params in self.heard if name == method and wanted(params)), None)

    async def hear(self, method: str, wanted, seconds: float) -> dict:
        """The parameters of the first such notification; `Missing` if it does not come."""
        try:
            async with asyncio.timeout(seconds), self.arrival:
                await self.arrival.wait_for(lambda: self.find(method, wanted) is not None)
        except TimeoutError:
            raise Missing(f"there was no {method}") from None
        return self.find(method, wanted)

    async def call(self, tool: str, progress=None, **arguments) -> dict:
        return await self.ask("tools/call", {"name": tool, "arguments": arguments}, progress)

    async def text(self, tool: str, **arguments) -> str:
        result = await self.call(tool, **arguments)
        if result.get("isError"):
            raise Missing(result["content"][0]["text"])
        return result["content"][0]["text"]

    async def outcome(self, tool: str, **arguments) -> dict:
        """What came of what the tool asked."""
        outcome = json.loads(await self.text(tool, **arguments))
        if "error" in outcome:
            raise Missing(f"the server was told: {outcome['error']['message']}")
        return outcome["result"]
