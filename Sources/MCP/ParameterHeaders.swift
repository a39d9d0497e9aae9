internal import JSONRPC
public import NIOCore

/// Which arguments of a tool go into header fields of their own: those whose schema has an `x-mcp-header`
/// (MCP 2026-07-28 "Streamable HTTP", custom headers from tool parameters).
public struct ParameterHeaders: Sendable, Equatable {
    /// One such argument.
    public struct Parameter: Sendable, Equatable {
        /// The names that lead to it from the arguments down.
        public let path: [String]
        /// What the field is called after `Mcp-Param-`.
        public let name: String
    }

    /// A field of a request.
    public typealias Field = (name: String, value: String)

    /// Why a tool must not be offered to anybody.
    public struct Invalid: Error, Sendable, Equatable {
        /// The reason, as a clause.
        public let reason: String
    }

    /// What every field's name begins with.
    public static let prefix = "Mcp-Param-"

    /// In the order of the schema.
    public private(set) var parameters: [Parameter] = []

    /// Reads the `inputSchema` of a tool. Nothing that a `$ref` names is looked at, and nothing is fetched.
    ///
    /// - Throws: `Invalid` when an `x-mcp-header` stands where none may, or is none.
    public init(inputSchema: ByteBuffer) throws(Invalid) {
        guard Self.mayHaveAny(inputSchema) else { return }
        var names: Set<String> = []
        try read(inputSchema, at: [], names: &names)
    }

    /// Whether anything in this JSON text may be an `x-mcp-header`: mostly, nothing is. One that is written with escapes
    /// is none for anybody.
    public static func mayHaveAny(_ json: ByteBuffer) -> Bool {
        let key = Array("x-mcp-header".utf8)
        return json.withUnsafeReadableBytes { bytes in
            guard bytes.count >= key.count else { return false }
            var index = 0
            while index <= bytes.count - key.count {
                if bytes[index] == key[0], key.indices.allSatisfy({ bytes[index + $0] == key[$0] }) { return true }
                index += 1
            }
            return false
        }
    }

    /// The fields of a call with these arguments. An argument that is absent, null, an object or an array has none.
    public func fields(of arguments: ByteBuffer?) -> [Field] {
        guard let arguments, !parameters.isEmpty else { return [] }
        return parameters.compactMap { parameter in
            Self.value(at: parameter.path[...], in: arguments).flatMap(Self.text).map { text in
                (Self.prefix + parameter.name, HeaderValue.encoded(text))
            }
        }
    }

    // MARK: The schema

    private static let types: Set<String> = ["string", "integer", "boolean"]
    /// What else a schema holds that is a schema (JSON Schema 2020-12 §10, §11): one, several, or several by name.
    private static let single: Set<String> = [
        "items", "contains", "unevaluatedItems", "additionalProperties", "propertyNames", "unevaluatedProperties",
        "not",
        "if", "then", "else", "contentSchema", "additionalItems",
    ]
    private static let listed: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems", "items"]
    private static let named: Set<String> = [
        "patternProperties", "dependentSchemas", "$defs", "definitions", "dependencies",
    ]

    /// - Parameter path: the properties that lead here; `nil` where something else leads here, too.
    private mutating func read(
        _ schema: ByteBuffer, at path: [String]?, names: inout Set<String>
    ) throws(Invalid) {
        guard let members = JSONOutline.members(of: schema) else { return }
        if let header = members.first(where: { $0.key == "x-mcp-header" })?.value {
            try take(header, of: members, at: path, names: &names)
        }
        for (key, value) in members {
            if key == "properties" {
                for (name, schema) in JSONOutline.members(of: value) ?? [] {
                    try read(schema, at: path.map { $0 + [name] }, names: &names)
                }
                continue
            }
            if Self.single.contains(key) { try read(value, at: nil, names: &names) }
            if Self.listed.contains(key) {
                for schema in JSONOutline.elements(of: value) ?? [] { try read(schema, at: nil, names: &names) }
            }
            if Self.named.contains(key) {
                for (_, schema) in JSONOutline.members(of: value) ?? [] { try read(schema, at: nil, names: &names) }
            }
        }
    }

    private mutating func take(
        _ header: ByteBuffer, of schema: [JSONOutline.Member], at path: [String]?, names: inout Set<String>
    ) throws(Invalid) {
        guard let path, !path.isEmpty else {
            throw Invalid(reason: "an x-mcp-header stands where more than properties lead to")
        }
        let place = "the x-mcp-header of \"\(path.joined(separator: "."))\""
        guard let name = JSONOutline.string(header), Self.isToken(name) else {
            throw Invalid(reason: "\(place) is no name of a header field")
        }
        let type = schema.first { $0.key == "type" }.flatMap { JSONOutline.string($0.value) }
        guard let type, Self.types.contains(type) else {
            throw Invalid(reason: "\(place) stands beside another type than string, integer or boolean")
        }
        guard names.insert(name.lowercased()).inserted else {
            throw Invalid(reason: "\(place) is another's, too")
        }
        parameters.append(Parameter(path: path, name: name))
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    // MARK: The arguments

    static func value(at path: ArraySlice<String>, in object: ByteBuffer) -> ByteBuffer? {
        guard let name = path.first else { return object }
        guard let next = JSONOutline.members(of: object)?.last(where: { $0.key == name })?.value else { return nil }
        return value(at: path.dropFirst(), in: next)
    }

    /// A string, a number or a truth value as text.
    static func text(_ value: ByteBuffer) -> String? {
        switch value.readableBytesView.first ?? 0 {
        case UInt8(ascii: "\""): return JSONOutline.string(value)
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return String(buffer: value)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return decimal(String(buffer: value))
        default: return nil
        }
    }

    /// `1e2` and `42.0` are integers as well, and written as such.
    private static func decimal(_ number: String) -> String {
        let isPlain = number.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard !isPlain, let value = Double(number), let integer = Int(exactly: value), abs(integer) < 1 << 53 else {
            return number
        }
        return String(integer)
    }
}
