internal import JSONRPC
internal import MCP
internal import NIOCore

/// What is known of the tools of a server over HTTP: which of their arguments go into header fields, and which tools
/// nobody may see (MCP 2026-07-28 "Streamable HTTP", custom headers from tool parameters).
struct ToolHeaders {
    /// A tool that was left out, and why.
    struct Dropped: Equatable {
        let name: String
        let reason: String
    }

    /// The arguments of more tools than that are in no header fields, and calls may be refused for it.
    static let limit = 4096

    private var headers: [String: ParameterHeaders] = [:]

    /// Takes a page of `tools/list`.
    ///
    /// - Returns: the page without tools that must not be seen, or `nil` if there are none; and those.
    mutating func read(_ result: ByteBuffer) -> (kept: ByteBuffer?, dropped: [Dropped]) {
        // Nearly no server uses them, and then there is nothing to be looked for but names to be forgotten.
        guard ParameterHeaders.mayHaveAny(result) || !headers.isEmpty else { return (nil, []) }
        guard let members = JSONOutline.members(of: result),
            let tools = members.first(where: { $0.key == "tools" }).flatMap({ JSONOutline.elements(of: $0.value) })
        else { return (nil, []) }
        var kept: [ByteBuffer] = []
        var dropped: [Dropped] = []
        for tool in tools {
            let name = Self.string("name", of: tool) ?? ""
            do throws(ParameterHeaders.Invalid) {
                let schema = JSONOutline.members(of: tool)?.first { $0.key == "inputSchema" }?.value
                let found = try schema.map { schema throws(ParameterHeaders.Invalid) in
                    try ParameterHeaders(inputSchema: schema)
                }
                headers[name] = nil
                if let found, !found.parameters.isEmpty, headers.count < Self.limit { headers[name] = found }
                kept.append(tool)
            } catch {
                headers[name] = nil
                dropped.append(Dropped(name: name, reason: error.reason))
            }
        }
        guard !dropped.isEmpty else { return (nil, []) }
        return (JSONText.object(members.map { $0.key == "tools" ? ($0.key, JSONText.array(kept)) : $0 }), dropped)
    }

    /// The fields that go with a `tools/call`.
    func fields(of call: Message) -> [ParameterHeaders.Field] {
        guard !headers.isEmpty, let name = call.paramsName, let tool = headers[name] else { return [] }
        let arguments = call.params.flatMap(JSONOutline.members)?.first { $0.key == "arguments" }?.value
        return tool.fields(of: arguments)
    }

    /// Where the next page of this one is.
    static func nextCursor(of result: ByteBuffer) -> ByteBuffer? {
        JSONOutline.members(of: result)?.first { $0.key == "nextCursor" }
            .flatMap { JSONOutline.string($0.value) == nil ? nil : $0.value }
    }

    private static func string(_ key: String, of object: ByteBuffer) -> String? {
        JSONOutline.members(of: object)?.first { $0.key == key }.flatMap { JSONOutline.string($0.value) }
    }
}
