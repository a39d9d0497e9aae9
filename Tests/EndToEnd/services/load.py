"""Clients of every server that call without pause, and keep count of what they get."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from support.client import DOWNSTREAMS, Client, connect
from support.waiting import until_async

# An answer of either kind comes within the call timeout, whatever happens to the server.
PATIENCE = 20


@dataclass
class Work:
    """What is called at a server, and what the answer must contain. `pause` is for those that are slow."""

    tool: str
    arguments: Callable[[str], dict]
    expected: Callable[[str], str] = lambda mark: mark
    pause: float = 0.05


@dataclass
class Worker:
    server: str
    downstream: str
    work: Work
    mark: str
    succeeded: int = 0
    errors: list[dict] = field(default_factory=list)

    async def run(self, gateway, stop: asyncio.Event) -> None:
        async with connect(gateway, self.server, self.downstream) as client:
            for step in itertools.count():
                if stop.is_set():
                    break
                await self.call(client, f"{self.mark} {step}")
                await asyncio.sleep(self.work.pause)
            for number in range(1, step + 1):
                answers = client.session.answers(number)
                assert len(answers) == 1, f"{self}: {len(answers)} answers to call {number}"

    async def call(self, client: Client, mark: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await client.ask("tools/call", name=self.work.tool, arguments=self.work.arguments(mark))
        except TimeoutError:
            raise AssertionError(f"{self.server} over {self.downstream}: no answer to {mark!r}") from None
        if "error" in answer:
            assert self.server in answer["error"]["message"], f"the error does not name the server: {answer}"
            self.errors.append(answer["error"])
            return
        text = answer["result"]["content"][0]["text"]
        assert self.work.expected(mark) in text, f"{self.server}: {text!r} instead of {mark!r}"
        self.succeeded += 1


class Load:
    """`async with Load(...)`: clients of each server over each transport, and twice as many of the one that is
    `crowded`. All have had answers when the block begins."""

    def __init__(self, gateway, works: dict[str, Work], crowded: str = ""):
        self.gateway = gateway
        self.workers = [
            Worker(server, downstream, work, f"{server}-{downstream}-{number}")
            for server, work in works.items()
            for downstream in DOWNSTREAMS
            for number in range(2 if server == crowded else 1)
        ]
        self.stop = asyncio.Event()
        self.group = asyncio.TaskGroup()

    def of(self, server: str) -> list[Worker]:
        return [worker for worker in self.workers if worker.server == server]

    async def __aenter__(self) -> "Load":
        await self.group.__aenter__()
        for worker in self.workers:
            self.group.create_task(worker.run(self.gateway, self.stop))
        try:
            await self.more_successes(self.workers)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(self, kind, error, trace) -> None:
        self.stop.set()
        await self.group.__aexit__(kind, error, trace)

    async def more_successes(self, workers: list[Worker], count: int = 3, seconds: float = 20) -> None:
        before = [worker.succeeded for worker in workers]
        await until_async(
            lambda: all(worker.succeeded >= then + count for worker, then in zip(workers, before)),
            f"{count} more answers for each of {[worker.mark for worker in workers]}",
            seconds,
        )
