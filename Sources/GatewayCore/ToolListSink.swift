internal import JSONRPC
internal import NIOCore
internal import Supervision

/// Takes the tools that its client may not see out of a `tools/list` answer, and passes everything else on as it is.
struct ToolListSink: CallerSink {
    let admits: @Sendable (String) -> Bool
    let next: any CallerSink

    func deliver(_ message: ByteBuffer) -> Bool {
        next.deliver(message)
    }

    func finish(_ answer: Answer) {
        guard case .message(let bytes) = answer else { return next.finish(answer) }
        next.finish(.message(filtered(bytes)))
    }

    private func filtered(_ bytes: ByteBuffer) -> ByteBuffer {
        guard
            let message = try? Message(bytes),
            let range = message.envelope.result,
            let members = JSONOutline.members(of: message.slice(range)),
            let tools = members.first(where: { $0.key == "tools" })?.value,
            let elements = JSONOutline.elements(of: tools)
        else { return bytes }
        let admitted = elements.filter { tool in
            let name = JSONOutline.members(of: tool)?.first { $0.key == "name" }
            return name.flatMap { JSONOutline.string($0.value) }.map(admits) ?? false
        }
        guard admitted.count < elements.count else { return bytes }
        let list = JSONText.array(admitted)
        let result = JSONText.object(members.map { ($0.key, $0.key == "tools" ? list : $0.value) })
        return message.replacing((range, result))
    }
}
