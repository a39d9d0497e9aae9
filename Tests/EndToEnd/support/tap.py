"""Listens to what the gateway says to its peers, both ways, and holds it against the schemas of the specification.

What a peer says is judged as well, and never fails a test: the gateway passes on what it is given, so what it sends may
have a flaw that its sender's message had, the same one in the same content. Every other flaw is the gateway's.
"""

import json
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from support import revisions
from support.revisions import MODERN, NEWEST_LEGACY, OTHER, Flaw

ENDPOINTS = ("mcp", "sse", "message")


@dataclass(frozen=True)
class Violation:
    flaw: Flaw
    revision: str
    receiver: str
    message: str

    def __str__(self) -> str:
        return f"to a {self.receiver} of {self.revision}: {self.flaw.text}\n    {self.message[:600]}"


class Tap:
    """All that is heard. `gateway_ports` are those at which HTTP is spoken with the gateway."""

    def __init__(self):
        self.is_listening = True
        self.gateway_ports: set[int] = set()
        self.sessions: dict[tuple, Conversation] = {}
        self.violations: list[Violation] = []
        self.excuses: set[tuple] = set()
        # How many messages of the gateway's were judged, by revision and receiver.
        self.judged = Counter()

    def exchange(self, port: int, method: str, target: str, headers: dict, body: bytes) -> "Exchange | None":
        """A request over HTTP to the gateway, if it is one of MCP."""
        if not self.is_listening or port not in self.gateway_ports:
            return None
        if urlsplit(target).path.rsplit("/", 1)[-1] not in ENDPOINTS:
            return None
        return Exchange.of(self, port, "server", method, target, headers, body)

    def judge(self, message, flaws: list[Flaw], revision: str, receiver: str, is_gateways: bool) -> None:
        if not is_gateways:
            self.excuses.update(flaw.mark for flaw in flaws if flaw.mark)
            return
        self.judged[revision, receiver] += 1
        if flaws:
            text = message if isinstance(message, str) else json.dumps(message)
            self.violations += [Violation(flaw, revision, receiver, text) for flaw in flaws]

    def take_violations(self) -> list[Violation]:
        """Those of the gateway's since the last time which no peer's message explains."""
        taken, self.violations = self.violations, []
        return [violation for violation in taken if violation.flaw.mark not in self.excuses]

    def assert_valid(self) -> None:
        found = self.take_violations()
        assert not found, f"{len(found)} violations of the schema\n" + "\n".join(map(str, found[:10]))


class Conversation:
    """One session, one process, or one exchange of those who need neither. `role` is the gateway's in it."""

    def __init__(self, tap: Tap, role: str, revision: str | None = None):
        self.tap = tap
        self.role = role
        self.revision = revision
        # What the requests were, by their senders and ids.
        self.asked: dict[tuple[str, str], str] = {}

    def heard(self, text: str, sender: str) -> None:
        """A message, or an array of them, by a client or a server."""
        is_gateways = sender == self.role
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            if is_gateways:
                flaw = Flaw("this is no JSON", None)
                self.tap.judge(text, [flaw], self.revision or NEWEST_LEGACY, OTHER[sender], True)
            return
        for message in content if isinstance(content, list) else [content]:
            revision, answered = self._place(message, sender)
            try:
                flaws = revisions.revision(revision).flaws(message, sender, answered)
            except RecursionError:
                continue
            self.tap.judge(message, flaws, revision, OTHER[sender], is_gateways)

    def _place(self, message, sender: str) -> tuple[str, str | None]:
        """The revision of a message, and which method it answers."""
        if not isinstance(message, dict):
            return self.revision or NEWEST_LEGACY, None
        method, id = message.get("method"), json.dumps(message.get("id"))
        if isinstance(method, str):
            self.asked[sender, id] = method
            if isinstance(claimed := revisions.claimed(message), str) and claimed in revisions.NAMES:
                self.revision = claimed
            return self.revision or NEWEST_LEGACY, None
        answered = self.asked.get((OTHER[sender], id))
        result = message.get("result")
        if answered == "initialize" and isinstance(result, dict):
            if isinstance(negotiated := result.get("protocolVersion"), str) and negotiated in revisions.NAMES:
                self.revision = negotiated
        return self.revision or NEWEST_LEGACY, answered


class Exchange:
    """One request over HTTP and its response, as they come. `role` is the gateway's."""

    def __init__(self, conversation: Conversation, key: tuple | None, port: int):
        self.conversation = conversation
        # By what its messages are known to be of the same session.
        self.key = key
        self.port = port
        self.status = 0
        self.is_stream = False
        self.pending = b""

    @classmethod
    def of(cls, tap: Tap, port: int, role: str, method: str, target: str, headers: dict, body: bytes):
        path = urlsplit(target)
        headers = {name.lower(): value for name, value in headers.items() if value is not None}
        session = headers.get("mcp-session-id") or _session_in(path.query)
        key = (port, session) if session else None
        text = body.decode(errors="replace")
        conversation = tap.sessions.get(key)
        if (modern := _is_modern(text, headers)) or conversation is None:
            conversation = Conversation(tap, role, MODERN if modern else None)
        exchange = cls(conversation, key, port)
        if text and method == "POST":
            conversation.heard(text, "client")
        return exchange

    def head(self, status: int, headers: dict) -> None:
        self.status = status
        headers = {name.lower(): value for name, value in headers.items()}
        self.is_stream = headers.get("content-type", "").startswith("text/event-stream")
        if session := headers.get("mcp-session-id"):
            self.conversation.tap.sessions[self.port, session] = self.conversation

    def data(self, piece: bytes) -> None:
        self.pending += piece
        if not self.is_stream:
            return
        *blocks, self.pending = self.pending.replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            lines = block.decode(errors="replace").split("\n")
            data = "\n".join(line[5:].removeprefix(" ") for line in lines if line.startswith("data:"))
            if "event: endpoint" in lines:
                session = _session_in(urlsplit(data).query)
                self.conversation.tap.sessions[self.port, session] = self.conversation
            elif data:
                self.conversation.heard(data, "server")

    def end(self) -> None:
        """The response is complete. A refusal need not be a message."""
        text = self.pending.decode(errors="replace")
        if not self.is_stream and text and (self.status == 200 or '"jsonrpc"' in text):
            self.conversation.heard(text, "server")


def _session_in(query: str) -> str | None:
    fields = parse_qs(query)
    return next((values[0] for name, values in fields.items() if name.lower().replace("_", "") == "sessionid"), None)


def _is_modern(text: str, headers: dict) -> bool:
    """Whether a request needs no session: it says so in its head or of itself."""
    if headers.get("mcp-protocol-version", "").strip() == MODERN:
        return True
    try:
        return revisions.claimed(json.loads(text)) == MODERN and '"initialize"' not in text
    except (ValueError, RecursionError):
        return False


TAP = Tap()
