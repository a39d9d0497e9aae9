internal import JSONRPC
internal import MCP
internal import NIOCore

// What a server is asked and what it answers, as its caller and the gateway know it.

extension ManagedServer {
    /// The call as it is sent to this server: without tasks, and its answer is made one of its caller's revision, if
    /// that is an earlier one.
    func translated(_ call: PendingCall) -> PendingCall {
        if call.message.envelope.paramsHaveTask, call.message.isMethod("tools/call") {
            return projected(call.with(TaskFields.removed(from: call.message), call.sink))
        }
        guard call.message.isMethod("tools/list") else { return projected(call) }
        // It may have been sent once and come back.
        guard !(call.sink is TasklessListSink) else { return call }
        let projected = projected(call)
        return projected.with(projected.message, TasklessListSink(next: projected.sink))
    }

    private func projected(_ call: PendingCall) -> PendingCall {
        guard description?.isLegacy == false, let profile = call.context.profile, profile.revision.isLegacy,
            !(call.sink is LegacyResultSink)
        else { return call }
        let method = call.message.methodName ?? ""
        let sink = LegacyResultSink(
            server: self, method: method, tool: method == "tools/call" ? call.message.paramsName : nil,
            revision: profile.revision, next: call.sink)
        return call.with(call.message, sink)
    }
}

/// Takes out of a list of tools what the gateway does not carry.
private struct TasklessListSink: CallerSink {
    let next: any CallerSink

    func deliver(_ message: ByteBuffer) -> Bool { next.deliver(message) }

    func finish(_ answer: Answer) {
        guard case .message(let bytes) = answer, let message = try? Message(bytes) else { return next.finish(answer) }
        next.finish(.message(TaskFields.hidden(in: message)))
    }
}

/// Makes the answer to a call one of an earlier revision.
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
        let (method, tool, revision) = (method, tool, revision)
        let projected = server.assumeIsolated {
            $0.legacyResult.projecting(message, of: method, tool: tool, to: revision)
        }
        next.finish(.message(projected))
    }
}
