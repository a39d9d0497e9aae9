internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// Passes on what comes of a call to one of an aggregate's members, as clients of the aggregate must read it.
struct MemberSink: CallerSink {
    let aggregate: Aggregate
    let server: String
    let method: String
    let next: any CallerSink

    func deliver(_ message: ByteBuffer) -> Bool {
        next.deliver(aggregate.translated(notification: message, from: server))
    }

    func finish(_ answer: Answer) {
        switch answer {
        case .message(let bytes):
            next.finish(.message(aggregate.translated(answer: bytes, to: method, from: server)))
        case .unavailable(let unavailability, let id) where method == "tools/call":
            // An error of the protocol is seen by the client, and what a tool says by the model, which can act on it.
            let content = JSONText.object([
                ("type", JSONText.quotedBuffer("text")), ("text", JSONText.quotedBuffer(unavailability.reason)),
            ])
            let result = JSONText.object([
                ("content", JSONText.array([content])), ("isError", ByteBuffer(string: "true")),
            ])
            next.finish(.message(MessageBuilder.result(id: id, result)))
        case .unavailable, .cancelled:
            next.finish(answer)
        }
    }
}

/// Tries one member after another for a resource that nobody is known to have.
struct AttemptSink: CallerSink {
    let next: any CallerSink
    /// Tries the next one.
    let fail: @Sendable () -> Void

    func deliver(_ message: ByteBuffer) -> Bool { next.deliver(message) }

    func finish(_ answer: Answer) {
        switch answer {
        case .message(let bytes):
            if (try? Message(bytes))?.error == nil { next.finish(answer) } else { fail() }
        case .unavailable: fail()
        case .cancelled: next.finish(answer)
        }
    }
}
