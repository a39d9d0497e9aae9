internal import JSONRPC
internal import NIOCore

/// A tool as far as OpenAPI tells of it.
struct OpenAPITool {
    /// The name, by which it is called.
    let name: String
    let description: String?
    let inputSchema: ByteBuffer
    let outputSchema: ByteBuffer?

    /// Reads a `Tool` (MCP "Tools", data types); `nil` if it has no name.
    init?(_ json: ByteBuffer) {
        let members = JSONOutline.members(of: json) ?? []
        func member(_ key: String) -> ByteBuffer? { members.last { $0.key == key }?.value }
        guard let name = member("name").flatMap({ JSONOutline.string($0) }), !name.isEmpty else { return nil }
        self.name = name
        description = member("description").flatMap { JSONOutline.string($0) }
        inputSchema = member("inputSchema") ?? ByteBuffer(string: "{}")
        outputSchema = member("outputSchema").flatMap { JSONOutline.members(of: $0) == nil ? nil : $0 }
    }

    /// Whether it has a path of its own. Clients take `.` and `..` out of paths before they send them, encoded too
    /// (RFC 3986 §5.2.4 and §6.2.2, WHATWG "URL").
    var hasPath: Bool { name != "." && name != ".." }

    /// Where it is called, below its route.
    var path: String { "/" + PercentEncoding.segment(name) }

    /// What people read: the name's words in capitals, as Python's `str.title` makes them and mcpo shows them.
    var title: String {
        var title = ""
        var isInWord = false
        for character in name {
            let shown = character == "_" ? " " : isInWord ? character.lowercased() : character.uppercased()
            title += shown
            isInWord = character.isLetter
        }
        return title
    }

    /// Whether it can be given anything. Open WebUI calls tools that are given nothing without a body, and some versions
    /// of it fail where one is declared.
    var takesArguments: Bool {
        (JSONOutline.members(of: inputSchema) ?? []).contains { key, value in
            switch key {
            case "properties", "patternProperties":
                JSONOutline.members(of: value)?.isEmpty == false
            case "additionalProperties": value != ByteBuffer(string: "false")
            case "$ref", "allOf", "anyOf", "oneOf": true
            default: false
            }
        }
    }

    /// What FastAPI makes of the name: whatever is neither letter nor digit is `_`.
    var operationID: String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.map {
                    let isWordly = $0.properties.isAlphabetic || $0.properties.numericType != nil
                    return isWordly ? $0 : "_"
                }))
    }
}

/// What tools are called in one document: no two of them the same.
struct OperationNames {
    let style: OpenAPISettings.OperationIDs
    private var taken: Set<String> = []

    init(_ style: OpenAPISettings.OperationIDs) {
        self.style = style
    }

    /// The `operationId` of the next tool.
    mutating func name(of tool: OpenAPITool) -> String {
        let wanted =
            switch style {
            case .mcpo: "tool_\(tool.operationID)_post"
            case .plain: tool.name
            }
        var name = wanted
        var number = 1
        while !taken.insert(name).inserted {
            number += 1
            name = "\(wanted)_\(number)"
        }
        return name
    }
}
