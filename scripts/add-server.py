"""Adds one server to a configuration file, which is JSON with comments, and leaves every other byte as it is.

add-server.py FILE NAME BLOCK: prints the file with "NAME": BLOCK at the end of mcpServers; BLOCK is a JSON object.
Exit status 1, with a message, if that cannot be done.
"""

import json
import re
import sys

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<mark>[{}\[\]:,])|(?P<word>[^\s{}\[\]:,"/]+)""",
    re.DOTALL,
)


def fail(text: str):
    sys.exit(f"{sys.argv[1]}: {text}")


class Reader:
    """The tokens of a text, without spaces and comments: (kind, text, where it begins, where it ends)."""

    def __init__(self, text: str):
        self.tokens, position = [], 0
        while position < len(text):
            match = TOKEN.match(text, position)
            if match is None:
                fail(f"line {text.count(chr(10), 0, position) + 1}: this is no JSON")
            if match.lastgroup != "space":
                self.tokens.append((match.lastgroup, match.group(), match.start(), match.end()))
            position = match.end()
        self.at = 0

    def next(self, *wanted: str):
        if self.at == len(self.tokens):
            fail("it ends too early")
        token = self.tokens[self.at]
        if wanted and token[1] not in wanted and token[0] not in wanted:
            fail(f"expected {' or '.join(wanted)}, found {token[1]}")
        self.at += 1
        return token

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def skip_value(self) -> int:
        """Steps over one value, and returns where it ends."""
        kind, text, _, end = self.next()
        depth = text in ("{", "[")
        while depth:
            kind, text, _, end = self.next()
            depth += (text in ("{", "[")) - (text in ("}", "]"))
        if kind == "mark" and text not in ("}", "]"):
            fail(f"expected a value, found {text}")
        return end

    def members(self):
        """Of the object that comes: (key, where the key begins), the reader being before its value each time."""
        self.next("{")
        while self.peek() != "}":
            _, key, start, _ = self.next("string")
            self.next(":")
            yield json.loads(key), start
            if self.next(",", "}")[1] == "}":
                self.at -= 1
        self.next("}")


def add(text: str, name: str, block: dict) -> str:
    reader = Reader(text)
    for key, _ in reader.members():
        if key == "mcpServers":
            break
        reader.skip_value()
    else:
        fail('there is no "mcpServers" to add to')
    last_start, last_end = None, None
    for key, start in reader.members():
        if key == name:
            fail(f'line {text.count(chr(10), 0, start) + 1}: there is a server "{name}" already')
        last_start, last_end = start, reader.skip_value()
    closing = reader.tokens[reader.at - 1]
    before = reader.tokens[reader.at - 2]
    line = text.rfind("\n", 0, closing[2]) + 1
    alone = not text[line : closing[2]].strip()
    outer = re.match(r"[ \t]*", text[line:]).group()
    inner = outer + "  "
    if last_start is not None:
        before_key = text[text.rfind("\n", 0, last_start) + 1 : last_start]
        inner = before_key if not before_key.strip() else inner
    trailing = before[1] == ","
    shown = json.dumps(block, indent=2, ensure_ascii=False).replace("\n", "\n" + inner)
    entry = f"{inner}{json.dumps(name, ensure_ascii=False)}: {shown}{',' if trailing else ''}\n"
    end = line if alone else closing[2]
    head, tail = text[:end], text[end:]
    if last_end is not None and not trailing:
        head = head[:last_end] + "," + head[last_end:]
    return head + (entry + tail if alone else "\n" + entry + outer + tail)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        sys.stdout.write(add(file.read(), sys.argv[2], json.loads(sys.argv[3])))
