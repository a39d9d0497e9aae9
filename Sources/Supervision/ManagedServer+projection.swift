internal import JSONRPC
internal import MCP
internal import NIOCore

// What a server of MCP 2026-07-28 answers, for callers of earlier revisions.

extension ManagedServer {
    /// The call as it is sent to this server: its answer is made one of its caller's revision, if that is an earlier one.
    func translated(_ call: PendingCall) -> PendingCall {
        guard let description, !description.isLegacy, let profile = call.context.profile,
            !(call.sink is LegacyResultSink)
        else { return call }
        // Others are only listened to.
        guard profile.revision.isLegacy || call.message.isMethod("tools/list") else { return call }
        let method = call.message.methodName ?? ""
        let sink = LegacyResultSink(
            server: self, method: method, tool: method == "tools/call" ? call.message.paramsName : nil,
            revision: profile.revision, next: call.sink)
        return PendingCall(
            call.message, id: call.id, caller: call.caller, sink: sink, context: call.context,
            wasReturned: call.wasReturned, subscribesTo: call.subscribesTo)
    }
}

/// Makes the answer to a call one of an earlier revision, or takes note of what others are told.
private struct LegacyResultSink: CallerSink {
    /// Which remembers what it has told of its tools.
    let server: ManagedServer
    let method: String
    let tool: String?
    let revision: ProtocolRevision
    let next: any CallerSink

    func deliver(_ message: ByteBuffer) -> Bool { next.deliver(message) }

    func finish(_ answer: Answer) {
        guard case .message(let bytes) = answer, let message = try? Message(bytes) else { return next.finish(answer) }
        guard revision.isLegacy else {
            server.assumeIsolated { $0.legacyResult.note(message) }
            return next.finish(answer)
        }
        let (method, tool, revision) = (method, tool, revision)
        let projected = server.assumeIsolated {
            $0.legacyResult.projecting(message, of: method, tool: tool, to: revision)
        }
        next.finish(.message(projected))
    }
}
