"""What Open WebUI makes of an OpenAPI document, and how it calls (its `utils/tools.py`, 0.6 to autumn 2026), as rules."""

import json
from urllib.parse import urlsplit

from support import http1

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def at(reference: str, components: dict) -> dict:
    """What a reference means to it: the segments after `#/components`, whatever they are, nothing being `{}`."""
    found = components
    for segment in reference.strip("#/").split("/")[1:]:
        found = found.get(segment, {})
    return found


def expand(schema: dict, components: dict, follows_alternatives: bool) -> dict:
    """References are followed in properties and items, by newer versions in alternatives too; without an end, if there
    is none."""
    if not schema:
        return {}
    if "$ref" in schema:
        return expand(at(schema["$ref"], components), components, follows_alternatives)
    result = dict(schema)
    if "properties" in result:
        result["properties"] = {
            name: expand(inner, components, follows_alternatives) for name, inner in result["properties"].items()
        }
    if "items" in result:
        result["items"] = expand(result["items"], components, follows_alternatives)
    for key in ("oneOf", "anyOf", "allOf") if follows_alternatives else ():
        if key in result:
            result[key] = [expand(inner, components, follows_alternatives) for inner in result[key]]
    return result


def tools(document: dict, follows_alternatives: bool = True) -> dict[str, dict]:
    """The tools that a model is told of, by the names that it is told."""
    found = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method not in METHODS or not operation.get("operationId"):
                continue
            name = operation["operationId"]
            assert name not in found, f"of two operations with one name only the first is ever called: {name}"
            parameters = {"type": "object", "properties": {}, "required": []}
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if schema:
                body = expand(schema, document.get("components", {}), follows_alternatives)
                parameters["properties"] = body.get("properties", {})
                parameters["required"] = body.get("required", [])
            description = operation.get("description", operation.get("summary", ""))
            found[name] = {"description": description, "parameters": parameters}
    return found


async def fetch(port: int, url: str, key: str | None = None, path: str = "openapi.json") -> dict:
    """The document of a connection with this URL. Anything but 200 with JSON is an error."""
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    response = await http1.request(port, "GET", f"{urlsplit(url).path.rstrip('/')}/{path}", headers)
    assert response.status == 200, response
    return json.loads(response.text)


async def call(port: int, url: str, document: dict, name: str, arguments: dict, key: str | None = None):
    """What the model is shown: the answer, or an error with status and body."""
    path, operation = next(
        (path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation.get("operationId") == name
    )
    declares = bool(operation.get("requestBody", {}).get("content"))
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    body = json.dumps(arguments if declares and arguments else {}).encode()
    response = await http1.request(port, "POST", f"{urlsplit(url).path.rstrip('/')}{path}", headers, body.decode())
    if response.status >= 400:
        return {"error": f"HTTP error {response.status}: {response.text}"}
    return json.loads(response.text)
