internal import JSONRPC
internal import NIOCore

/// What kind of result an answer has (MCP 2026-07-28 "Overview", result type).
enum ResultType: Equatable {
    /// The final one. Servers of earlier revisions do not say so.
    case complete
    /// The server wants to know something first.
    case inputRequired
    /// Another, of this name.
    case other(String)

    /// Reads it from a whole result.
    init(of result: ByteBuffer) {
        guard let value = JSONOutline.value(of: "resultType", in: result) else {
            self = .complete
            return
        }
        switch JSONOutline.string(value) {
        case "complete": self = .complete
        case "input_required": self = .inputRequired
        case let name: self = .other(name ?? "none")
        }
    }
}
