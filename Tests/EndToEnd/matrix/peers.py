"""Who stands where: the rows and the columns of the matrix."""

from dataclasses import dataclass

MODERN = "2026-07-28"
# What the name of the server's second block in the configuration ends with.
SPARE = "-spare"


@dataclass(frozen=True)
class Client:
    revision: str
    # The path at the gateway: `sse` or `mcp`.
    transport: str
    # The line of the official Python SDK that it is made of.
    line: int

    @property
    def title(self) -> str:
        return f"{'HTTP+SSE' if self.transport == 'sse' else 'streamable HTTP'}, {self.revision}"

    @property
    def modern(self) -> bool:
        return self.revision == MODERN


@dataclass(frozen=True)
class Server:
    name: str
    title: str
    # Of the feature server: `servers/feature_server.py`.
    transport: str
    line: int

    @property
    def modern(self) -> bool:
        return self.line == 2


CLIENTS = (
    Client("2024-11-05", "sse", 1),
    Client("2025-03-26", "mcp", 1),
    Client("2025-06-18", "mcp", 1),
    Client("2025-11-25", "mcp", 1),
    Client(MODERN, "mcp", 2),
)

SERVERS = (
    Server("legacy-stdio", "legacy, stdio", "stdio", 1),
    Server("modern-stdio", "modern, stdio", "stdio", 2),
    Server("legacy-sse", "legacy, HTTP+SSE", "sse", 1),
    Server("legacy-http", "legacy, streamable HTTP", "streamable-http", 1),
    Server("modern-http", "modern, streamable HTTP", "streamable-http", 2),
)
