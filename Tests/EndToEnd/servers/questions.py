"""Tools about what goes from the server to its client: questions, subscriptions, log levels, and what was heard of it
all. `fixture-server` has tools of the same names, for stdio."""

import asyncio
import json

import diary


# Ids of URLs that were asked for once.
visited: set[str] = set()


def text(content) -> dict:
    return {"content": [{"type": "text", "text": content if isinstance(content, str) else json.dumps(content)}]}


async def asks(arguments, context):
    """`{method, params}`: asks the client in the course of the call; the text is what came of it."""
    return text(await context.ask(arguments["method"], arguments.get("params", {})))


async def asks_later(arguments, context):
    """`{method, params}`: answers, and then asks outside of any call; `outcomes` tells what came of it."""

    async def ask():
        await asyncio.sleep(0.05)
        outcome = await context.ask(arguments["method"], arguments.get("params", {}), in_call=False)
        context.state.outcomes.append(outcome)
        diary.note("outcome", outcome=outcome)

    context.state.tasks.append(asyncio.create_task(ask()))
    return text("answered before the question")


async def outcomes(arguments, context):
    return text(context.state.outcomes)


async def withdraws(arguments, context):
    """`{method, params, seconds}`: asks the client, and takes the question back after that time."""
    await context.withdraw(arguments["method"], arguments.get("params", {}), arguments.get("seconds", 0.2))
    return text("withdrawn")


async def needs_url(arguments, context):
    """`{id, url}`: an error that wants a URL visited first; `once: true` is content when it is called again."""
    if arguments["id"] in visited:
        return text("visited")
    if arguments.get("once"):
        visited.add(arguments["id"])
    elicitation = {"mode": "url", "elicitationId": arguments["id"], "url": arguments["url"], "message": "Visit it."}
    raise context.refusal(-32042, "A URL has to be visited first.", {"elicitations": [elicitation]})


async def completes(arguments, context):
    """`{id}`: says outside of any call that the URL of that elicitation was visited."""
    await context.announce("notifications/elicitation/complete", {"elicitationId": arguments["id"]})
    return text("completed")


async def updates(arguments, context):
    """`{uri}`: says that the resource has changed, to whom it concerns."""
    uri = arguments["uri"]
    watched = context.is_watched(uri)
    if watched:
        await context.announce("notifications/resources/updated", {"uri": uri})
    return text("sent" if watched else "nobody has subscribed")


async def subscriptions(arguments, context):
    """Every request to subscribe and to unsubscribe so far, in order."""
    return text(context.state.subscription_requests)


async def levels(arguments, context):
    """Every log level that was set, in order."""
    return text(context.state.levels)


async def logs_later(arguments, context):
    """`{tag, level}`: answers, and then writes a log message outside of any call."""

    async def log():
        await asyncio.sleep(0.05)
        await context.log(arguments.get("level", "info"), {"tag": arguments["tag"]}, in_call=False)

    context.state.tasks.append(asyncio.create_task(log()))
    return text("answered before the message")


async def notified(arguments, context):
    """Every notification of the client's, as `[method, params]`."""
    return text(context.state.notified)


async def capabilities(arguments, context):
    """What this client declared to the server."""
    return text(context.capabilities)


TOOLS = [
    asks, asks_later, outcomes, withdraws, needs_url, completes, updates, subscriptions, levels, logs_later, notified,
    capabilities,
]  # fmt: skip


class State:
    """What is kept for one connection."""

    def __init__(self):
        self.levels: list[str] = []
        self.subscribed: set[str] = set()
        self.subscription_requests: list = []
        self.outcomes: list[dict] = []
        self.notified: list = []
        self.unlocked: list[str] = []
        self.tasks: list[asyncio.Task] = []

    def heard(self, method: str, params) -> None:
        self.notified.append([method, params])
        diary.note("notified", method=method, params=params)


async def set_level(params, context):
    context.state.levels.append(params["level"])
    return {}


async def subscribe(params, context):
    context.state.subscription_requests.append(["subscribe", params["uri"]])
    if params["uri"] == "test://refused":
        raise context.refusal(-32002, "Nothing to subscribe to", {"uri": params["uri"]})
    context.state.subscribed.add(params["uri"])
    return {}


async def unsubscribe(params, context):
    context.state.subscription_requests.append(["unsubscribe", params["uri"]])
    context.state.subscribed.discard(params["uri"])
    return {}


METHODS = {
    "logging/setLevel": set_level,
    "resources/subscribe": subscribe,
    "resources/unsubscribe": unsubscribe,
}
