"""Scenarios in which the server asks its client, or keeps something for it."""

import re

from conformance.scenario import scenario
from servers.everything import CHOICES, DEFAULTS

VISIBLE = re.compile(r"[\x21-\x7e]+")


@scenario("server-initialize")
async def initialize(client):
    result = client.session.description["result"]
    assert result["protocolVersion"] == "2025-11-25"
    assert result["serverInfo"]["name"] and result["serverInfo"]["version"]
    assert {"tools", "resources", "prompts", "logging", "completions"} <= set(result["capabilities"])
    if (id := getattr(client.session, "id", None)) is not None:
        assert VISIBLE.fullmatch(id)


@scenario("tools-call-sampling")
async def sampling(client):
    answer = {"role": "assistant", "content": {"type": "text", "text": "The client's answer"}, "model": "a model"}
    client.handlers["sampling/createMessage"] = lambda params: {"result": answer | {"stopReason": "endTurn"}}
    result = await client.call("test_sampling", prompt="A prompt for sampling")
    (request,) = client.requests("sampling/createMessage")
    assert request["params"]["messages"][0]["content"]["text"] == "A prompt for sampling"
    assert request["params"]["maxTokens"] == 100
    assert "The client's answer" in result["content"][0]["text"]


def accept(client, content: dict) -> None:
    client.handlers["elicitation/create"] = lambda params: {"result": {"action": "accept", "content": content}}


@scenario("tools-call-elicitation")
async def elicitation(client):
    accept(client, {"username": "ada", "email": "ada@example.org"})
    result = await client.call("test_elicitation", message="Who are you?")
    (request,) = client.requests("elicitation/create")
    assert request["params"]["message"] == "Who are you?"
    assert set(request["params"]["requestedSchema"]["properties"]) == {"username", "email"}
    assert "ada@example.org" in result["content"][0]["text"]


@scenario("elicitation-sep1034-defaults")
async def defaults(client):
    accept(client, {"name": "Jane", "age": 25, "score": 88.5, "status": "inactive", "verified": False})
    result = await client.call("test_elicitation_sep1034_defaults")
    (request,) = client.requests("elicitation/create")
    properties = request["params"]["requestedSchema"]["properties"]
    assert (properties["name"]["type"], properties["name"]["default"]) == ("string", "John Doe")
    assert (properties["age"]["type"], properties["age"]["default"]) == ("integer", 30)
    assert (properties["score"]["type"], properties["score"]["default"]) == ("number", 95.5)
    assert (properties["status"]["enum"], properties["status"]["default"]) == (
        ["active", "inactive", "pending"], "active"
    )  # fmt: skip
    assert (properties["verified"]["type"], properties["verified"]["default"]) == ("boolean", True)
    assert request["params"]["requestedSchema"] == DEFAULTS
    assert "88.5" in result["content"][0]["text"]


@scenario("elicitation-sep1330-enums")
async def enums(client):
    chosen = {"untitledSingle": "option1", "titledSingle": "value1", "legacyEnum": "opt1"}
    accept(client, chosen | {"untitledMulti": ["option1", "option2"], "titledMulti": ["value1", "value2"]})
    result = await client.call("test_elicitation_sep1330_enums")
    (request,) = client.requests("elicitation/create")
    properties = request["params"]["requestedSchema"]["properties"]
    single = properties["untitledSingle"]
    assert single["type"] == "string" and single["enum"] and not {"oneOf", "enumNames"} & set(single)
    titled = properties["titledSingle"]
    assert titled["type"] == "string" and "enum" not in titled
    assert all(isinstance(one["const"], str) and isinstance(one["title"], str) for one in titled["oneOf"])
    legacy = properties["legacyEnum"]
    assert legacy["type"] == "string" and len(legacy["enum"]) == len(legacy["enumNames"])
    several = properties["untitledMulti"]
    assert (several["type"], several["items"]["type"]) == ("array", "string")
    assert several["items"]["enum"] and "anyOf" not in several["items"]
    named = properties["titledMulti"]
    assert named["type"] == "array" and "enum" not in named["items"]
    assert all(isinstance(one["const"], str) and isinstance(one["title"], str) for one in named["items"]["anyOf"])
    assert request["params"]["requestedSchema"] == CHOICES
    assert "value2" in result["content"][0]["text"]


WATCHED = "test://watched-resource"


@scenario("resources-subscribe")
async def subscribe(client):
    assert await client.result("resources/subscribe", uri=WATCHED) == {}
    assert await client.text("updates", uri=WATCHED) == "sent"
    await client.notification("notifications/resources/updated", lambda params: params["uri"] == WATCHED)


@scenario("resources-unsubscribe")
async def unsubscribe(client):
    assert await client.result("resources/subscribe", uri=WATCHED) == {}
    assert await client.result("resources/unsubscribe", uri=WATCHED) == {}
    # What is heard after this is heard in its turn.
    await client.text("updates", uri=WATCHED)
    await client.call("test_simple_text")
    assert client.notifications("notifications/resources/updated") == []
