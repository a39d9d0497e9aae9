"""Real MCP servers with what they need, each a process of its own on the loopback interface."""
