"""An MCP server over stdio of 2025-11-25 that asks its client before it answers a tool's call.

    python asker.py FILE            writes every line that it gets into FILE
    python asker.py FILE --silent   never answers the call, whatever its client says
"""

import json
import sys

FORM = {"message": "Who?", "requestedSchema": {"type": "object", "properties": {"name": {"type": "string"}}}}
TOOL = {"name": "asks", "inputSchema": {"type": "object"}}


def send(**message) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def main() -> None:
    calls: dict[str, object] = {}
    with open(sys.argv[1], "a", buffering=1) as received:
        for line in sys.stdin:
            received.write(line)
            message = json.loads(line)
            id, method = message.get("id"), message.get("method")
            if method == "initialize":
                server = {"name": "asker", "version": "1"}
                send(id=id, result={"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": server})
            elif method == "tools/list":
                send(id=id, result={"tools": [TOOL]})
            elif method == "tools/call":
                calls[f"question {id}"] = id
                send(id=f"question {id}", method="elicitation/create", params=FORM)
            elif method is not None and id is not None:
                send(id=id, result={})
            elif id in calls and "--silent" not in sys.argv:
                text = json.dumps(message.get("result", message.get("error")))
                send(id=calls.pop(id), result={"content": [{"type": "text", "text": text}]})


if __name__ == "__main__":
    main()
