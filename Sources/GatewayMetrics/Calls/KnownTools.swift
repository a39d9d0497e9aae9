internal import JSONRPC
internal import NIOCore

/// The names of tools that have a label of their own: those that a server has listed. A client can call any name, and
/// each label costs memory, here and where metrics are kept.
struct KnownTools {
    /// The label of every other.
    static let unknown = "_unknown"
    /// More than anybody's model can choose from.
    static let limit = 512

    private var names: Set<String> = []
    /// Whether the next list is worth being read: none was, or a tool was called since that no list had.
    private(set) var isCurious = true

    /// The label of a tool.
    mutating func label(of tool: String) -> String {
        if names.contains(tool) { return tool }
        isCurious = names.count < Self.limit
        return Self.unknown
    }

    /// Learns the names in an answer to `tools/list`.
    mutating func learn(from answer: ByteBuffer) {
        isCurious = false
        guard let result = JSONOutline.value(of: "result", in: answer),
            let tools = JSONOutline.value(of: "tools", in: result).flatMap(JSONOutline.elements)
        else { return }
        for tool in tools where names.count < Self.limit {
            guard let name = JSONOutline.value(of: "name", in: tool).flatMap(JSONOutline.string) else { continue }
            names.insert(name)
        }
    }
}
