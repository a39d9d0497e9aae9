"""What a client of MCP 2026-07-28 gets from servers that know of no such thing."""

import asyncio
import json

import mcp_types as types
import pytest
from mcp import Client, MCPError

VERSION = "2026-07-28"


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def connect(gateway, **keys):
    return Client(f"{gateway.url}/features/mcp", mode=VERSION, read_timeout_seconds=30, **keys)


class Person:
    """Answers whatever is asked, and remembers what was."""

    def __init__(self, action="accept"):
        self.action = action
        self.elicited = []
        self.sampled = []

    async def elicit(self, context, params):
        self.elicited.append(params)
        content = {"username": "ada", "email": "ada@example.org"} if self.action == "accept" else None
        return types.ElicitResult(action=self.action, content=content)

    async def sample(self, context, params):
        self.sampled.append(params)
        return types.CreateMessageResult(
            role="assistant", content=types.TextContent(type="text", text="sampled"), model="none"
        )

    async def roots(self, context):
        return types.ListRootsResult(roots=[types.Root(uri="file:///home/ada", name="home")])

    def connect(self, gateway):
        return connect(
            gateway,
            elicitation_callback=self.elicit,
            sampling_callback=self.sample,
            list_roots_callback=self.roots,
        )


def text(result) -> str:
    return result.content[0].text


async def pages(method, key: str) -> list:
    items, cursor = [], None
    while True:
        page = await method(cursor=cursor)
        items += getattr(page, key)
        cursor = page.next_cursor
        if cursor is None:
            return items


def test_62_auto_mode_finds_the_modern_revision(gateway):
    async def use():
        async with Client(f"{gateway.url}/features/mcp", mode="auto") as client:
            assert client.protocol_version == VERSION
            assert client.server_info.name == "features"

    run(use())


def test_116_117_118_119_120_125_everything_that_is_listed_read_and_called(gateway):
    async def use():
        async with connect(gateway) as client:
            tools = {tool.name: tool for tool in await pages(client.list_tools, "tools")}
            assert {"echo", "contents", "structured", "fails"} <= tools.keys()
            contents = await client.call_tool("contents", {})
            kinds = [block.type for block in contents.content]
            assert kinds == ["text", "image", "audio", "resource", "resource", "resource_link"]
            structured = await client.call_tool("structured", {})
            assert structured.structured_content["temperature"] == 22.5
            failed = await client.call_tool("fails", {})
            assert failed.is_error
            prompts = await pages(client.list_prompts, "prompts")
            assert "greet" in [prompt.name for prompt in prompts]
            greeting = await client.get_prompt("greet", {"name": "Ada"})
            assert "Ada" in greeting.messages[0].content.text
            resources = await pages(client.list_resources, "resources")
            assert len({str(resource.uri) for resource in resources}) == len(resources) > 3
            templates = await pages(client.list_resource_templates, "resource_templates")
            assert templates
            read = await client.read_resource("feature://text/1")
            assert read.contents[0].text
            reference = types.PromptReference(type="ref/prompt", name="greet")
            completed = await client.complete(reference, {"name": "style", "value": ""})
            assert completed.completion.values is not None

    run(use())


def test_85_errors_are_of_this_revision(gateway):
    async def use():
        async with connect(gateway) as client:
            with pytest.raises(MCPError) as unknown:
                await client.call_tool("no-such-tool", {})
            assert unknown.value.code == -32602
            with pytest.raises(MCPError) as absent:
                await client.read_resource("feature://nowhere")
            assert absent.value.code == -32602

    run(use())


def test_124_progress_reaches_its_caller(gateway):
    async def use():
        async with connect(gateway) as client:

            async def one(count):
                seen = []

                async def progress(done, total, message):
                    seen.append(done)

                await client.call_tool("steps", {"count": count, "pause": 0.01}, progress_callback=progress)
                return seen

            several = await asyncio.gather(one(3), one(5), one(4))
            assert several == [[1, 2, 3], [1, 2, 3, 4, 5], [1, 2, 3, 4]]

    run(use())


def test_105_111_an_elicitation_is_a_round_of_the_same_call(gateway):
    async def use():
        person = Person()
        async with person.connect(gateway) as client:
            result = await client.call_tool("test_elicitation", {"message": "Who are you?"})
            outcome = json.loads(text(result))
            assert outcome["result"]["action"] == "accept"
            assert outcome["result"]["content"]["username"] == "ada"
            assert [asked.message for asked in person.elicited] == ["Who are you?"]

    run(use())


@pytest.mark.parametrize("action", ["decline", "cancel"])
def test_105_what_the_person_decides_reaches_the_server(gateway, action):
    async def use():
        async with Person(action).connect(gateway) as client:
            result = await client.call_tool("test_elicitation", {"message": "Who are you?"})
            assert json.loads(text(result))["result"]["action"] == action

    run(use())


def test_105_sampling_and_roots_are_rounds_as_well(gateway):
    async def use():
        person = Person()
        async with person.connect(gateway) as client:
            sampled = await client.call_tool("test_sampling", {"prompt": "Say something."})
            assert json.loads(text(sampled))["result"]["content"]["text"] == "sampled"
            rooted = await client.call_tool("asks", {"method": "roots/list", "params": {}})
            assert json.loads(text(rooted))["result"]["roots"][0]["uri"] == "file:///home/ada"

    run(use())


def test_88_110_nothing_is_asked_of_a_client_that_declared_nothing(gateway):
    async def use():
        async with connect(gateway) as client:
            result = await client.call_tool("test_elicitation", {"message": "Who are you?"})
            assert result.is_error
            assert "error" in json.loads(text(result))

    run(use())


def test_92_93_a_subscription_hears_of_changes_in_lists(gateway):
    async def use():
        async with connect(gateway) as client:
            async with client.listen(tools_list_changed=True) as subscription:
                name = f"grown by {id(subscription)}"
                await client.call_tool("grows", {"name": name})
                event = await anext(aiter(subscription))
                assert "tools" in type(event).__name__.lower() or "tool" in str(event).lower()
            tools = await pages(client.list_tools, "tools")
            assert name in [tool.name for tool in tools]

    run(use())
