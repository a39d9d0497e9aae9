"""Every payload carries the mark of the session it belongs to, so that no message of another's goes unnoticed."""

import re

MARK = re.compile(r"mark-\d+-\d+-")


def mark(player: int, life: int) -> str:
    return f"mark-{player}-{life}-"


def assert_own(text: str, own: str) -> None:
    foreign = set(MARK.findall(text)) - {own}
    assert not foreign, f"the session of {own} received what belongs to {foreign}: {text[:500]}"
