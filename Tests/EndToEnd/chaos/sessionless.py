"""A client of MCP 2026-07-28: no session, so each of its requests stands alone, and it goes away by closing one."""

import asyncio
import json
import random

from chaos.marks import assert_own, mark
from chaos.tally import Tally
from support.stateless import ask, messages_in, stream

EVERYTHING = {"elicitation": {"form": {}}, "sampling": {}, "roots": {}}
# How a state is refused that is no good any more, or is for another request.
INVALID_PARAMS = -32602


class SessionlessPlayer:
    """Every second one can be asked things."""

    def __init__(self, number: int, seed: int, gateway, tally: Tally):
        self.number, self.gateway, self.tally = number, gateway, tally
        self.dice = random.Random(seed * 1000 + number)
        self.capabilities = EVERYTHING if number % 2 else {}
        self.own = ""

    async def play(self, stop: asyncio.Event) -> None:
        life = 0
        while not stop.is_set():
            life += 1
            self.own = mark(self.number, life)
            async with asyncio.TaskGroup() as group:
                for _ in range(self.dice.randrange(1, 4)):
                    group.create_task(self.act(self.own))
            await asyncio.sleep(self.dice.random() * 0.2)

    async def act(self, own: str) -> None:
        actions = [
            self.echo, self.echo, self.progress, self.log, self.list, self.give_up, self.listen, self.be_asked,
            self.be_asked,
        ]  # fmt: skip
        async with asyncio.timeout(60):
            await self.dice.choice(actions)(own)

    # What it can do. Whatever comes back is its own, and ends with one answer.

    async def messages(self, own: str, method: str, params: dict, **keys) -> list[dict]:
        """All that comes of a request, the answer last."""
        response = await ask(self.gateway, method, params, id=own, capabilities=self.capabilities, **keys)
        assert_own(response.text, own)
        received = messages_in(response)
        assert [message.get("id") for message in received] == [None] * (len(received) - 1) + [own], response.text
        return received

    async def result(self, own: str, method: str, params: dict, **keys) -> dict | None:
        """The result; None if there is an error."""
        answer = (await self.messages(own, method, params, **keys))[-1]
        if "error" in answer:
            self.tally.refuse(answer["error"])
            return None
        self.tally["answered without a session"] += 1
        return answer["result"]

    async def echo(self, own: str) -> None:
        sent = {"text": f"{own}{self.dice.random()}", "seconds": self.dice.choice((0, 0, 0.01, 0.1))}
        if result := await self.result(own, "tools/call", {"name": "sleeps", "arguments": sent}):
            assert json.loads(result["content"][0]["text"]) == sent and result["resultType"] == "complete", result

    async def progress(self, own: str) -> None:
        """With the token that everybody uses."""
        arguments = {"count": self.dice.randrange(1, 6), "pause": 0.005, "message": own}
        call = {"name": "steps", "arguments": arguments}
        *heard, answer = await self.messages(own, "tools/call", call, progressToken="the same")
        assert {message["params"]["progressToken"] for message in heard} <= {"the same"}, heard
        if "result" in answer:
            assert heard, answer
            self.tally["progress without a session"] += len(heard)

    async def log(self, own: str) -> None:
        level = self.dice.choice((None, "debug", "error"))
        keys = {"log_level": level} if level else {}
        *heard, _ = await self.messages(own, "tools/call", {"name": "logs", "arguments": {"tag": own}}, **keys)
        assert level or not heard, heard
        self.tally["logged without a session"] += len(heard)

    async def list(self, own: str) -> None:
        method = self.dice.choice(("tools/list", "prompts/list"))
        result = await self.result(own, method, {})
        assert result is None or result.get("tools") or result.get("prompts")

    async def give_up(self, own: str) -> None:
        """Closes the response of a call that would never end."""
        call = {"name": "waits", "arguments": {"name": f"{own}{self.dice.random()}"}}
        closing = asyncio.create_task(self.left(own, call))
        await asyncio.sleep(self.dice.choice((0.02, 0.2)))
        closing.cancel()
        await asyncio.wait([closing])
        self.tally["left without a session"] += 1

    async def left(self, own: str, call: dict) -> None:
        async with stream(self.gateway, "tools/call", call, id=own, capabilities=self.capabilities) as (_, received):
            async for message in received:
                assert_own(json.dumps(message), own)

    async def listen(self, own: str) -> None:
        uri = f"test://watched/{own}"
        params = {"notifications": {"toolsListChanged": True, "resourceSubscriptions": [uri]}}
        async with stream(self.gateway, "subscriptions/listen", params, id=own) as (head, received):
            if head.status != 200:
                return
            async with asyncio.timeout(20):
                first = await anext(received)
            if "error" in first:
                return self.tally.refuse(first["error"])
            assert first["method"] == "notifications/subscriptions/acknowledged", first
            self.tally["listened"] += 1
            await self.result(own, "tools/call", {"name": "updates", "arguments": {"uri": uri}})
            try:
                async with asyncio.timeout(0.2):
                    async for message in received:
                        assert_own(json.dumps(message), own)
            except TimeoutError:
                pass

    async def be_asked(self, own: str) -> None:
        """Answers, leaves without a word, or tries a state a second time."""
        schema = {"type": "object", "properties": {"mine": {"type": "string"}}}
        question = {"message": own, "requestedSchema": schema}
        call = {"name": "asks", "arguments": {"method": "elicitation/create", "params": question}}
        state, responses = None, {}
        while result := await self.result(own, "tools/call", call | responses):
            if result["resultType"] == "complete":
                outcome = json.loads(result["content"][0]["text"])
                assert "result" not in outcome or own in json.dumps(outcome["result"]), outcome
                self.tally["rounds" if state else "asked nothing"] += 1
                break
            assert self.capabilities, result
            state = result["requestState"]
            for request in result["inputRequests"].values():
                assert request["params"]["message"].startswith(own), request
            if self.dice.random() < 0.2:
                self.tally["never came back"] += 1
                return
            accept = {"action": "accept", "content": {"mine": own}}
            responses = {"requestState": state, "inputResponses": {key: accept for key in result["inputRequests"]}}
        if state:
            replayed = (await self.messages(own, "tools/call", call | {"requestState": state}))[-1]
            assert replayed["error"]["code"] == INVALID_PARAMS, replayed
