"""One client that does all it can think of, in an order that its seed decides, and checks whatever comes back."""

import asyncio
import json
import random

from chaos.marks import assert_own, mark
from chaos.tally import Tally
from support import messages
from support.client import DOWNSTREAMS
from support.interactive import EVERYTHING, InteractiveClient
from support.sessions import LegacySession
from support.streaming import Stream, StreamingSession

# How a request fails whose session was lost on purpose.
FAILURES = (AssertionError, OSError, asyncio.IncompleteReadError)


class Life:
    """One session, from its opening to its end."""

    def __init__(self, client: InteractiveClient, own: str, tally: Tally, dice: random.Random):
        self.client, self.own, self.tally, self.dice = client, own, tally, dice
        self.session = client.session
        self.cancelled: set[int] = set()
        self.is_lost = False
        client.handlers |= {
            "elicitation/create": self.elicited,
            "sampling/createMessage": self.sampled,
            "roots/list": lambda params: {"result": {"roots": [{"uri": f"file:///{self.own}"}]}},
        }

    def elicited(self, params: dict) -> dict:
        assert params["message"].startswith(self.own), params
        self.tally["elicitations"] += 1
        return {"result": {"action": "accept", "content": {"mine": self.own}}}

    def sampled(self, params: dict) -> dict:
        self.tally["samplings"] += 1
        content = {"type": "text", "text": self.own}
        return {"result": {"role": "assistant", "content": content, "model": "none"}}

    # What it can do. Each makes one request at least, and waits for its answer.

    async def call(self, tool: str, arguments: dict, token=None) -> dict | None:
        """The result; None if there is an error or the session was lost."""
        params = {"name": tool, "arguments": arguments} | ({"_meta": {"progressToken": token}} if token else {})
        return await self.judge(*self.client.start("tools/call", **params))

    async def judge(self, id: int, asking: asyncio.Task) -> dict | None:
        try:
            answer = await asking
        except FAILURES:
            # There is nobody left to hear the answer; else it is missing.
            if not self.is_lost:
                raise
            return None
        if "error" in answer:
            self.tally.refuse(answer["error"])
            return None
        self.tally["answered"] += 1
        return answer["result"]

    async def echo(self) -> None:
        sent = {"text": f"{self.own}{self.dice.random()}", "seconds": self.dice.choice((0, 0, 0.01, 0.1))}
        if result := await self.call("sleeps", sent):
            assert json.loads(result["content"][0]["text"]) == sent, result

    async def progress(self) -> None:
        """With the token that everybody uses."""
        before = len(self.client.notifications("notifications/progress"))
        arguments = {"count": self.dice.randrange(1, 6), "pause": 0.005, "message": self.own}
        if await self.call("steps", arguments, token="the same"):
            heard = self.client.notifications("notifications/progress")[before:]
            assert {params["progressToken"] for params in heard} == {"the same"}, heard
            self.tally["progress"] += len(heard)

    async def log(self) -> None:
        await self.call("logs", {"tag": self.own})

    async def list(self) -> None:
        result = await self.judge(*self.client.start(self.dice.choice(("tools/list", "prompts/list"))))
        assert result is None or result.get("tools") or result.get("prompts")

    async def watch(self) -> None:
        uri = f"test://watched/{self.own}"
        if await self.judge(*self.client.start("resources/subscribe", uri=uri)) == {}:
            await self.call("updates", {"uri": uri})
            await self.judge(*self.client.start("resources/unsubscribe", uri=uri))

    async def set_level(self) -> None:
        await self.judge(*self.client.start("logging/setLevel", level=self.dice.choice(("debug", "error"))))

    async def give_up(self) -> None:
        """Cancels a call that would never end. Over HTTP+SSE there may be no answer at all."""
        arguments = {"name": f"{self.own}{self.dice.random()}"}
        id, asking = self.client.start("tools/call", name="waits", arguments=arguments)
        await asyncio.sleep(self.dice.choice((0, 0.02, 0.2)))
        if self.is_lost or asking.done():
            await self.judge(id, asking)
            return
        self.cancelled.add(id)
        self.tally["cancelled"] += 1
        try:
            await self.client.cancel(id)
        except FAILURES:
            await asyncio.wait([asking])
            raise
        if isinstance(self.session, StreamingSession):
            await self.judge(id, asking)
        else:
            # Its failure, if the session is lost, is nobody's.
            asking.cancel()
            await asyncio.wait([asking])

    async def be_asked(self) -> None:
        method = self.dice.choice(("elicitation/create", "sampling/createMessage"))
        message = {"role": "user", "content": {"type": "text", "text": self.own}}
        schema = {"type": "object", "properties": {"mine": {"type": "string"}}}
        params = (
            {"message": self.own, "requestedSchema": schema}
            if method == "elicitation/create"
            else {"messages": [message], "maxTokens": 1}
        )
        if result := await self.call("asks", {"method": method, "params": params}):
            outcome = json.loads(result["content"][0]["text"])
            if "result" in outcome:
                assert self.own in json.dumps(outcome), outcome
                self.tally["questions answered"] += 1
            else:
                self.tally["questions refused"] += 1

    async def lose_a_stream(self) -> None:
        """Loses the stream of an answer half-way, and comes back for the rest."""
        if not isinstance(self.session, StreamingSession):
            return
        id = next(self.client.numbers)
        self.client.methods[id] = "tools/call"
        arguments = {"count": 8, "pause": 0.02, "message": self.own}
        request = messages.call(str(id), "steps", arguments, token='"the same"')
        stream = await self.session.start(request)
        if isinstance(stream, Stream):
            while not stream.ids and not stream.reading.done():
                await asyncio.sleep(0.005)
            stream.lose()
            await stream.ended()
            while not self.session.answers(id) and not self.is_lost:
                assert stream.ids, "the stream ended before it could be resumed"
                stream = await self.session.get(stream.ids[-1])
                await stream.ended()
            self.tally["resumed"] += 1
        assert self.session.answers(id) or self.is_lost

    async def act(self) -> None:
        actions = [
            self.echo, self.echo, self.echo, self.progress, self.progress, self.log, self.list, self.watch,
            self.set_level, self.give_up, self.be_asked, self.lose_a_stream,
        ]  # fmt: skip
        try:
            await self.dice.choice(actions)()
        except FAILURES:
            if not self.is_lost:
                raise

    def assert_all_is_well(self) -> None:
        """Nothing of another's, and no answer missing or double."""
        for text in self.session.received:
            assert_own(text, self.own)
        counts: dict = {}
        for answer in self.session.answered:
            counts[answer["id"]] = counts.get(answer["id"], 0) + 1
        assert max(counts.values(), default=1) == 1, {id: count for id, count in counts.items() if count > 1}
        missing = set(self.client.methods) - set(counts) - self.cancelled
        assert self.is_lost or not missing, f"{missing} were not answered"


class Player:
    """A client that comes and goes. Every second one can be asked things."""

    VERSIONS = {"sse": ("2024-11-05", "2025-06-18", "2025-11-25"), "mcp": ("2025-03-26", "2025-06-18", "2025-11-25")}

    def __init__(self, number: int, seed: int, port: int, name: str, tally: Tally):
        self.number, self.port, self.name, self.tally = number, port, name, tally
        self.dice = random.Random(seed * 1000 + number)
        self.downstream = DOWNSTREAMS[number % 2]
        self.capabilities = EVERYTHING if number % 4 < 2 else {}

    async def play(self, stop: asyncio.Event) -> None:
        life = 0
        while not stop.is_set():
            life += 1
            await self.live(mark(self.number, life), stop)

    async def live(self, own: str, stop: asyncio.Event) -> None:
        version = self.dice.choice(self.VERSIONS[self.downstream])
        declared = json.dumps(self.capabilities)
        if self.downstream == "sse":
            session = await LegacySession.open(self.port, self.name)
            answer = await session.initialize(version=version, capabilities=declared)
            if "error" in answer:
                self.tally.refuse(answer["error"])
                await session.close()
                return
        else:
            session = await StreamingSession.open(self.port, self.name, version=version, capabilities=declared)
        self.tally["sessions"] += 1
        life = Life(InteractiveClient(session), own, self.tally, self.dice)
        for _ in range(self.dice.randrange(3, 12)):
            if stop.is_set():
                break
            async with asyncio.TaskGroup() as group:
                for _ in range(self.dice.randrange(1, 4)):
                    group.create_task(life.act())
            await asyncio.sleep(self.dice.random() * 0.2)
        await self.leave(life)

    async def leave(self, life: Life) -> None:
        """Sometimes in the middle of calls, and without a word."""
        if self.dice.random() < 0.5:
            self.tally["left in the middle"] += 1
            group = [asyncio.create_task(life.act()) for _ in range(3)]
            await asyncio.sleep(0.02)
            life.is_lost = True
            if self.downstream == "sse":
                life.session.stream.writer.transport.abort()
            else:
                for stream in life.session.streams:
                    stream.lose()
            await life.session.close()
            await asyncio.wait_for(asyncio.gather(*group), 60)
        else:
            await life.session.close()
        life.assert_all_is_well()
