internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// What is known of the tools of a server over HTTP: which of their arguments go into header fields, and which tools
/// nobody may see (MCP 2026-07-28 "Streamable HTTP", custom headers from tool parameters).
struct ToolHeaders {
    /// The arguments of more tools than that are in no header fields, and calls may be refused for it.
    static let limit = 4096

    /// How many of the tools that are left out are told.
    static let hiddenLimit = 256

    /// The tools that are left out, as far as they are told.
    private(set) var hidden: [HiddenTool] = []
    private var headers: [ExactText: ParameterHeaders] = [:]

    /// Takes a page of `tools/list`.
    ///
    /// - Returns: the page without tools that must not be seen, or `nil` if there are none; and whether `hidden` is
    ///   another now.
    mutating func read(_ result: ByteBuffer) -> (kept: ByteBuffer?, hidesOthers: Bool) {
        // Nearly no server uses them, and then there is nothing to be looked for but names to be forgotten.
        guard ParameterHeaders.mayHaveAny(result) || !headers.isEmpty || !hidden.isEmpty else { return (nil, false) }
        guard let members = JSONOutline.members(of: result),
            let tools = members.first(where: { $0.key == "tools" }).flatMap({ JSONOutline.elements(of: $0.value) })
        else { return (nil, false) }
        let former = hidden
        var kept: [ByteBuffer] = []
        for tool in tools {
            let name = Self.string("name", of: tool) ?? ""
            let key = ExactText(name)
            do throws(ParameterHeaders.Invalid) {
                let schema = JSONOutline.members(of: tool)?.first { $0.key == "inputSchema" }?.value
                let found = try schema.map { schema throws(ParameterHeaders.Invalid) in
                    try ParameterHeaders(inputSchema: schema)
                }
                headers[key] = nil
                if let found, !found.parameters.isEmpty, headers.count < Self.limit { headers[key] = found }
                show(name)
                kept.append(tool)
            } catch {
                headers[key] = nil
                hide(HiddenTool(name: name, reason: error.reason))
            }
        }
        guard kept.count < tools.count else { return (nil, hidden != former) }
        let page = JSONText.object(members.map { $0.key == "tools" ? ($0.key, JSONText.array(kept)) : $0 })
        return (page, hidden != former)
    }

    private mutating func hide(_ tool: HiddenTool) {
        if let index = index(of: tool.name) {
            hidden[index] = tool
        } else if hidden.count < Self.hiddenLimit {
            hidden.append(tool)
        }
    }

    private mutating func show(_ name: String) {
        if let index = index(of: name) { hidden.remove(at: index) }
    }

    private func index(of name: String) -> Int? {
        hidden.firstIndex { ExactText($0.name) == ExactText(name) }
    }

    /// The fields that go with a `tools/call`.
    func fields(of call: Message) -> [ParameterHeaders.Field] {
        guard !headers.isEmpty, let name = call.paramsName, let tool = headers[ExactText(name)] else { return [] }
        let arguments = call.params.flatMap(JSONOutline.members)?.last { $0.key == "arguments" }?.value
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
