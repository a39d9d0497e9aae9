"""Requests of MCP 2026-07-28 as they should be, and in all the ways in which they should not.

Everything is drawn from one generator of random numbers, so that a seed gives the same requests again; only the states
that the gateway hands out differ from run to run.
"""

import base64
import json
import random
from dataclasses import dataclass, field

from support.stateless import KEY, NAMED, VERSION

PEOPLE = ("alice", "bob")
EVERYTHING = {"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}}
# An id that cannot be read, or that nobody should answer under.
UNKNOWN = object()


@dataclass
class State:
    """A call that waits for its client: what was asked for, and by whom."""

    state: str
    keys: list[str]
    server: str
    params: dict
    person: str
    # Whether a call went on with it; from then on nobody's does.
    is_used: bool = False


@dataclass
class Shot:
    """One request, its bytes to be made. `codes` are those of which one must come, where that is known: 0 is a result,
    and a status stands for an answer without a message."""

    person: str
    method: str
    params: dict
    what: str = "valid"
    server: str = "fixture"
    id: object = 1
    verb: str = "POST"
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None
    codes: set[int] | None = None
    # What the answer of `echo` has in it.
    mark: str | None = None
    is_chunked: bool = False
    # What it goes on with, if that may be.
    state: State | None = None
    # Whether the head is damaged, so that any refusal will do.
    is_damaged: bool = False

    @property
    def target(self) -> str:
        return f"/{self.server}/mcp" if self.server else "/mcp"

    def bytes(self, port: int, last: bool = False) -> bytes:
        lines = [f"{self.verb} {self.target} HTTP/1.1"]
        fields = [*self.headers, ("Connection", "close")] if last else list(self.headers)
        if not any(name.lower() == "host" for name, _ in fields):
            fields.insert(0, ("Host", f"127.0.0.1:{port}"))
        body = self.body or b""
        fields.append(("Transfer-Encoding", "chunked") if self.is_chunked else ("Content-Length", str(len(body))))
        lines += [f"{name}: {value}" for name, value in fields]
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + (
            b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in _pieces(body)) + b"0\r\n\r\n"
            if self.is_chunked else body
        )

    def __str__(self) -> str:
        body = (self.body or b"")[:400]
        return f"{self.what} of {self.person}: {self.verb} {self.target} {self.headers} {body!r}, expecting {self.codes}"


def _pieces(body: bytes) -> list[bytes]:
    return [body[start : start + 97] for start in range(0, len(body), 97)] if len(body) < 4096 else [body]


class Shooter:
    """Makes shots. `states` is where those are kept that the gateway has handed out."""

    def __init__(self, seed: int, number: int, states: list[State], modern: bool):
        self.dice = random.Random(f"{seed}/{number}")
        self.person = PEOPLE[number % len(PEOPLE)]
        self.states = states
        self.modern = modern
        self.count = number << 32

    def shot(self) -> Shot:
        kinds = (
            (30, self.valid), (12, self.wrong_header), (8, self.encoded_name), (12, self.retry), (8, self.odd_meta),
            (12, self.damaged_body), (8, self.odd_envelope), (5, self.odd_head), (5, self.parameters),
        )
        (make,) = self.dice.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])
        return make()

    # MARK: What is as it should be

    def valid(self) -> Shot:
        self.count += 1
        mark = f"{self.person}~{self.count}"
        shot = Shot(self.person, *self._call(mark), id=self.dice.choice([self.count, f"{self.count}", mark]))
        if shot.params.get("name") == "echo":
            shot.mark, shot.codes = mark, {0}
        if self.modern and self.dice.random() < 0.3:
            shot.server = "modern"
            shot.mark = shot.codes = None
            if "name" in shot.params and shot.method == "tools/call":
                shot.params["name"] = self.dice.choice(["echo", "greet", "interview", "later", "steps", "login"])
                shot.params["arguments"] = {"count": 2} if shot.params["name"] == "steps" else {"text": mark}
        return self._dressed(shot)

    def _call(self, mark: str) -> tuple[str, dict]:
        def tool(name, **arguments):
            return "tools/call", {"name": name, "arguments": arguments}

        return self.dice.choice([
            lambda: tool("echo", text=mark), lambda: tool("echo", text=mark, rest=self.oddity(3)),
            lambda: tool("echo", text=mark + "x" * self.dice.randrange(20_000)),
            lambda: tool("test_elicitation", message=mark), lambda: tool("test_elicitation", message=mark),
            lambda: tool("needs_url", id=mark, url="https://example.org/"),
            lambda: tool("progress", steps=self.dice.randrange(1, 6)), lambda: tool("log", level="warning"),
            lambda: tool("sleep", ms=self.dice.randrange(20)), lambda: tool("fail"), lambda: tool("tool_error"),
            lambda: tool("big", bytes=self.dice.randrange(1, 300_000)), lambda: tool("no such tool"),
            lambda: tool("list_changed", what=self.dice.choice(["tools", "prompts", "resources"])),
            lambda: ("tools/list", {}), lambda: ("prompts/list", {}), lambda: ("resources/list", {}),
            lambda: ("resources/templates/list", {}), lambda: ("server/discover", {}),
            lambda: ("resources/read", {"uri": "test://static-text"}), lambda: ("resources/read", {"uri": "no://where"}),
            lambda: ("prompts/get", {"name": "test_simple_prompt"}),
            lambda: ("completion/complete", {"ref": {"type": "ref/prompt", "name": "test_prompt_with_arguments"},
                                             "argument": {"name": "arg1", "value": "p"}}),
            lambda: (self.dice.choice(["ping", "initialize", "logging/setLevel", "no/such", "resources/subscribe"]), {}),
        ])()

    def _dressed(self, shot: Shot, **meta) -> Shot:
        """With its metadata, its body and its head."""
        own = {KEY + "protocolVersion": VERSION, KEY + "clientCapabilities": self.dice.choice([EVERYTHING, {}])}
        if self.dice.random() < 0.5:
            own[KEY + "clientInfo"] = {"name": f"client of {shot.person}", "version": "1"}
        if self.dice.random() < 0.3:
            own[KEY + "logLevel"] = self.dice.choice(["debug", "warning", "error"])
        if self.dice.random() < 0.4:
            own["progressToken"] = self.dice.choice([shot.id, f"{shot.person}~token", 0])
        params = {**shot.params, "_meta": own | meta}
        message = {"jsonrpc": "2.0", "id": shot.id, "method": shot.method, "params": params}
        shot.body = json.dumps(message, ensure_ascii=self.dice.random() < 0.5).encode()
        shot.headers = [
            ("Authorization", f"Bearer token-of-{shot.person}"), ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"), ("MCP-Protocol-Version", VERSION),
            ("Mcp-Method", shot.method),
        ]
        if shot.method in NAMED and isinstance(name := shot.params.get(NAMED[shot.method]), str):
            shot.headers.append(("Mcp-Name", _field(name)))
        shot.is_chunked = self.dice.random() < 0.1
        return shot

    # MARK: What disagrees

    def wrong_header(self) -> Shot:
        shot = self.valid()
        names = [name for name, _ in shot.headers if name.lower().startswith("mcp-")]
        name = self.dice.choice(names)
        index = next(index for index, (other, _) in enumerate(shot.headers) if other == name)
        value = shot.headers[index][1]
        what = self.dice.choice(["missing", "other", "twice", "case", "nothing"])
        if what == "missing":
            del shot.headers[index]
        elif what == "other":
            shot.headers[index] = (name, value + self.dice.choice(["x", "/", "\x7f", "é", "?="]))
        elif what == "twice":
            shot.headers.insert(self.dice.randrange(len(shot.headers)), (name.lower(), value))
        elif what == "case":
            shot.headers[index] = (name, value.swapcase())
        else:
            shot.headers[index] = (name, "")
        is_same = what == "case" and value.swapcase() == value
        shot.what = f"{name} {what}"
        shot.codes = None if is_same else {-32020}
        shot.is_damaged = what == "other"
        shot.mark = None
        return shot

    def encoded_name(self) -> Shot:
        shot = self.valid()
        shot.what, shot.mark = "encoded name", None
        index = next((index for index, (name, _) in enumerate(shot.headers) if name == "Mcp-Name"), None)
        if index is None:
            return shot
        name = shot.params[NAMED[shot.method]]
        text = base64.b64encode(name.encode()).decode()
        good = self.dice.random() < 0.4
        value = self.dice.choice([f"=?base64?{text}?=", f" \t=?base64?{text}?=  ", f"  {name} "]) if good else (
            self.dice.choice([
                f"=?base64?{text.rstrip('=')}x?=", f"=?base64?{text}=?=", f"=?BASE64?{text}?=", f"=?base64?{text}?",
                f"?base64?{text}?=", "=?base64?/w==?=", "=?base64??=", f"=?base64?{text[:-2]}\x01?=",
                f"=?base64?{base64.b64encode(text.encode()).decode()}?=", f"=?base64? {text}?=",
            ])
        )
        shot.headers[index] = ("Mcp-Name", value)
        if not good:
            shot.what, shot.codes, shot.is_damaged = f"wrongly encoded name {value!r}", {-32020}, "\x01" in value
        return shot

    def retry(self) -> Shot:
        """A call made again with a state: one's own, used already, somebody else's, damaged or invented."""
        shot = self.valid()
        shot.mark, shot.what = None, "invented state"
        state = self.dice.choice(self.states) if self.states and self.dice.random() < 0.8 else None
        retry = {"inputResponses": self.oddity(2), "requestState": self.dice.choice(
            ["", "forged", "v1.k3." + "A" * 60, "\u0000", "9" * 5000, "=?base64?eA==?="])}
        shot.codes = {-32602}
        if state:
            shot.method, shot.params, shot.server = "tools/call", dict(state.params), state.server
            responses = {key: {"action": "accept", "content": {"name": "Ada", "username": "ada"}} for key in state.keys}
            retry = {"inputResponses": responses, "requestState": state.state}
            shot.what = self.dice.choice(["damaged state", "state for another request", "state", "state", "malformed"])
            if state.person != self.person or state.is_used:
                shot.what = "state of somebody else's" if state.person != self.person else "state again"
            elif shot.what == "damaged state":
                place = self.dice.randrange(len(state.state))
                other = self.dice.choice([letter for letter in "AQgw" if letter != state.state[place]])
                retry["requestState"] = state.state[:place] + other + state.state[place + 1 :]
            elif shot.what == "state for another request":
                shot.params["arguments"] = {"message": f"{self.person}~{self.count} another"}
            elif shot.what == "state":
                # It may have expired in the meantime, and others may try as well.
                shot.state, shot.codes = state, {0, -32602, -32603, -32021}
            else:
                retry["inputResponses"] = self.dice.choice([[], "x", None, 7])
                # What is null is not there.
                shot.codes = None
        elif shot.method not in ("tools/call", "prompts/get", "resources/read"):
            shot.codes = None
        shot.params |= retry
        return self._dressed(shot)

    def parameters(self) -> Shot:
        """Arguments that stand in the head as well, and should be the same there."""
        if not self.modern:
            return self.valid()
        self.count += 1
        arguments = self.dice.choice([{"region": "eu"}, {"count": 42}, {"region": "ü", "count": 0}, {"region": None}, {}])
        shot = self._dressed(Shot(self.person, "tools/call", {"name": "echo", "arguments": arguments}, "parameters",
                                  "modern", self.count))
        right = {f"Mcp-Param-{name.title()}": _field(str(value)) for name, value in arguments.items() if value is not None}
        given = dict(right)
        if self.dice.random() < 0.6:
            name = self.dice.choice(["Mcp-Param-Region", "Mcp-Param-Count"])
            if given.pop(name, None) is None or self.dice.random() < 0.5:
                given[name] = self.dice.choice(["us", "43", "=?base64?eA=?=", "nan", "9" * 40])
        if self.dice.random() < 0.3:
            given["Mcp-Param-Nobody"] = "x"
        shot.headers += given.items()
        relevant = {name: value for name, value in given.items() if name != "Mcp-Param-Nobody"}
        shot.codes = {0} if relevant == right else {-32020}
        return shot

    # MARK: What is odd

    def odd_meta(self) -> Shot:
        shot = self.valid()
        what = self.dice.choice(["huge", "deep", "many", "wrong", "missing", "twice", "unknown"])
        shot.what, deep = f"{what} _meta", self.dice.randrange(2, 400)
        if what == "huge":
            return self._dressed(shot, huge="h" * self.dice.randrange(200_000))
        if what == "many":
            return self._dressed(shot, **{f"key {number}": number for number in range(self.dice.randrange(5000))})
        if what == "unknown":
            return self._dressed(shot, **{KEY + "unknown": self.oddity(3), "progressToken": self.oddity(1)})
        shot.mark = None
        if what == "deep":
            self._dressed(shot, deep="DEEP")
            shot.body = shot.body.replace(b'"DEEP"', b"[" * deep + b"]" * deep)
            # The message, its params and its metadata are three levels.
            shot.codes = {-32700} if deep + 3 > 128 else None
        elif what == "wrong":
            key = self.dice.choice(["protocolVersion", "clientCapabilities", "clientInfo", "logLevel"])
            wrong = self.dice.choice([7, [], True, [{}]])
            self._dressed(shot, **{KEY + key: wrong})
            shot.codes = {-32602}
        elif what == "missing":
            key = self.dice.choice(["protocolVersion", "clientCapabilities"])
            shot.body = shot.body.replace((KEY + key).encode(), b"elsewhere/" + key.encode())
            shot.codes = {-32602}
        else:
            version = f'"{KEY}protocolVersion"'.encode()
            shot.body = shot.body.replace(version, version + b': "2025-11-25", ' + version, 1)
            shot.codes = {-32602}
        return shot

    def damaged_body(self) -> Shot:
        shot = self.valid()
        shot.what, shot.mark, shot.codes, shot.id = "damaged body", None, None, UNKNOWN
        body = bytearray(shot.body)
        for _ in range(self.dice.choice([1, 1, 2, 8])):
            start = self.dice.randrange(len(body) or 1)
            match self.dice.randrange(7):
                case 0: body[start : start + 1] = bytes([self.dice.randrange(256)])
                case 1: del body[start : start + self.dice.randrange(1, 40)]
                case 2: body[start:start] = body[start : start + self.dice.randrange(1, 60)]
                case 3: body[start:start] = self.dice.choice([b"\xff", b"\x00", b"\xed\xa0\x80", b"\\ud800", b"\xc0\x80"])
                case 4: del body[start:]
                case 5: body[start:start] = json.dumps(self.oddity(3)).encode()
                case 6: body += self.dice.choice([b"}", b" ", b"null", b"\n\n", b"{}", b"\xef\xbb\xbf"])
        shot.body = bytes(body)
        return shot

    def odd_envelope(self) -> Shot:
        shot = self.valid()
        message = json.loads(shot.body)
        shot.mark, shot.id = None, UNKNOWN
        what = self.dice.choice(["batch", "empty batch", "response", "notification", "cancel", "id", "params", "no"])
        shot.what, shot.codes = f"odd envelope: {what}", {-32600}
        if what == "batch":
            message = [message] * self.dice.randrange(1, 4)
        elif what == "empty batch":
            message = []
        elif what == "response":
            message = {"jsonrpc": "2.0", "id": 1, "result": self.dice.choice([{}, {"action": "accept"}])}
        elif what in ("notification", "cancel"):
            del message["id"]
            shot.codes = {202}
            if what == "cancel":
                message |= {"method": "notifications/cancelled", "params": {"requestId": self.count - 1}}
        elif what == "id":
            message["id"] = self.dice.choice([None, 1.5, True, [], {}])
        elif what == "params":
            message["params"] = self.dice.choice([[], 7, "x", None])
            shot.codes = {-32600, -32602}
        else:
            del message[self.dice.choice(["jsonrpc", "method"])]
        shot.body = json.dumps(message).encode()
        return shot

    def odd_head(self) -> Shot:
        shot = self.valid()
        shot.is_damaged, shot.mark, shot.codes, shot.what = True, None, None, "odd head"
        replace = self.dice.choice([
            ("Accept", "text/event-stream"), ("Accept", "application/json"), ("Accept", "text/html"), ("Accept", ""),
            ("Content-Type", "text/plain"), ("Content-Type", "application/json; charset=utf-16"), ("Host", "evil.example"),
            ("Origin", "https://evil.example"), ("Authorization", "Bearer nobody"), ("Authorization", ""),
            ("Mcp-Session-Id", "nobody's"), ("Last-Event-ID", "1.1"), ("Expect", "nothing"), ("X-Huge", "h" * 70_000),
            ("MCP-Protocol-Version", "2099-01-01"), ("MCP-Protocol-Version", "2025-11-25"), ("Cookie", "a=b"),
        ])
        shot.headers = [(name, value) for name, value in shot.headers if name != replace[0]] + [replace]
        if self.dice.random() < 0.2:
            shot.verb, shot.body, shot.id = self.dice.choice(["GET", "DELETE", "PUT", "OPTIONS", "PATCH"]), b"", UNKNOWN
            shot.is_chunked = False
        return shot

    def oddity(self, depth: int):
        """Some JSON."""
        match self.dice.randrange(9 if depth else 6):
            case 0: return self.dice.choice([0, -1, 1 << 63, 9007199254740993, 10**400, 1e-400])
            case 1: return self.dice.choice([True, False, None])
            case 2: return self.dice.choice(["", "\u0000", "\u2028", "\U0001f680", "\ufeff", "a" * 300, '"\\/'])
            case 3: return 1e308
            case 4 | 5: return self.dice.choice([{}, [], [[]], {"": {}}])
            case 6 | 7: return {self.dice.choice("abc_"): self.oddity(depth - 1) for _ in range(3)}
            case _: return [self.oddity(depth - 1) for _ in range(3)]


def _field(text: str) -> str:
    """A value as a header carries it."""
    is_plain = text.isascii() and text.isprintable() and text == text.strip() and text
    return text if is_plain else f"=?base64?{base64.b64encode(text.encode()).decode()}?="
