public import JSONRPC
public import NIOCore

/// Results of a server of MCP 2026-07-28 as clients of earlier revisions know them: without what those do not have, and
/// with structured content that is an object, as it had to be until then.
public struct LegacyResult: Sendable {
    /// The tools whose structured content is wrapped, because what they declare is no object: both must agree.
    private var wrapped: Set<String> = []

    /// How many such tools are remembered; of more, the content decides.
    private static let capacity = 10_000

    /// Nothing is known of any tool.
    public init() {}

    /// The response to a call of `method` as a client of `revision` gets it.
    ///
    /// - Parameter tool: the name of the tool that was called, if one was.
    public mutating func projecting(
        _ response: Message, of method: String, tool: String?, to revision: ProtocolRevision
    ) -> ByteBuffer {
        guard let range = response.envelope.result, var members = JSONOutline.members(of: response.slice(range)) else {
            return (method == "resources/read" ? Self.notFound(response) : nil) ?? response.singleLine
        }
        members.removeAll { Self.withheld.contains($0.key) }
        Self.clean(&members)
        switch method {
        case "tools/list": projectTools(in: &members, to: revision)
        case "tools/call": projectContent(of: tool, in: &members, to: revision)
        default: break
        }
        return response.replacing((range, JSONText.object(members)))
    }

    /// Takes note of what a client of a newer revision is told of its tools, for those of earlier ones who call them.
    public mutating func note(_ response: Message) {
        guard response.bytes.contains("outputSchema"),
            let members = response.envelope.result.map(response.slice).flatMap(JSONOutline.members),
            let tools = members.first(where: { $0.key == "tools" }).flatMap({ JSONOutline.elements(of: $0.value) })
        else { return }
        for tool in tools { _ = projecting(tool: tool, to: .newestLegacy) }
    }

    private static let withheld: Set<String> = ["resultType", "ttlMs", "cacheScope"]

    /// A resource that does not exist has an error of its own until 2025-11-25 ("Resources", error handling: -32002); in
    /// 2026-07-28 its parameters are wrong, and `data` names it. `nil` for any other error.
    private static func notFound(_ response: Message) -> ByteBuffer? {
        guard let range = response.envelope.error, var members = JSONOutline.members(of: response.slice(range)),
            let code = members.firstIndex(where: { $0.key == "code" }),
            String(buffer: members[code].value) == String(ErrorCode.invalidParams.rawValue),
            let data = members.first(where: { $0.key == "data" }).flatMap({ JSONOutline.members(of: $0.value) }),
            data.contains(where: { $0.key == "uri" })
        else { return nil }
        members[code].value = ByteBuffer(string: String(ErrorCode.resourceNotFound.rawValue))
        return response.replacing((range, JSONText.object(members)))
    }

    /// Takes out of `_meta` what the specification keeps there for itself.
    private static func clean(_ members: inout [JSONOutline.Member]) {
        guard let index = members.firstIndex(where: { $0.key == "_meta" }),
            let meta = JSONOutline.members(of: members[index].value)
        else { return }
        let rest = meta.filter { !$0.key.hasPrefix("io.modelcontextprotocol/") }
        if rest.isEmpty {
            members.remove(at: index)
        } else if rest.count < meta.count {
            members[index].value = JSONText.object(rest)
        }
    }

    // MARK: Structured content

    private mutating func projectTools(in members: inout [JSONOutline.Member], to revision: ProtocolRevision) {
        guard let index = members.firstIndex(where: { $0.key == "tools" }),
            let tools = JSONOutline.elements(of: members[index].value)
        else { return }
        members[index].value = JSONText.array(tools.map { projecting(tool: $0, to: revision) })
    }

    private mutating func projecting(tool: ByteBuffer, to revision: ProtocolRevision) -> ByteBuffer {
        guard var members = JSONOutline.members(of: tool),
            let index = members.firstIndex(where: { $0.key == "outputSchema" })
        else { return tool }
        let schema = members[index].value
        let type = JSONOutline.members(of: schema)?.first { $0.key == "type" }.flatMap { JSONOutline.string($0.value) }
        let isWrapped = type != "object"
        if isWrapped, let name = members.first(where: { $0.key == "name" }).flatMap({ JSONOutline.string($0.value) }) {
            if wrapped.count < Self.capacity { wrapped.insert(name) }
        }
        guard revision >= .r2025_06_18 else {
            members.remove(at: index)
            return JSONText.object(members)
        }
        guard isWrapped else { return tool }
        let inner = JSONText.object([("result", Self.rebased(schema, depth: 0))])
        members[index].value = JSONText.object([
            ("type", JSONText.quotedBuffer("object")), ("properties", inner),
            ("required", JSONText.array([JSONText.quotedBuffer("result")])),
        ])
        return JSONText.object(members)
    }

    private func projectContent(
        of tool: String?, in members: inout [JSONOutline.Member], to revision: ProtocolRevision
    ) {
        guard let index = members.firstIndex(where: { $0.key == "structuredContent" }) else { return }
        let value = members[index].value
        if revision < .r2025_06_18 {
            members.remove(at: index)
        } else if JSONOutline.members(of: value) == nil || tool.map(wrapped.contains) == true {
            members[index].value = JSONText.object([("result", value)])
        }
        // Clients before it knew of structured content see text only.
        let content = members.firstIndex { $0.key == "content" }
        let blocks = content.flatMap { JSONOutline.elements(of: members[$0].value) } ?? []
        guard blocks.isEmpty else { return }
        let text = JSONText.object([
            ("type", JSONText.quotedBuffer("text")), ("text", JSONText.quotedBuffer(String(buffer: value))),
        ])
        if let content { members.remove(at: content) }
        members.insert(("content", JSONText.array([text])), at: 0)
    }

    /// A schema that stands one level deeper than it was written for: references to its root lead there.
    private static func rebased(_ schema: ByteBuffer, depth: Int) -> ByteBuffer {
        guard depth < 64, schema.contains("$ref") else { return schema }
        if let members = JSONOutline.members(of: schema) {
            return JSONText.object(
                members.map { key, value in
                    guard key == "$ref", let target = JSONOutline.string(value) else {
                        return (key, rebased(value, depth: depth + 1))
                    }
                    guard target == "#" || target.hasPrefix("#/") else { return (key, value) }
                    return (key, JSONText.quotedBuffer("#/properties/result" + target.dropFirst()))
                })
        }
        guard let elements = JSONOutline.elements(of: schema) else { return schema }
        return JSONText.array(elements.map { rebased($0, depth: depth + 1) })
    }
}
