"""What a client has received, less what differs from one run to the next."""

import json

from support.interactive import InteractiveClient
from support.validity import assert_valid


def transcript(client: InteractiveClient) -> list[dict]:
    """Every message in the order it came, but for the answer to `initialize`, which is the session's description."""
    received = [json.loads(text) for text in client.session.received]
    questions = [message["id"] for message in received if is_question(message)]
    kept = []
    for message in received:
        assert_valid(message, client.methods.get(message.get("id")))
        if is_question(message):
            # The gateway gives its clients ids of its own.
            kept.append(message | {"id": f"question {questions.index(message['id'])}"})
        elif message.get("id") != client.session.description["id"]:
            kept.append(message)
    return kept


def is_question(message: dict) -> bool:
    return "method" in message and "id" in message


def without_order(messages: list[dict]) -> list[str]:
    return sorted(json.dumps(message, sort_keys=True) for message in messages)
