"""The revisions of MCP, as the specification's own JSON schemas say what each message is (`schemas/`)."""

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
NAMES = tuple(sorted(path.stem for path in SCHEMAS.glob("*.json")))
MODERN = "2026-07-28"
NEWEST_LEGACY = "2025-11-25"
VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
OTHER = {"client": "server", "server": "client"}


@dataclass(frozen=True)
class Flaw:
    """What a schema has against a message. `mark` is equal for the same flaw in the same content, wherever it stands in
    a list and under whichever id: that is how what somebody passes on is known again. An envelope is its sender's own, so
    its flaws have none."""

    text: str
    mark: tuple | None


class Revision:
    def __init__(self, name: str):
        # Not every environment has it, and not in every one is anybody listened to.
        from jsonschema.validators import validator_for
        from referencing import Registry
        from referencing.jsonschema import specification_with

        self.name = name
        schema = json.loads((SCHEMAS / f"{name}.json").read_text())
        self.key = "definitions" if "definitions" in schema else "$defs"
        self.definitions = schema[self.key]
        self.validator_class = validator_for(schema)
        resource = specification_with(schema["$schema"]).create_resource(schema)
        self.registry = Registry().with_resource(f"urn:mcp:{name}", resource)
        self.methods = {
            (role, kind): dict(self._methods(f"{role.title()}{kind.title()}"))
            for role in ("client", "server")
            for kind in ("request", "notification")
        }

    def _methods(self, union: str):
        """The methods of a union of messages, and their definitions."""
        definition = self.definitions.get(union, {"anyOf": []})
        references = [entry["$ref"] for entry in definition["anyOf"]] if "anyOf" in definition else [f"/{union}"]
        for name in (reference.rsplit("/", 1)[1] for reference in references):
            yield self.definitions[name]["properties"]["method"]["const"], name

    @functools.cache
    def validator(self, definition: str):
        reference = f"urn:mcp:{self.name}#/{self.key}/{definition}"
        return self.validator_class({"$ref": reference}, registry=self.registry)

    def flaws(self, message, sender: str, answered: str | None = None) -> list[Flaw]:
        """What is wrong with a message by `sender`, a client or a server; `answered` is the method of the request that
        it is the response to, where that is known."""
        if not isinstance(message, dict):
            return [Flaw(f"{json.dumps(message)[:80]} is no message", None)]
        if "method" in message:
            return self._of_method(message, sender)
        if "error" in message:
            return self._of_error(message)
        return self._of_response(message, answered)

    def _of_method(self, message: dict, sender: str) -> list[Flaw]:
        kind = "request" if "id" in message else "notification"
        found = self._against(f"JSONRPC{kind.title()}", message)
        method = message["method"]
        if not isinstance(method, str):
            return found
        if definition := self.methods[sender, kind].get(method):
            return found + self._against(definition, message)
        if method in known_methods():
            found.append(Flaw(f"a {sender} sends no {kind} {method} in {self.name}", ("method", kind, method)))
        return found

    def _of_error(self, message: dict) -> list[Flaw]:
        # Before 2025-11-25 the schema demands an id, and JSON-RPC 2.0 §5 null where that of the request was unreadable.
        if message.get("id", "") is None and self.name != MODERN:
            message = message | {"id": 0}
        name = "JSONRPCErrorResponse" if "JSONRPCErrorResponse" in self.definitions else "JSONRPCError"
        special = self._errors.get(self._code(message))
        return self._against(name, message) + (self._against(special, message) if special else [])

    @staticmethod
    def _code(message: dict):
        error = message["error"]
        code = error.get("code") if isinstance(error, dict) else None
        return code if type(code) is int else None

    @functools.cached_property
    def _errors(self) -> dict[int, str]:
        """The definitions of errors that a revision describes by their code."""
        found = {}
        for name, definition in self.definitions.items():
            for part in definition.get("properties", {}).get("error", {}).get("allOf", []):
                if "const" in (code := part.get("properties", {}).get("code", {})):
                    found[code["const"]] = name
        return found

    def _of_response(self, message: dict, answered: str | None) -> list[Flaw]:
        name = "JSONRPCResultResponse" if "JSONRPCResultResponse" in self.definitions else "JSONRPCResponse"
        result = message.get("result")
        if not isinstance(result, dict):
            return self._against(name, message)
        return self._against(name, message) + self._against(self._result(answered, result), result, ("result",))

    def _result(self, answered: str | None, result: dict) -> str:
        """The definition of a request's result."""
        request = self._requests.get(answered, "")
        if self.name == MODERN and result.get("resultType") == "input_required":
            response = self.definitions.get(request.removesuffix("Request") + "ResultResponse", {})
            allowed = json.dumps(response.get("properties", {}).get("result", {}))
            return "InputRequiredResult" if "InputRequiredResult" in allowed else "NoInputIsRequiredHere"
        if self.name == NEWEST_LEGACY and "task" in result and answered == "tools/call":
            return "CreateTaskResult"
        name = request.removesuffix("Request") + "Result"
        return name if request and name in self.definitions else "EmptyResult"

    @functools.cached_property
    def _requests(self) -> dict[str, str]:
        return self.methods["client", "request"] | self.methods["server", "request"]

    def _against(self, definition: str, instance, place: tuple = ()) -> list[Flaw]:
        if definition not in self.definitions:
            return [Flaw(f"{self.name} has no {definition}", None)]
        found = []
        for error in self.validator(definition).iter_errors(instance):
            path = place + tuple(error.absolute_path)
            text = f"{definition}, {'/'.join(map(str, path)) or 'as a whole'}: {error.message[:300]}"
            names = "*".join(str(step) for step in path if type(step) is str)
            is_envelope = bool(path) and path[0] in ("id", "jsonrpc", "method")
            found.append(Flaw(text, None if is_envelope else (names, error.validator, _digest(error.instance))))
        return found


def _digest(content) -> str:
    """Without what is the gateway's to choose."""
    if isinstance(content, dict):
        content = {key: value for key, value in content.items() if key not in ("id", "jsonrpc", "_meta")}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@functools.cache
def revision(name: str) -> Revision:
    return Revision(name)


@functools.cache
def known_methods() -> frozenset[str]:
    """Every method of any revision. What none knows may be sent in all of them: it is some extension's."""
    return frozenset(method for name in NAMES for methods in revision(name).methods.values() for method in methods)


def claimed(message) -> str | None:
    """The revision that a request says it is of."""
    params = message.get("params") if isinstance(message, dict) else None
    if not isinstance(params, dict):
        return None
    if message.get("method") == "initialize":
        version = params.get("protocolVersion")
    else:
        meta = params.get("_meta")
        version = meta.get(VERSION_KEY) if isinstance(meta, dict) else None
    return version if isinstance(version, str) else None
