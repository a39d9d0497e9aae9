internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// Makes an error that wants URLs visited first (MCP 2025-11-25 "URL Elicitation Required", -32042) one that clients of
/// before can show: its text names the URLs, and the server's own error is its `data`.
struct RequiredURLSink: CallerSink {
    let next: any CallerSink

    func deliver(_ message: ByteBuffer) -> Bool {
        next.deliver(message)
    }

    func finish(_ answer: Answer) {
        guard case .message(let bytes) = answer, bytes.contains("-32042"), let projected = projected(bytes) else {
            return next.finish(answer)
        }
        next.finish(.message(projected))
    }

    private func projected(_ bytes: ByteBuffer) -> ByteBuffer? {
        guard let message = try? Message(bytes), let id = message.id, let error = message.error,
            let members = JSONOutline.members(of: error)
        else { return nil }
        guard members.contains(where: { $0.key == "code" && String(buffer: $0.value) == "-32042" }) else { return nil }
        let urls = RequiredURLs(of: error)?.urls ?? []
        let said = members.first { $0.key == "message" }.flatMap { JSONOutline.string($0.value) }
        let text = said ?? "A URL has to be visited first"
        return MessageBuilder.error(
            id: id, code: ErrorCode.internalError.rawValue, message: ([text] + urls).joined(separator: " "), data: error
        )
    }
}
