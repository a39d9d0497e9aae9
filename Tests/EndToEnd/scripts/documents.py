"""The blocks of code in the documents, so that what is printed is what is tested."""

import re
from dataclasses import dataclass
from pathlib import Path

from support.gateway import REPOSITORY

FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    document: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(REPOSITORY)}:{self.line}"


def blocks(*documents: Path) -> list[Block]:
    found = []
    for document in documents:
        text = document.read_text()
        for match in FENCE.finditer(text):
            indent = len(match["indent"])
            lines = [line[indent:] for line in match["text"].splitlines(keepends=True)]
            found.append(Block(document, text.count("\n", 0, match.start()) + 1, match["language"], "".join(lines)))
    return found


def block(document: str, language: str) -> str:
    """The only block of that language there."""
    [only] = [each for each in blocks(REPOSITORY / document) if each.language == language]
    return only.text
