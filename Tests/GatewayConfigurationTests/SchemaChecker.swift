import Foundation

@testable import GatewayConfiguration

/// Checks a file against a JSON Schema of 2020-12, as far as the published one goes: a keyword that is not known here
/// is a mistake in the schema, not a pass.
struct SchemaChecker {
    let root: JSONNode

    struct UnknownKeyword: Error {
        var keyword: String
    }

    /// Where, and how, `value` goes against the schema; nothing if it does not.
    func mistakes(in value: JSONNode) throws -> [String] {
        try mistakes(in: value, schema: root, at: "$")
    }

    /// The schema at a definition's name.
    func definition(_ name: String) -> JSONNode? {
        root["$defs"]?[name]
    }

    private static let annotations: Set = ["$schema", "$defs", "title", "description", "default", "examples"]

    private func mistakes(in value: JSONNode, schema: JSONNode, at path: String) throws -> [String] {
        guard case .object(let keywords) = schema.value else { return schema.value == .bool(false) ? [path] : [] }
        return try keywords.filter { !Self.annotations.contains($0.key) }.flatMap { keyword in
            try check(value, keyword.key, keyword.node, schema: schema, at: path)
        }
    }

    private func check(
        _ value: JSONNode, _ keyword: String, _ argument: JSONNode, schema: JSONNode, at path: String
    ) throws -> [String] {
        let broken = ["\(path): \(keyword)"]
        switch keyword {
        case "$ref":
            guard let name = argument.text?.dropFirst("#/$defs/".count), let target = definition(String(name)) else {
                throw UnknownKeyword(keyword: "$ref \(argument)")
            }
            return try mistakes(in: value, schema: target, at: path)
        case "anyOf":
            let passes = try argument.elements.contains { try mistakes(in: value, schema: $0, at: path).isEmpty }
            return passes ? [] : broken
        case "not":
            return try mistakes(in: value, schema: argument, at: path).isEmpty ? broken : []
        case "type":
            let types = argument.text.map { [$0] } ?? argument.elements.compactMap(\.text)
            return types.contains { value.isOf(type: $0) } ? [] : broken
        case "enum":
            return argument.elements.contains { $0.value.isEqual(to: value.value) } ? [] : broken
        case "const":
            return argument.value.isEqual(to: value.value) ? [] : broken
        case "pattern":
            guard let text = value.text, let pattern = argument.text else { return [] }
            return try Regex(pattern).firstMatch(in: text) == nil ? broken : []
        case "minLength":
            guard let text = value.text, let least = argument.number else { return [] }
            return text.unicodeScalars.count < Int(least) ? broken : []
        case "minimum", "maximum":
            guard let number = value.number, let limit = argument.number else { return [] }
            return (keyword == "minimum" ? number < limit : number > limit) ? broken : []
        case "items":
            return try value.elements.enumerated().flatMap {
                try mistakes(in: $1, schema: argument, at: "\(path)[\($0)]")
            }
        case "required":
            guard case .object = value.value else { return [] }
            return argument.elements.compactMap(\.text).filter { value[$0] == nil }.map { "\(path): required \($0)" }
        case "properties":
            return try argument.members.flatMap { property in
                try value[property.key].map {
                    try mistakes(in: $0, schema: property.node, at: "\(path).\(property.key)")
                }
                    ?? []
            }
        case "patternProperties":
            return try argument.members.flatMap { pattern in
                try value.members.filter { try Regex(pattern.key).firstMatch(in: $0.key) != nil }.flatMap {
                    try mistakes(in: $0.node, schema: pattern.node, at: "\(path).\($0.key)")
                }
            }
        case "additionalProperties":
            return try value.members.filter { try !schema.evaluates(property: $0.key) }.flatMap {
                try mistakes(in: $0.node, schema: argument, at: "\(path).\($0.key)")
            }
        case "propertyNames":
            return try value.members.flatMap {
                let name = JSONNode(position: $0.keyPosition, value: .string($0.key))
                return try mistakes(in: name, schema: argument, at: "\(path).\($0.key)")
            }
        default:
            throw UnknownKeyword(keyword: keyword)
        }
    }
}

extension JSONNode {
    var members: [JSONMember] {
        if case .object(let members) = value { members } else { [] }
    }

    var elements: [JSONNode] {
        if case .array(let elements) = value { elements } else { [] }
    }

    var text: String? {
        if case .string(let text) = value { text } else { nil }
    }

    fileprivate var number: Double? {
        if case .number(let spelling) = value { Double(spelling) } else { nil }
    }

    subscript(key: String) -> JSONNode? {
        members.first { $0.key == key }?.node
    }

    /// The node without members that are null, which the decoder takes for absent.
    var withoutNulls: JSONNode {
        switch value {
        case .object(let members):
            let kept = members.filter { $0.node.value != .null }.map {
                JSONMember(key: $0.key, keyPosition: $0.keyPosition, node: $0.node.withoutNulls)
            }
            return JSONNode(position: position, value: .object(kept))
        case .null, .bool, .number, .string, .array: return self
        }
    }

    fileprivate func isOf(type: String) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number(let spelling): type == "number" || (type == "integer" && Int(spelling) != nil)
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    /// Whether this schema names a property, or its form.
    fileprivate func evaluates(property: String) throws -> Bool {
        if self["properties"]?[property] != nil { return true }
        return try (self["patternProperties"]?.members ?? []).contains {
            try Regex($0.key).firstMatch(in: property) != nil
        }
    }
}

extension JSONNode.Value {
    /// Whether two scalars are the same, wherever they stand.
    fileprivate func isEqual(to other: JSONNode.Value) -> Bool {
        switch (self, other) {
        case (.array, _), (.object, _): false
        default: self == other
        }
    }
}
