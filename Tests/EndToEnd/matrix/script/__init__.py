"""The script that is played in every cell, in this order."""

from matrix.script import calls, lists, questions, news, limits  # noqa: F401, I001
