#!/usr/bin/env python3
"""Writes the manual pages: what people wrote in docs/man, with the commands and keys that the program really has.

    man-pages.py BINARY DATE DIRECTORY

Commands are what BINARY tells of itself, keys those of the schema in config/. DATE is that of the last change.
"""

import json
import pathlib
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
GLOBAL_OPTIONS = {"help", "version"}


def text(words: str) -> str:
    """Running text as mdoc takes it: one line a sentence or paragraph, nothing in it that is a macro."""
    lines = []
    for line in words.strip().split("\n"):
        line = line.strip().replace("\\", "\\e").replace("-", "\\-")
        if not line:
            lines.append(".Pp")
            continue
        for sentence in line.replace(". ", ".\n").split("\n"):
            wrapped = textwrap.wrap(sentence, 79, break_long_words=False, break_on_hyphens=False)
            lines += ["\\&" + part if part[0] in ".'" else part for part in wrapped]
    return "\n".join(lines)


def argument(word: str) -> str:
    """One argument of a macro."""
    return '"' + word.replace("\\", "\\e").replace('"', '""') + '"'


def visible(arguments: list) -> list:
    return [item for item in arguments if item["shouldDisplay"] and item["valueName"] not in GLOBAL_OPTIONS]


def flags(item: dict) -> str:
    """The names of an option as arguments of a macro, the short ones first."""
    names = sorted(item["names"], key=lambda name: len(name["name"]))
    words = ["Fl " + argument(("-" if name["kind"] == "long" else "") + name["name"]) for name in names]
    value = f" Ar {argument(item['valueName'])}" if item["kind"] == "option" else ""
    return " , ".join(words) + value


def synopsis(item: dict) -> str:
    """How an argument is written on a command line."""
    if item["kind"] == "positional":
        word = f"Ar {argument(item['valueName'])}"
        if item["isRepeating"]:
            word += " ..."
    else:
        preferred = dict(item, names=[item["preferredName"]])
        word = flags(preferred)
    return f".Op {word}" if item["isOptional"] else f".{word}"


def description(item: dict) -> str:
    words = item.get("abstract", "")
    if item.get("defaultValue"):
        words += f" The default is {item['defaultValue']}."
    return text(words) if words else ""


def commands(command: dict, path: list) -> list:
    """Every command below this one that is not hidden, with the words that call it."""
    found = []
    for sub in command.get("subcommands", []):
        if not sub.get("shouldDisplay", True) or sub["commandName"] == "help":
            continue
        words = path + [sub["commandName"]]
        below = commands(sub, words)
        found += below if below else [(words, sub)]
    return found


def command_page(tool: dict) -> dict:
    usage, listed = [], ["Each of them tells more with", '.Fl "-help" .']
    for words, command in commands(tool["command"], []):
        arguments = visible(command.get("arguments", []))
        usage += [".Nm", f".Cm {argument(' '.join(words))}"] + [synopsis(item) for item in arguments]
        listed += [f".Ss {argument(' '.join(words))}", text(command["abstract"])]
        if command.get("discussion"):
            listed += [".Pp", text(command["discussion"])]
        if arguments:
            listed += [".Bl -tag -width Ds"]
            for item in arguments:
                name = f"Ar {argument(item['valueName'])}" if item["kind"] == "positional" else flags(item)
                listed += [f".It {name}", description(item)]
            listed += [".El"]
    return {"@SYNOPSIS@": usage, "@COMMANDS@": listed}


def resolved(schema: dict, node: dict) -> dict:
    """A node with what it refers to; its own words win."""
    if "$ref" not in node:
        return node
    return resolved(schema, schema["$defs"][node["$ref"].rsplit("/", 1)[1]]) | node


def kind(schema: dict, node: dict) -> str:
    reference = node.get("$ref", "").rsplit("/", 1)[-1]
    named = {"duration": "duration", "durationOrZero": "duration", "size": "size", "count": "whole number"}
    if reference in named:
        return named[reference]
    if reference in schema["$defs"]:
        return kind(schema, schema["$defs"][reference])
    if "anyOf" in node:
        kinds = [kind(schema, item) for item in node["anyOf"] if item != {"$ref": "#/$defs/variable"}]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in node:
        return " or ".join(json.dumps(value) for value in node["enum"])
    words = {"string": "text", "integer": "whole number", "array": "list of texts"}
    types = node.get("type", [])
    return " or ".join(words.get(name, name) for name in ([types] if isinstance(types, str) else types))


def definition_of(schema: dict, node: dict) -> dict | None:
    """The object with keys of its own that a value may be, if it may be one."""
    for choice in [node, *node.get("anyOf", [])]:
        full = resolved(schema, choice)
        if full.get("properties"):
            return full
    return None


def keys(schema: dict, path: str, definition: dict) -> list:
    """A section of the keys at a path, followed by those of the objects below it."""
    lines = [f".Sh {argument(path)}", text(definition.get("description", "")), ".Bl -tag -width Ds"]
    below = []
    for name, node in definition["properties"].items():
        full = resolved(schema, node)
        words = full.get("description", "")
        if "default" in full and full["default"] not in ([], {}):
            words += f" The default is {json.dumps(full['default'])}."
        kind_of = kind(schema, node)
        lines += [f".It {argument(name)}" + (f" Pq {argument(kind_of)}" if kind_of else ""), text(words)]
        if inner := definition_of(schema, node):
            below += keys(schema, f"{path}.{name}", inner)
        entries = full.get("additionalProperties")
        if isinstance(entries, dict) and (inner := definition_of(schema, entries)):
            below += keys(schema, f"{path}.{name}.NAME", inner)
    return lines + [".El"] + below


def key_page(schema: dict) -> dict:
    file = schema["$defs"]["file"]["properties"]
    proxy = resolved(schema, file["mcpProxy"])
    server = resolved(schema, file["mcpServers"]["additionalProperties"])
    return {"@KEYS@": keys(schema, "mcpProxy", proxy) + keys(schema, "mcpServers.NAME", server)}


def main() -> None:
    binary, date, directory = sys.argv[1:]
    dump = subprocess.run([binary, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
    schema = json.loads((ROOT / "config/mcp-gateway.schema.json").read_text())
    parts = command_page(json.loads(dump)) | key_page(schema) | {"@DATE@": [date]}
    for source in sorted((ROOT / "docs/man").glob("*.in")):
        page = source.read_text()
        for mark, lines in parts.items():
            page = page.replace(f'.\\" {mark}', "\n".join(lines)).replace(mark, "\n".join(lines))
        lines = [line for line in page.split("\n") if line]
        (pathlib.Path(directory) / source.stem).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
