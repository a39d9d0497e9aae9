"""Clients of MCP 2026-07-28, on the 2.x line of the official SDK."""

import asyncio
from contextlib import asynccontextmanager

import mcp_types as types
from mcp import Client, MCPError
from mcp.client.subscriptions import ResourceUpdated, ToolsListChanged

from matrix.face import Face, Missing, Refused

LOG_LEVEL = "io.modelcontextprotocol/logLevel"
REFERENCES = {"ref/prompt": types.PromptReference, "ref/resource": types.ResourceTemplateReference}


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


class Line2(Face):
    client: Client
    meta: dict | None = None

    @property
    def description(self) -> dict:
        client = self.client
        return {
            "protocolVersion": client.protocol_version,
            "serverInfo": plain(client.server_info),
            "instructions": client.instructions,
            "capabilities": plain(client.server_capabilities),
        }

    async def ask(self, method, params=None, progress=None):
        params = params or {}
        try:
            return plain(await self.send(method, params, progress))
        except MCPError as error:
            raise Refused(error.error.code, error.error.message, error.error.data) from None

    def send(self, method, params, progress):
        client, meta = self.client, self.meta
        lists = {
            "tools/list": client.list_tools,
            "prompts/list": client.list_prompts,
            "resources/list": client.list_resources,
            "resources/templates/list": client.list_resource_templates,
        }
        if method in lists:
            return lists[method](cursor=params.get("cursor"), meta=meta)
        if method == "tools/call":
            return client.call_tool(params["name"], params["arguments"], progress_callback=progress, meta=meta)
        if method == "prompts/get":
            return client.get_prompt(params["name"], params.get("arguments"), meta=meta)
        if method == "resources/read":
            return client.read_resource(params["uri"], meta=meta)
        if method == "completion/complete":
            reference = REFERENCES[params["ref"]["type"]].model_validate(params["ref"])
            return client.complete(reference, params["argument"], (params.get("context") or {}).get("arguments"))
        raise Missing(f"the revision has no {method}")

    @asynccontextmanager
    async def abandoned(self, method, params):
        """A request that is under way until the end of the block, and then is left."""
        asking = asyncio.create_task(self.ask(method, params))
        try:
            yield
        finally:
            asking.cancel()
            await asyncio.wait([asking])

    async def level(self, level):
        self.meta = {LOG_LEVEL: level}

    @asynccontextmanager
    async def listening(self, uris=()):
        async with self.client.listen(tools_list_changed=True, resource_subscriptions=uris) as subscription:
            reading = asyncio.create_task(self.read(subscription))
            try:
                yield
            finally:
                reading.cancel()
                await asyncio.wait([reading])

    async def read(self, subscription):
        async for event in subscription:
            if isinstance(event, ToolsListChanged):
                await self.arrived("notifications/tools/list_changed", {})
            elif isinstance(event, ResourceUpdated):
                await self.arrived("notifications/resources/updated", {"uri": event.uri})

    async def report(self, token):
        await self.client.send_progress_notification(token, 1, 2)

    async def on_message(self, message):
        if isinstance(message, Exception):
            return
        heard = plain(message)
        await self.arrived(heard["method"], heard.get("params") or {})

    async def sample(self, context, params):
        return types.CreateMessageResult.model_validate(await self.answer("sampling/createMessage", plain(params)))

    async def elicit(self, context, params):
        return types.ElicitResult.model_validate(await self.answer("elicitation/create", plain(params)))

    async def roots(self, context):
        return types.ListRootsResult.model_validate(await self.answer("roots/list", {}))


@asynccontextmanager
async def connect(url: str, transport: str, revision: str, answering: bool = True):
    """`url` is that of the server at the gateway, but for the transport. The revision is found out, as clients do."""
    face = Line2(revision)
    callbacks = {
        "sampling_callback": face.sample,
        "elicitation_callback": face.elicit,
        "list_roots_callback": face.roots,
    }
    async with Client(
        f"{url}/{transport}",
        mode="auto",
        read_timeout_seconds=30,
        cache=None,
        message_handler=face.on_message,
        **(callbacks if answering else {}),
    ) as face.client:
        yield face
