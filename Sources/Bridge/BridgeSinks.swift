internal import GatewayCore
internal import NIOCore
internal import Supervision

/// Writes what comes of one call of a session.
struct SessionSink: CallerSink {
    let output: any BridgeOutput
    let onAnswer: @Sendable () -> Void

    func deliver(_ message: ByteBuffer) -> Bool {
        output.write(message: message)
        return true
    }

    func finish(_ answer: Answer) {
        switch answer {
        case .message(let message): output.write(message: message)
        case .unavailable(let unavailability, let id): output.write(message: unavailability.message(for: id))
        // The client that cancelled does not wait (MCP "Cancellation").
        case .cancelled: break
        }
        onAnswer()
    }
}

/// Writes what comes of one request without a session.
final class RequestSink: StatelessSink {
    private let output: any BridgeOutput
    private let onAnswer: @Sendable () -> Void

    init(output: any BridgeOutput, onAnswer: @escaping @Sendable () -> Void) {
        self.output = output
        self.onAnswer = onAnswer
    }

    func deliver(_ message: ByteBuffer) -> Bool {
        output.write(message: message)
        return true
    }

    func finish(_ answer: StatelessAnswer) {
        output.write(message: answer.message)
        onAnswer()
    }
}

/// Writes what belongs to no call of a session. Over stdio everything goes the same way.
final class OutputStream: SessionStream {
    private let output: any BridgeOutput

    init(_ output: any BridgeOutput) {
        self.output = output
    }

    func deliver(_ message: ByteBuffer) {
        output.write(message: message)
    }

    func end() {}
}
