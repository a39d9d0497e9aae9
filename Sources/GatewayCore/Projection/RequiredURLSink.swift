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
        func member(_ key: String, of members: [JSONOutline.Member]) -> ByteBuffer? {
            members.first { $0.key == key }?.value
        }
        guard member("code", of: members).map({ String(buffer: $0) }) == "-32042" else { return nil }
        let list = member("data", of: members).flatMap { JSONOutline.members(of: $0) }
            .flatMap { member("elicitations", of: $0) }.flatMap { JSONOutline.elements(of: $0) }
        let urls = (list ?? []).compactMap { JSONOutline.members(of: $0) }
            .compactMap { member("url", of: $0).flatMap(JSONOutline.string) }
        let text = member("message", of: members).flatMap(JSONOutline.string) ?? "A URL has to be visited first"
        return MessageBuilder.error(
            id: id, code: ErrorCode.internalError.rawValue, message: ([text] + urls).joined(separator: " "), data: error
        )
    }
}
