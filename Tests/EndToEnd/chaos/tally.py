"""What happened, counted, so that a run in which nothing happened is no success."""

from collections import Counter


class Tally(Counter):
    """`refused` has the texts of errors, without what is different each time."""

    def __init__(self):
        super().__init__()
        self.refused: Counter[str] = Counter()

    def refuse(self, error: dict) -> None:
        """An answer all the same, if it says whose fault it is."""
        assert error["code"] in ALLOWED, error
        self["refused"] += 1
        self.refused[error["message"][:60]] += 1

    def report(self) -> str:
        return "\n".join(
            [", ".join(f"{count} {what}" for what, count in sorted(self.items()))]
            + [f"  {count} refused: {text}" for text, count in self.refused.most_common(8)]
        )


# What the gateway says of a server that was killed or is not up yet, and of a call that was cancelled.
ALLOWED = {-32603, -32800}
