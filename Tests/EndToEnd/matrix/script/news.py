"""What clients are told without asking again."""

import uuid

from matrix.cell import Cell, feature


@feature("subscriptions to resources")
async def subscription(cell: Cell):
    uri = f"test://watched/{uuid.uuid4()}"
    async with cell.connect(answering=False) as other, cell.face.listening([uri]):
        # A client without sessions is not tied to the instance that its calls borrow: see news to it from outside.
        teller = other if cell.client.modern else cell.face
        assert await teller.text("updates", uri=uri) == "sent"
        await cell.face.hear("notifications/resources/updated", lambda params: params["uri"] == uri, cell.patience)


@feature("changes of lists")
async def list_change(cell: Cell):
    async with cell.connect(answering=False) as other, cell.face.listening():
        teller = other if cell.client.modern else cell.face
        # Twice, because the first could be that the server has become ready.
        for name in (f"grown_{uuid.uuid4().hex}" for _ in range(2)):
            cell.face.heard.clear()
            assert await teller.text("grows", name=name) == "grown"
            await cell.face.hear("notifications/tools/list_changed", lambda params: True, cell.patience)
            assert name in await cell.tools(teller)
