internal import JSONRPC
internal import NIOCore

/// The schemas of an OpenAPI document, `#/components/schemas`.
///
/// A tool's JSON Schema goes in as it is (OpenAPI 3.1 has JSON Schema 2020-12), only its references must change: what
/// one of them points to within the schema becomes a component of its own. References that lead back to where they come
/// from are cut, since Open WebUI follows every one of them, without end: what stands in their place accepts more, and
/// the server checks arguments in any case.
struct SchemaComponents {
    /// How many bytes are looked at for one document, those of nested schemas once for each level. What comes after that
    /// is described as an object and no further.
    static let workLimit = 32 << 20
    /// How many references in a row are followed.
    static let chainLimit = 32

    /// The components, in the order in which they were added.
    private(set) var members: [(key: String, value: ByteBuffer)] = []
    private var names: Set<String> = []
    private var work: Int

    init(workLimit: Int = Self.workLimit) {
        work = workLimit
    }

    /// Adds a component as it is.
    mutating func add(_ json: ByteBuffer, named name: String) {
        names.insert(name)
        members.append((name, json))
    }

    /// Adds a tool's schema and all that it refers to.
    ///
    /// - Parameter wanted: a name; another one is made of it if it cannot stand in a reference, or is taken.
    /// - Returns: the name.
    mutating func add(schema: ByteBuffer, wanted: String) -> String {
        var relocation = Relocation(root: schema, name: reserve(wanted), work: work)
        let count = members.count
        relocation.move("", schema, into: &self)
        work = relocation.work
        if work < 0 {
            members.removeSubrange(count...)
            members.append((relocation.rootName, ByteBuffer(string: #"{"type":"object"}"#)))
        }
        return relocation.rootName
    }

    fileprivate mutating func append(_ name: String, _ schema: ByteBuffer) {
        members.append((name, schema))
    }

    fileprivate mutating func reserve(_ wanted: String) -> String {
        let plain = String(decoding: wanted.utf8.map { Self.isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        var name = plain
        var number = 1
        while !names.insert(name).inserted {
            number += 1
            name = "\(plain)_\(number)"
        }
        return name
    }

    /// Whether a component may have this byte in its name (OpenAPI 3.1, Components Object).
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// The move of one tool's schema. What is pointed to is known by the pointer, the schema itself by the empty one.
private struct Relocation {
    let root: ByteBuffer
    let rootName: String
    /// Below zero when more has been looked at than may be.
    var work: Int
    private var names: [String: String]
    /// What is being moved, the outermost first: a reference to one of these leads back.
    private var open: [String] = []

    init(root: ByteBuffer, name: String, work: Int) {
        self.root = root
        self.work = work
        rootName = name
        names = ["": name]
    }

    /// Adds a schema, after those that it refers to.
    mutating func move(_ pointer: String, _ schema: ByteBuffer, into components: inout SchemaComponents) {
        open.append(pointer)
        let moved = rewritten(schema, into: &components)
        open.removeLast()
        components.append(names[pointer] ?? rootName, moved)
    }

    private mutating func rewritten(_ schema: ByteBuffer, into components: inout SchemaComponents) -> ByteBuffer {
        work -= schema.readableBytes
        guard work >= 0, let members = JSONOutline.members(of: schema) else { return schema }
        let isRoot = open.count == 1 && schema == root
        // A schema with an id of its own has references of its own.
        guard isRoot || !members.contains(where: { $0.key == "$id" }) else { return schema }
        var moved: [JSONOutline.Member] = []
        for (key, value) in members {
            switch key {
            case "$id", "$defs", "definitions": continue
            case "$ref": moved += reference(value, beside: members, into: &components)
            default: moved.append((key, part(key, value, into: &components)))
            }
        }
        return JSONText.object(moved)
    }

    /// The value of a keyword, if schemas are in it (JSON Schema 2020-12, and draft-07, which many servers write).
    private mutating func part(
        _ keyword: String, _ value: ByteBuffer, into components: inout SchemaComponents
    ) -> ByteBuffer {
        switch keyword {
        case "properties", "patternProperties", "dependentSchemas", "dependencies":
            guard let members = JSONOutline.members(of: value) else { return value }
            var moved: [JSONOutline.Member] = []
            for (name, schema) in members { moved.append((name, rewritten(schema, into: &components))) }
            return JSONText.object(moved)
        case "items", "additionalItems", "prefixItems", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
            "contains", "propertyNames", "additionalProperties", "unevaluatedItems", "unevaluatedProperties",
            "contentSchema":
            guard let elements = JSONOutline.elements(of: value) else { return rewritten(value, into: &components) }
            var moved: [ByteBuffer] = []
            for schema in elements { moved.append(rewritten(schema, into: &components)) }
            return JSONText.array(moved)
        default: return value
        }
    }

    /// What stands in the place of a reference.
    private mutating func reference(
        _ value: ByteBuffer, beside members: [JSONOutline.Member], into components: inout SchemaComponents
    ) -> [JSONOutline.Member] {
        guard let target = JSONOutline.string(value), target.hasPrefix("#") else { return [("$ref", value)] }
        let pointer = String(target.dropFirst())
        work -= root.readableBytes
        // One that points to nothing, or by an anchor, says nothing.
        guard work >= 0, let path = Self.path(of: pointer), let schema = Self.value(at: path, in: root) else {
            return []
        }
        guard !open.contains(pointer), open.count < SchemaComponents.chainLimit else {
            return JSONOutline.members(of: schema)?.filter { member in
                ["type", "description"].contains(member.key) && !members.contains { $0.key == member.key }
            } ?? []
        }
        if names[pointer] == nil {
            let isDefinition = ["$defs", "definitions"].contains(path.first)
            let parts = [rootName] + path.dropFirst(isDefinition ? 1 : 0)
            names[pointer] = components.reserve(parts.joined(separator: "_"))
            move(pointer, schema, into: &components)
        }
        return [("$ref", JSONText.quotedBuffer("#/components/schemas/\(names[pointer] ?? rootName)"))]
    }

    /// The segments of a JSON pointer in a fragment (RFC 6901 §6).
    private static func path(of pointer: String) -> [String]? {
        guard let decoded = PercentEncoding.decodeName(pointer) else { return nil }
        guard !decoded.isEmpty else { return [] }
        guard decoded.hasPrefix("/") else { return nil }
        return decoded.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
        }
    }

    private static func value(at path: [String], in json: ByteBuffer) -> ByteBuffer? {
        var value = json
        for segment in path {
            if let members = JSONOutline.members(of: value) {
                guard let found = members.first(where: { $0.key == segment }) else { return nil }
                value = found.value
            } else if let elements = JSONOutline.elements(of: value), let index = Int(segment),
                elements.indices.contains(index)
            {
                value = elements[index]
            } else {
                return nil
            }
        }
        return value
    }
}
